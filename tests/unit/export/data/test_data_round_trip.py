import datetime as dt
import io
import tempfile
from pathlib import Path

import geopandas
import pandas as pd
import pytest
import shapely
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from geo.app_context import context
from geo.evidence.models import CERTAINTIES, STANCES
from geo.export.data.data_file import export_data
from geo.export.data.table import PROVENANCE
from geo.export.formats import FORMATS, ExportError
from geo.selection import select
from geo.view import View
from tests.support.export_reading import (
    LINK,
    SPATIAL,
    VERSION,
    export_bytes,
    ids_in,
    normalise_cell,
    placemarks,
    query_gpkg,
    read,
    read_metadata,
)

days = st.one_of(st.none(), st.dates(dt.date(2024, 11, 20), dt.date(2025, 2, 10)))


@st.composite
def views(draw):
    known = context().link_vocabulary()
    start, end = sorted((draw(days), draw(days)), key=lambda day: (day is not None, day))

    def some(values):
        return tuple(draw(st.lists(st.sampled_from(sorted(values)), max_size=2)))

    return View(
        date_from=start if end else None,
        date_to=end,
        undated=draw(st.booleans()),
        places=some(known.places),
        systems=some(known.systems),
        evidence=some(known.evidence),
        stances=some(STANCES),
        certainty=draw(st.sampled_from([None, *CERTAINTIES])),
        sources=draw(st.sampled_from(["articles", "wider", "all"])),
        q=draw(st.sampled_from(["", "", "", "su-34", "tartus", "حميميم"])),
    )


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(view=views())
@example(view=View(systems=("frigate",), q="su-34"))  # a text search on zero rows
def test_every_format_has_the_ids_of_the_selection_in_order(view):
    selection = select(view, context().store)
    for fmt in FORMATS:
        assert tuple(ids_in(export_bytes(selection, fmt), fmt)) == selection.ids, fmt


@pytest.mark.parametrize("fmt", FORMATS)
def test_provenance_columns_are_in_every_format(everything, fmt):
    file = export_bytes(everything, fmt)
    if fmt == "kml":  # GDAL adds columns and changes types
        rows = pd.DataFrame(placemarks(file)).reindex(columns=PROVENANCE)
    else:
        rows = read(file, fmt)[[*PROVENANCE]]
    wanted = everything.rows[[*PROVENANCE]]
    for name in PROVENANCE:
        found = [normalise_cell(cell) for cell in rows[name]]
        # no claim begins with a formula, so the CSV is the same text
        assert found == [normalise_cell(cell) for cell in wanted[name]], name


@pytest.mark.parametrize("fmt", SPATIAL)
def test_geometry_and_crs_round_trip(everything, fmt):
    rows = read(export_bytes(everything, fmt), fmt)
    assert rows.crs == "EPSG:4326"
    shapes = everything.rows.geometry.to_numpy()
    assert shapely.equals_exact(rows.geometry.to_numpy(), shapes, 1e-9)[
        ~shapely.is_missing(shapes)
    ].all()
    assert (rows.geometry.isna().to_numpy() == shapely.is_missing(shapes)).all()


def test_csv_has_the_geometry_as_wkt_and_its_crs(everything):
    rows = read(export_bytes(everything, "csv", geometry="wkt"), "csv")
    assert not {"lat", "lon"} & set(rows.columns)
    shapes = geopandas.GeoSeries.from_wkt([text or None for text in rows["wkt"]])
    there = everything.rows.geometry.notna().to_numpy()
    assert (shapes.notna().to_numpy() == there).all()
    assert shapely.equals_exact(
        shapes[there].to_numpy(), everything.rows.geometry.to_numpy()[there], 1e-12
    ).all()
    assert set(rows["crs"]) == {"EPSG:4326"}


def test_csv_gives_coordinates_only_for_exact_positions(everything):
    rows = everything.rows.copy()
    place = rows.index[rows.geometry.notna()]
    rows.loc[place[0], "location_class"] = "exact"
    rows.loc[place[0], "geometry"] = shapely.Point(35.9, 35.4)
    table = read(export_bytes(_with_rows(everything, rows), "csv"), "csv")
    assert [
        (lon, lat) for lon, lat in zip(table["lon"], table["lat"], strict=True) if lon or lat
    ] == [("35.9", "35.4")]


def _with_rows(selection, rows):
    from dataclasses import replace

    return replace(selection, rows=rows, ids=tuple(rows["id"]))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_csv_is_readable_with_and_without_bom(everything, encoding):
    file = export_bytes(everything, "csv")
    assert file.startswith(b"\xef\xbb\xbf")  # otherwise Excel misreads Arabic
    rows = pd.read_csv(io.BytesIO(file), encoding=encoding)
    assert rows.columns[0] == "id"
    assert "قاعدة حميميم الجوية" in set(rows["place_name_ar"])
    assert set(rows["link"]) == {LINK}
    assert set(rows["data_version"]) == {VERSION}


@pytest.mark.parametrize("fmt", SPATIAL)
def test_file_metadata_has_link_version_and_note(everything, fmt):
    said = read_metadata(export_bytes(everything, fmt), fmt)
    assert (said["link"], said["data_version"]) == (LINK, VERSION)
    assert everything.report_count in said["note"]
    assert "EPSG:4326" in said["note"]


def test_conflicts_are_in_the_csv(everything, evidence):
    rows = read(export_bytes(everything, "csv"), "csv").set_index("id")
    for conflict in evidence.conflicts:
        for claim in conflict.claims:
            assert conflict.id in rows.loc[claim, "conflicts"].split("; ")


@pytest.mark.parametrize("fmt", FORMATS)
def test_empty_selection_is_a_file_without_rows(nothing, fmt):
    file = export_bytes(nothing, fmt)
    assert len(read(file, fmt)) == 0
    assert ids_in(file, fmt) == []
    if fmt != "csv":
        assert read_metadata(file, fmt)["link"] == LINK


@pytest.mark.parametrize("fmt", FORMATS)
def test_data_files_are_deterministic_and_leave_no_temporary_file(everything, fmt):
    temporary = Path(tempfile.gettempdir())
    before = set(temporary.iterdir())
    first = export_bytes(everything, fmt)
    assert export_bytes(everything, fmt) == first
    left = {path.suffix for path in set(temporary.iterdir()) - before}
    assert not left & {f".{one.ending}" for one in FORMATS.values()}


def test_geopackage_has_claims_first_and_no_timestamp(everything):
    file = export_bytes(everything, "gpkg")
    assert _layer_names(file) == ["claims", "about"]
    layers = query_gpkg(file, "SELECT table_name, data_type, last_change FROM gpkg_contents")
    assert [row[:2] for row in layers] == [("claims", "features"), ("about", "attributes")]
    assert {row[2] for row in layers} == {"1970-01-01T00:00:00.000Z"}
    assert query_gpkg(file, "PRAGMA integrity_check") == [("ok",)]
    assert query_gpkg(file, "PRAGMA application_id") == [(0x47504B47,)]  # "GPKG"


def _layer_names(file):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "claims.gpkg"
        path.write_bytes(file)
        return geopandas.list_layers(path)["name"].tolist()


def test_claims_without_geometry_keep_their_ids_in_kml(everything):
    rows = everything.rows[everything.rows.geometry.isna()]
    assert len(rows)
    file = export_bytes(_with_rows(everything, rows), "kml")
    assert ids_in(file, "kml") == rows["id"].tolist()
    assert b"<coordinates>" not in file


def test_unknown_data_format_is_rejected(everything):
    with pytest.raises(ExportError, match=r"'xlsx'.*csv, geojson"):
        export_data(everything, "xlsx", link=LINK, version=VERSION)
