"""Parts of a report's card: its image, and where its source can be read again."""

from functools import lru_cache
from urllib.parse import quote, urlencode

from markupsafe import Markup

from geo.errors import GeoError
from geo.evidence.provenance import LABELS, explain_missing
from geo.export.slide_image import CopyReader
from geo.ledger.api import Ledger
from geo.media import describe_kept_file
from geo.text import formatting
from geo.ui.claim_card import Row
from geo.ui.html import escape, tag
from geo.ui.page_context import PageContext


def render_image(page: PageContext, row: Row) -> str:
    """Return the image beside a report with its credit; empty without one."""
    digest = _text(row, "image_sha256")
    if not digest:
        return ""
    if _describe_copy(page.context.ledger, digest) is None:
        words = f"Its image (SHA-256 {digest}) is not kept here."
        return tag("p", "source", escape(words))
    licence = _text(row, "image_licence")
    credit = f"Image: {_text(row, 'image_credit')}{f' ({licence})' if licence else ''}"
    if row.get("image_may_publish") is not True:
        credit += ". It may not be published, so slides and files leave it out."
    address = escape(_copy_address(digest, page.view.as_of))
    picture = f'<img src="{address}" alt="{escape(_text(row, "image_alt"))}">'
    return tag("figure", "report-image", picture, tag("figcaption", "", escape(credit)))


def render_provenance(page: PageContext, row: Row) -> str:
    """Return where the source is archived and kept, when it was read, and what is not known."""
    facts: dict[str, str] = {}
    archive = _text(row, "archive_url")
    if archive.startswith(("https://", "http://")):
        facts[LABELS["archive_url"]] = _link(archive, escape(archive))
    if read := formatting.to_day(row.get("accessed_on")):
        facts[LABELS["accessed_on"]] = escape(formatting.format_day(read))
    if digest := _text(row, "copy_sha256"):
        facts[LABELS["copy_sha256"]] = render_copy(page.context.ledger, digest, page.view.as_of)
    reasons = explain_missing(_text(row, "missing"))
    if reasons:
        facts["Not given"] = escape("; ".join(_turn(one) for one in reasons))
    pairs = (f"<dt>{name}</dt><dd>{value}</dd>" for name, value in facts.items())
    return tag("dl", "facts provenance", *pairs) if facts else ""


def _turn(sentence: str) -> str:
    """Turn "Unknown: kept copy." into "kept copy (unknown)"."""
    reason, _, names = sentence.rstrip(".").partition(": ")
    return f"{names} ({reason.lower()})"


def render_copy(ledger: Ledger | None, digest: str, as_of: str | None) -> Markup:
    """Return a link to a kept copy with its kind, size and SHA-256; `as_of` is the view's."""
    about = _describe_copy(ledger, digest)
    given = _link(_copy_address(digest, as_of), escape(about)) if about else "not in this ledger"
    short = f'<abbr title="{escape(digest)}">SHA-256 {escape(digest[:12])}…</abbr>'
    return Markup(f"{given}<br>{short}")


def _link(address: str, inside: str) -> str:
    return f'<a href="{escape(address)}" target="_blank" rel="noopener">{inside}</a>'


def _copy_address(digest: str, as_of: str | None) -> str:
    """Return the address of a kept file, relative to any page."""
    return f"./copies/{quote(digest)}" + (f"?{urlencode({'as_of': as_of})}" if as_of else "")


def _text(row: Row, name: str) -> str:
    """Return a text of a row; empty if it has none."""
    value = row.get(name)
    return value if isinstance(value, str) else ""


def _describe_copy(ledger: Ledger | None, digest: str) -> str | None:
    """Return kind and size of a kept file; None if it is not there, or was changed."""
    try:
        return _describe_kept(ledger.read_copy, digest) if ledger is not None else None
    except (GeoError, KeyError):
        return None


@lru_cache(maxsize=512)
def _describe_kept(read_copy: CopyReader, digest: str) -> str:
    """Describe a kept file once; a KeyError, for one that is not there, is not remembered."""
    found = read_copy(digest)
    if found is None:
        raise KeyError(digest)
    return describe_kept_file(found[1], len(found[0]))
