"""The table that every data file is written from: plain columns, geometries, metadata."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from geo.evidence import find_case_meridian
from geo.evidence.day_counts import explain_days
from geo.evidence.layer_tables import CLAIM_COLUMNS, DRAWN_COLUMNS
from geo.evidence.rating_words import describe_rows, join_ratings
from geo.export.data.cell_types import Column, as_text, clean_text, to_column, unique_names
from geo.meridian import unwrap_shapes, wrap_longitude
from geo.selection import CLAIMS
from geo.store.core.normalise import to_wgs84
from geo.text import formatting

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from geopandas import GeoDataFrame

    from geo.large_layer import LargeLayerRows
    from geo.selection import Selection
    from geo.store import LayerInfo
    from geo.view_layers import LayerRows

CRS = "EPSG:4326"
PROVENANCE = tuple(name for name in CLAIM_COLUMNS if name not in DRAWN_COLUMNS)
"""Columns of a claim in every file, in order."""
_COUNTS = ("count_min", "count_max")


@dataclass(frozen=True)
class ExtraColumn:
    """A column of texts that a page adds to its claims, by the claim's id, and what it means."""

    name: str
    texts: Mapping[str, str]
    note: str


@dataclass(frozen=True)
class ExportTable:
    """Rows for a file.

    Attributes
    ----------
    name : str
        Name of the table or layer: letters, digits, "-" and "_".
    columns : tuple of Column
        Their names differ, ignoring case.
    shapes : numpy.ndarray
        A shapely geometry or None for each row, EPSG:4326, x = longitude; x and y are finite.
    points : numpy.ndarray
        (n, 2) longitude and latitude of rows with an exact position, else NaN.
    labels, captions : list of str
        A short name and a text for each row, for KML.
    about : dict of str to str
        link, data_version, crs and note; time_zone if the layer has times.
    """

    name: str
    title: str
    columns: tuple[Column, ...]
    shapes: np.ndarray
    points: np.ndarray
    labels: list[str]
    captions: list[str]
    about: dict[str, str]

    def rename_columns(self, taken: Iterable[str]) -> ExportTable:
        """Return a table whose column names avoid those that a format needs."""
        names = unique_names((column.name for column in self.columns), taken)
        pairs = zip(self.columns, names, strict=True)
        return replace(self, columns=tuple(replace(column, name=name) for column, name in pairs))


def claims_table(
    selection: Selection, *, link: str, version: str, extra: ExtraColumn | None = None
) -> ExportTable:
    """Return the table of a selection's claims, in their order, with a column that a page adds."""
    rows = selection.rows
    shapes, dropped = _drop_infinite(rows)
    exact = (rows["location_class"] == "exact").to_numpy(dtype=bool)
    rule = explain_days(selection.days, selection.view.axis)
    note = (
        f"{selection.report_count}. {rule} Each row is one report of one "
        "source, as reported; nothing here is verified by this map. A geometry is the outline of "
        "the place that the source names, not a position, unless location_class is exact; where it "
        "is distance, the geometry is the band of that distance, and distance_words says it. "
        "An empty rating is not rated."
    )
    columns = {name: to_column(name, _read_claim_column(rows, name)) for name in PROVENANCE}
    if extra:
        note = f"{note} {extra.note}"
        columns[extra.name] = Column(extra.name, "text", [extra.texts[name] for name in rows["id"]])
    says, reported = columns["says"].cells, columns["reported"].cells
    whens = map(formatting.format_when, rows[[*formatting.DATE_COLUMNS]].to_dict("records"))
    ratings = map(join_ratings, describe_rows(rows, selection.evidence.vocabulary_by_id))
    captions = [
        f"{text or ''}\n{source or ''}; observed: {when}\n{rated}".rstrip()
        for text, source, when, rated in zip(says, reported, whens, ratings, strict=True)
    ]
    return ExportTable(
        name=CLAIMS,
        title="Claims",
        columns=tuple(columns.values()),
        shapes=shapes,
        points=_find_points(shapes, exact & ~shapely.is_missing(shapes)),
        labels=[clean_text(str(subject)) for subject in rows["subject"]],
        captions=captions,
        about=_build_about(link, version, note, dropped),
    )


def layer_table(
    rows: LayerRows | LargeLayerRows, info: LayerInfo, *, link: str, version: str
) -> ExportTable:
    """Return the table of a further layer's rows; columns of the same name are numbered."""
    frame = rows.frame
    shapes, dropped = _drop_infinite(frame)
    kept = [i for i, name in enumerate(frame.columns) if name != frame.active_geometry_name]
    names = unique_names((frame.columns[i] for i in kept), taken=("geometry",))
    credit = f" {info.attribution.rstrip('.')}." if info.attribution else ""
    note = f"{rows.shown:,} of {rows.total:,} features of the layer “{rows.title}”.{credit}"
    zone = {"time_zone": info.time_zone} if rows.zone_note else {}
    note += f" Days are cut in {info.time_zone}." if zone else ""
    return ExportTable(
        name=info.name,
        title=clean_text(rows.title),
        columns=tuple(
            to_column(name, frame.iloc[:, i]) for name, i in zip(names, kept, strict=True)
        ),
        shapes=shapes,
        points=_find_points(shapes, shapely.get_type_id(shapes) == shapely.GeometryType.POINT),
        labels=_list_labels(frame, info),
        captions=[""] * len(frame),
        about=_build_about(link, version, note, dropped) | zone,
    )


def _list_labels(frame: GeoDataFrame, info: LayerInfo) -> list[str]:
    """Return each row's label, or its id if the layer has no label column."""
    names = list(frame.columns)
    named = next((n for n in (info.label_column, info.id_column) if n in names), None)
    labels = frame.index.to_series() if named is None else frame.iloc[:, names.index(named)]
    return ["" if c is None else as_text(c) for c in to_column("label", labels).cells]


def _read_claim_column(rows: GeoDataFrame, name: str) -> pd.Series:
    if name not in rows.columns:
        return pd.Series([None] * len(rows), dtype="str")
    if name in _COUNTS:
        return pd.Series([None if pd.isna(n) else int(n) for n in rows[name]], dtype="Int64")
    return rows[name]


def _build_about(link: str, version: str, note: str, dropped: int) -> dict[str, str]:
    note = f"{note} Coordinates: {CRS}, longitude before latitude."
    if dropped:
        rows = "1 row has" if dropped == 1 else f"{dropped:,} rows have"
        note = f"{note} {rows} no geometry here: its coordinates are not finite numbers."
    texts = {"link": link, "data_version": version, "crs": CRS, "note": note}
    return {key: clean_text(text) for key, text in texts.items()}


def _drop_infinite(frame: GeoDataFrame) -> tuple[np.ndarray, int]:
    """Return geometries that every format can hold, and how many were dropped.

    A geometry that is empty or has an infinite x or y becomes None; infinite heights and measures
    (M) are removed.
    """
    if frame.active_geometry_name is None:
        return np.full(len(frame), None, dtype=object), 0
    places = frame.geometry if frame.crs is None else to_wgs84(frame.geometry)
    shapes = np.asarray(places.to_numpy(), dtype=object).copy()
    shapes[shapely.is_empty(shapes)] = None
    numbers, row = shapely.get_coordinates(shapes, include_z=True, return_index=True)
    bad = np.unique(row[~np.isfinite(numbers[:, :2]).all(axis=1)])
    shapes[bad] = None
    flat = np.zeros(len(shapes), dtype=bool)
    flat[row[~np.isfinite(numbers[:, 2])]] = True
    flat |= shapely.has_m(shapes)
    shapes[flat] = shapely.force_2d(shapes[flat])
    return shapes, len(bad)


def _find_points(shapes: np.ndarray, where: np.ndarray) -> np.ndarray:
    points = np.full((len(shapes), 2), np.nan)
    whole = unwrap_shapes(shapes[where], find_case_meridian())  # the point is of both sides of 180
    points[where] = shapely.get_coordinates(shapely.point_on_surface(whole))
    points[where, 0] = [wrap_longitude(lon) for lon in points[where, 0].tolist()]
    return points
