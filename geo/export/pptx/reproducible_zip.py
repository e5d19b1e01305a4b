"""Write the presentation with fixed metadata, so that its bytes are reproducible."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from typing import TYPE_CHECKING

from pptx.opc.constants import RELATIONSHIP_TYPE

from geo.export.layout.metrics import to_one_line
from geo.export.slide import REMARK

if TYPE_CHECKING:
    from pptx.presentation import Presentation

    from geo.export.deck import Deck

MAKER = "Briefing map"
_LONG_AGO = dt.datetime(2000, 1, 1)
_ZIP_DATE = (1980, 1, 1, 0, 0, 0)
_DROPPED = (
    RELATIONSHIP_TYPE.EXTENDED_PROPERTIES,
    RELATIONSHIP_TYPE.THUMBNAIL,
    RELATIONSHIP_TYPE.PRINTER_SETTINGS,
)
_LONGEST = 250


def packed(made: Presentation, deck: Deck) -> bytes:
    """Return the presentation as bytes, without machine name or time in its properties."""
    about = made.core_properties
    about.title, about.subject = (
        to_one_line(deck.title)[:_LONGEST],
        to_one_line(deck.subtitle)[:_LONGEST],
    )
    about.author, about.last_modified_by = MAKER, MAKER
    about.created = about.modified = _LONG_AGO
    about.comments, about.category, about.content_status = REMARK, "", ""
    about.keywords = f"data version {to_one_line(deck.version)}"[:_LONGEST]
    about.identifier, about.version, about.language, about.revision = "", "", "en-GB", 1
    package = made.part.package
    for relations in (package._rels, made.part.rels):
        for key, relation in list(relations.items()):
            if relation.reltype in _DROPPED:
                relations.pop(key)
    box = io.BytesIO()
    made.save(box)
    return _same_each_time(box.getvalue())


def _same_each_time(body: bytes) -> bytes:
    """Return the zip with sorted members and fixed timestamps."""
    box = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(body)) as old, zipfile.ZipFile(box, "w") as new:
        for name in sorted(old.namelist(), key=_order):
            entry = zipfile.ZipInfo(name, _ZIP_DATE)
            entry.create_system, entry.external_attr = 3, 0o644 << 16
            picture = name.endswith((".png", ".jpg", ".jpeg"))
            entry.compress_type = zipfile.ZIP_STORED if picture else zipfile.ZIP_DEFLATED
            new.writestr(entry, old.read(name), compresslevel=None if picture else 6)
    return box.getvalue()


def _order(name: str) -> tuple[int, str]:
    first = ("[Content_Types].xml", "_rels/.rels")
    return (first.index(name) if name in first else len(first), name)
