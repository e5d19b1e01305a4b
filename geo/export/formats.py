"""Formats of data files and lists of sources: title, ending and media type; file names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from geo.errors import ExportError
from geo.evidence.case import builtin_case
from geo.evidence.vocabularies import RATING_KINDS
from geo.summary import find_day_range
from geo.text.slugs import slugify

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from geo.selection import Selection

_NAMED = 3  # values of a filter; of more, the number is named
_WORD, _LONGEST = 24, 100  # letters of one value, and of a name


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

WORKBOOKS: Mapping[str, Format] = {
    "xlsx": Format(
        "Workbook (XLSX)",
        "xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
}
"""Files of claims that can be edited and brought back."""

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
    """Return a name for a file of a selection, such as claims_2024-12-12_khmeimim_s-400.csv.

    It says what the file holds, the days, the places and the filters. It has only a-z, 0-9, "-",
    "_" and one ".", and at most 100 characters before the ending.

    Parameters
    ----------
    ending : str
        With or without its dot.
    stem : str
        What the file holds: "claims", "sources", or the name of a layer.
    """
    view = selection.view
    filters = (view.systems, view.evidence, view.stances, view.origins)
    default = view.sources == builtin_case().default_sources
    sources = "" if default else f"{view.sources}-sources"
    found = slugify(view.q, longest=_WORD) or ("search" if view.q else "")
    parts = (
        stem,
        _name_days(selection),
        _shorten(view.places, "places"),
        sources,
        *(_shorten(chosen, "values") for chosen in filters),
        view.certainty or "",
        *(_name_rating(name, getattr(view, name)) for name in RATING_KINDS),
        found,
    )
    name = "_".join(filter(None, (slugify(part, longest=_LONGEST) for part in parts)))
    return f"{name[:_LONGEST].rstrip('-_') or 'claims'}.{slugify(ending) or 'bin'}"


def _name_rating(name: str, values: Sequence[str]) -> str:
    return f"{name}-{_shorten(values, 'values')}" if values else ""


def _shorten(values: Sequence[str], what: str) -> str:
    """Return a few values as one word, of many their number."""
    if len(values) > _NAMED:
        return f"{len(values)} {what}"
    return "-".join(slugify(value, longest=_WORD) for value in values)


def _name_days(selection: Selection) -> str:
    start, end = find_day_range(selection)
    if start and end:
        return f"{start}" if start == end else f"{start}-to-{end}"
    return f"from-{start}" if start else f"until-{end}" if end else ""
