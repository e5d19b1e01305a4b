"""Write zips and presentations with fixed times and names, so that their bytes are reproducible."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Iterable
from typing import TYPE_CHECKING

from pptx.opc.constants import RELATIONSHIP_TYPE

from geo.export.layout.metrics import to_one_line
from geo.export.slide import REMARK

if TYPE_CHECKING:
    from pptx.presentation import Presentation

    from geo.export.deck import Deck

_DROPPED = (
    RELATIONSHIP_TYPE.EXTENDED_PROPERTIES,
    RELATIONSHIP_TYPE.THUMBNAIL,
    RELATIONSHIP_TYPE.PRINTER_SETTINGS,
)
_LONGEST = 250


def zip_files(files: Iterable[tuple[str, bytes]], *, stored: tuple[str, ...] = ()) -> bytes:
    """Return (name, content) pairs as a zip; names that end in `stored` are not compressed."""
    box = io.BytesIO()
    with zipfile.ZipFile(box, "w") as pack:
        for name, body in files:
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.create_system, entry.external_attr = 3, 0o644 << 16
            plain = name.endswith(stored)
            entry.compress_type = zipfile.ZIP_STORED if plain else zipfile.ZIP_DEFLATED
            pack.writestr(entry, body, compresslevel=None if plain else 6)
    return box.getvalue()


def save_presentation(made: Presentation, deck: Deck) -> bytes:
    """Return the presentation as bytes, without machine name or time in its properties."""
    about = made.core_properties
    about.title = to_one_line(deck.title)[:_LONGEST]
    about.subject = to_one_line(deck.subtitle)[:_LONGEST]
    about.author = about.last_modified_by = "Briefing map"
    about.created = about.modified = dt.datetime(2000, 1, 1)
    about.comments, about.category, about.content_status = REMARK, "", ""
    about.keywords = f"data version {to_one_line(deck.version)}"[:_LONGEST]
    about.identifier, about.version, about.language, about.revision = "", "", "en-GB", 1
    for relations in (made.part.package._rels, made.part.rels):
        for key, relation in list(relations.items()):
            if relation.reltype in _DROPPED:
                relations.pop(key)
    box = io.BytesIO()
    made.save(box)
    with zipfile.ZipFile(box) as pack:
        parts = ((name, pack.read(name)) for name in sorted(pack.namelist(), key=_order))
        return zip_files(parts, stored=(".png", ".jpg", ".jpeg"))


def _order(name: str) -> tuple[int, str]:
    first = ("[Content_Types].xml", "_rels/.rels")
    return (first.index(name) if name in first else len(first), name)
