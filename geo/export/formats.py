"""Formats of data files and lists of sources: title, ending and media type; file names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from geo.errors import ExportError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geo.selection import Selection

_PLACES_NAMED = 3
_LONGEST = 100


@dataclass(frozen=True)
class Format:
    """A kind of file: its title for readers, its ending without a dot, and its media type."""

    title: str
    ending: str
    media_type: str


FORMATS: Mapping[str, Format] = {
    "csv": Format("CSV (spreadsheet)", "csv", "text/csv"),
    "geojson": Format("GeoJSON", "geojson", "application/geo+json"),
    "gpkg": Format("GeoPackage", "gpkg", "application/geopackage+sqlite3"),
    "kml": Format("KML", "kml", "application/vnd.google-earth.kml+xml"),
    "parquet": Format("GeoParquet", "parquet", "application/vnd.apache.parquet"),
}
"""Data files, in the order in which they are offered."""

CITATIONS: Mapping[str, Format] = {
    "txt": Format("Sources (plain text)", "txt", "text/plain"),
    "bibtex": Format("Sources (BibTeX)", "bib", "application/x-bibtex"),
    "csl-json": Format("Sources (CSL-JSON)", "json", "application/vnd.citationstyles.csl+json"),
}
"""Lists of sources, in the order in which they are offered."""


def check_format(fmt: str, known: Mapping[str, Format]) -> Format:
    """Return a format by its name; raise ExportError if there is none."""
    if fmt not in known:
        msg = f"There is no file of the kind {fmt!r}; choose one of {', '.join(known)}."
        raise ExportError(msg)
    return known[fmt]


def file_name(selection: Selection, ending: str, *, stem: str = "claims") -> str:
    """Return a name for a file of a selection, such as claims_2024-12-12_khmeimim.csv.

    It has only a-z, 0-9, "-", "_" and one ".", and at most 100 characters before the ending.

    Parameters
    ----------
    ending : str
        With or without its dot.
    stem : str
        What the file holds: "claims", "sources", or the name of a layer.
    """
    view = selection.view
    places = view.places if len(view.places) <= _PLACES_NAMED else (f"{len(view.places)} places",)
    parts = (stem, _window(selection), "-".join(places))
    name = "_".join(filter(None, map(_safe, parts)))[:_LONGEST].rstrip("-_")
    return f"{name or 'claims'}.{_safe(ending) or 'bin'}"


def _window(selection: Selection) -> str:
    start, end = selection.view.date_from, selection.view.date_to
    if start and end:
        return f"{start}" if start == end else f"{start}-to-{end}"
    return f"from-{start}" if start else f"until-{end}" if end else ""


def _safe(text: str) -> str:
    return re.sub(r"[^a-z0-9-]+", "-", text.lower()).strip("-")
