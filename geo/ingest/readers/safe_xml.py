"""XML that declares nothing and refers to nothing, before any reader sees it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING
from xml.etree.ElementTree import ParseError

from geo.ingest.base.model import FileRejectedError
from geo.ingest.base.safe_text import printable

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_ENCODING = re.compile(rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")


def parsed(body: bytes, what: str) -> Element:
    """Return the root of an XML document.

    Raises
    ------
    RefusedError
        When it is not well-formed, declares entities, or names something outside of itself.
    """
    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    try:
        return fromstring(body)
    except DefusedXmlException as error:
        why = (
            f"Its XML declares entities or refers to something outside of the file "
            f"({type(error).__name__}): that is how files attack their readers."
        )
        raise FileRejectedError(why, f"Export it as {what} again, without a DOCTYPE.") from error
    except ParseError as error:
        line, column = error.position
        said = printable(str(error).partition(":")[0], 80)
        why = f"Its XML breaks at line {line}, column {column + 1} ({said})."
        raise FileRejectedError(why, "Copy or export it again, whole.") from error
    except (ValueError, LookupError) as error:
        why = f"Its XML is in an encoding that cannot be read ({printable(error, 80)})."
        raise FileRejectedError(why, "Save it as UTF-8.") from error
    except RecursionError as error:
        raise FileRejectedError("Its XML is nested too deeply.", "Export it again.") from error


def encoding_said(body: bytes) -> str:
    """Return the encoding that an XML document names, "utf-8" where it names none."""
    if body[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16"
    found = _ENCODING.search(body[:300])
    return found[1].decode("ascii").lower() if found else "utf-8"


def local(element: Element) -> str:
    """Return an element's name without its namespace."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def children(element: Element, name: str) -> Iterator[Element]:
    """Return the children of a name, in any namespace."""
    return (one for one in element if local(one) == name)


def child(element: Element, name: str) -> Element | None:
    """Return the first child of a name, in any namespace."""
    return next(children(element, name), None)


def text_of(element: Element | None) -> str | None:
    """Return all text in an element, None where there is no element or nothing in it."""
    if element is None:
        return None
    text = element.text or ""
    if len(element):
        text = "".join(element.itertext())
    return text.strip() or None
