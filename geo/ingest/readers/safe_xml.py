"""Parse XML without entities and external references; helpers that ignore namespaces."""

import re
from collections.abc import Sequence
from html.entities import html5
from typing import NamedTuple
from xml.etree.ElementTree import Element, ParseError
from xml.parsers.expat import errors

import numpy as np
import shapely

from geo.ingest.base.column_types import build_frame
from geo.ingest.base.diagnostics import Diagnostics, RawTable
from geo.ingest.base.model import FileRejectedError
from geo.ingest.base.safe_text import printable, quote_names
from geo.ingest.readers.encoding import decode_text
from geo.store.core.normalise import parse_crs

_ENCODING = re.compile(rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")

_PREFIX = re.compile(
    rb"</?([A-Za-z_][\w.-]{0,40}):[A-Za-z_]|[\s\"']([A-Za-z_][\w.-]{0,40}):[\w.-]{1,40}\s?="
)
_AMPERSAND = re.compile(
    rb"<!\[CDATA\[.*?\]\]>|&(?!#|(?:amp|lt|gt|quot|apos);)([A-Za-z][A-Za-z0-9]{1,40};)?", re.DOTALL
)
_DECLARED = re.compile(rb"xmlns:([A-Za-z_][\w.-]{0,40})\s*=")
_ROOT = re.compile(rb"<[A-Za-z_][\w.:-]*")


def parse_xml(body: bytes, what: str, roots: Sequence[str], log: Diagnostics) -> Element:
    """Return the root of an XML document of a format, ``what``, and set the encoding.

    Raises FileRejectedError if it is not well-formed, declares entities, refers to an external
    resource, or has another root.
    """
    from defusedxml import DefusedXmlException

    declared = _ENCODING.search(body[:300])
    log.encoding = declared[1].decode("ascii").lower() if declared else "utf-8"
    if body[:2] in (b"\xff\xfe", b"\xfe\xff"):
        log.encoding = "utf-16"
    try:
        root = _parse(body, log)
    except DefusedXmlException as error:
        why = "Its XML declares entities or refers to something outside of the file, as an attack "
        why += f"does ({type(error).__name__})."
        raise FileRejectedError(why, f"Export it as {what} again, without a DOCTYPE.") from error
    except ParseError as error:
        line, column = error.position
        cause = printable(str(error).partition(":")[0], 80)
        why = f"Its XML breaks at line {line}, column {column + 1} ({cause})."
        raise FileRejectedError(why, "Copy or export it again, whole.") from error
    except (ValueError, LookupError) as error:
        why = f"Its XML is in an encoding that cannot be read ({printable(error, 80)})."
        raise FileRejectedError(why, "Save it as UTF-8.") from error
    except RecursionError as error:
        raise FileRejectedError("Its XML is nested too deeply.", "Export it again.") from error
    if (name := local_name(root)) not in roots:
        why = f"It is XML, but not {what}: its root is “{name[:40]}”."
        raise FileRejectedError(why, f"Export it as {what}.")
    return root


def _parse(body: bytes, log: Diagnostics) -> Element:
    """Parse a document, after mending the faults that other programs do not mind."""
    from defusedxml.ElementTree import fromstring

    mended: set[int] = set()
    while True:
        try:
            root: Element = fromstring(body)
        except ParseError as error:
            mend = _MENDS.get(error.code)
            if mend is None or error.code in mended:
                raise
            mended.add(error.code)
            body = mend(body, log)
        else:
            return root


def _declare_prefixes(body: bytes, log: Diagnostics) -> bytes:
    """Declare the prefixes of a document that it uses only, such as gx: in KML."""
    names = {(one[1] or one[2]).decode() for one in _PREFIX.finditer(body)}
    names -= {one[1].decode() for one in _DECLARED.finditer(body)} | {"xml", "xmlns"}
    if not names or not (root := _ROOT.search(body)):
        return body
    log.inform(f"Its XML uses the prefixes {quote_names(sorted(names))} without declaring them.")
    added = "".join(f' xmlns:{name}="{name}"' for name in sorted(names))
    return body[: root.end()] + added.encode() + body[root.end() :]


def _cut_start(body: bytes, log: Diagnostics) -> bytes:
    """Leave out blank lines before the XML declaration."""
    return body.lstrip(b"\xef\xbb\xbf \t\r\n")


def _decode(body: bytes, log: Diagnostics) -> bytes:
    """Return text that is not in the UTF-8 which it claims, or claims by silence, as UTF-8."""
    declared = _ENCODING.search(body[:300])
    if declared and declared[1].lower() not in (b"utf-8", b"utf8"):
        return _escape(body, log)
    return _escape(decode_text(body, log).encode(), log)


def _escape(body: bytes, log: Diagnostics) -> bytes:
    """Escape each & that begins no entity of XML; those of HTML become their letters."""

    def replace(found: re.Match[bytes]) -> bytes:
        name = found[1]
        if found[0] != b"&" and name is None:
            return found[0]  # CDATA
        letters = html5.get(name.decode(), "") if name else ""
        if letters:
            return "".join(f"&#{ord(one)};" for one in letters).encode()
        return b"&amp;" + found[0][1:]

    escaped = _AMPERSAND.sub(replace, body)
    if escaped != body:
        log.inform("Its XML has a & that is not escaped, or names of HTML such as &nbsp;.")
    return escaped


_MENDS = {
    errors.codes[errors.XML_ERROR_UNBOUND_PREFIX]: _declare_prefixes,
    errors.codes[errors.XML_ERROR_MISPLACED_XML_PI]: _cut_start,
    errors.codes[errors.XML_ERROR_INVALID_TOKEN]: _decode,
    errors.codes[errors.XML_ERROR_UNDEFINED_ENTITY]: _escape,
}
"""Error codes of expat -> what mends the fault; each is tried once."""


def local_name(element: Element) -> str:
    """Return an element's name without its namespace."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def read_text(element: Element | None) -> str | None:
    """Return all text in an element, None if there is no element or no text."""
    if element is None:
        return None
    text = "".join(element.itertext()) if len(element) else element.text or ""
    return text.strip() or None


def read_child(element: Element | None, name: str) -> str | None:
    """Return the text of the first child with a name, in any namespace."""
    if element is None:
        return None
    return read_text(next((one for one in element if local_name(one) == name), None))


class XmlRow(NamedTuple):
    """One row: its values, and its geometry or the faulty value and the reason."""

    record: dict[str, str | None]
    geometry: shapely.Geometry | None = None
    value: str = ""
    why: str = ""
    open_ring: bool = False


def build_table(name: str, rows: Sequence[XmlRow], remedy: str, log: Diagnostics) -> RawTable:
    """Return a layer in WGS 84; reject the rows with a fault."""
    data = build_frame([row.record for row in rows], log.limits)
    shapes = np.full(len(data), None, dtype=object)
    shapes[:] = [row.geometry for row in rows]
    table = RawTable(name, data, np.arange(1, len(data) + 1), shapes, parse_crs("OGC:CRS84"))
    table.open_rings = np.array([row.open_ring for row in rows], dtype=bool)
    why = {at: row.why for at, row in enumerate(rows) if row.why}
    table.reject_geometries(log, list(why), list(why.values()), remedy, lambda at: rows[at].value)
    return table
