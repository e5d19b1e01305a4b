"""Import limits come from the settings, apply to every format and are reported."""

from __future__ import annotations

import time

import pytest

from geo.errors import SettingsError
from geo.ingest import Limits
from geo.settings import Settings, settings
from tests.support.hostile_files import zip_bomb
from tests.support.import_results import result_text
from tests.support.sample_files import (
    collection,
    feature,
    gpkg,
    gpx,
    kml,
    mark,
    parquet,
    point,
    points,
    shapefile,
    text,
    workbook,
    zipped,
)

MANY = 30
PLACES = [(36 + n / 100, 35.0) for n in range(MANY)]
WIDE = {f"c{n}": ["x"] for n in range(MANY)}
LINES = [f"{y},{x}" for x, y in PLACES]
WPT = '<wpt lat="35.4" lon="35.9"/>'
ROWS = {
    "a.csv": text("lat,lon", *LINES),
    "a.json": collection(*[feature(point(*place)) for place in PLACES]),
    "a.kml": kml(*[mark(f"{x},{y}") for x, y in PLACES]),
    "a.gpx": gpx(WPT * MANY),
    "a.gpkg": gpkg({"things": points(*PLACES)}),
    "a.parquet": parquet(points(*PLACES)),
    "a.zip": zipped(shapefile(points(*PLACES))),
    "a.xlsx": workbook({"S": [["lat", "lon"], *[[y, x] for x, y in PLACES]]}),
}
ONE = points((36, 35), **WIDE)
COLUMNS = {
    "a.csv": text("lat,lon," + ",".join(WIDE), "35,36," + ",".join("x" * MANY)),
    "a.json": collection(feature(**dict.fromkeys(WIDE, "x"))),
    "a.kml": kml(
        mark(
            more="<ExtendedData>"
            + "".join(f'<Data name="{name}"><value>x</value></Data>' for name in WIDE)
            + "</ExtendedData>"
        )
    ),
    "a.gpkg": gpkg({"things": ONE}),
    "a.parquet": parquet(ONE),
    "a.zip": zipped(shapefile(ONE)),
    "a.xlsx": workbook({"S": [["lat", "lon", *WIDE], [35, 36, *["x"] * MANY]]}),
}


@pytest.mark.parametrize("name", ROWS)
def test_rows_over_the_limit_are_rejected(read, name):
    assert read(ROWS[name], name, Limits(rows=MANY)).accepted == MANY
    reading = read(ROWS[name], name, Limits(rows=MANY - 1))
    assert reading.verdict == "reject"
    assert f"{MANY - 1}" in result_text(reading)
    assert "limit" in result_text(reading)


@pytest.mark.parametrize("name", COLUMNS)
def test_columns_over_the_limit_are_rejected(read, name):
    assert read(COLUMNS[name], name, Limits(columns=MANY + 5)).accepted == 1
    reading = read(COLUMNS[name], name, Limits(columns=10))
    assert reading.verdict == "reject"
    assert "the limit is 10" in result_text(reading)


def test_vertices_over_the_limit_are_rejected(read):
    line = {"type": "LineString", "coordinates": PLACES}
    reading = read(collection(feature(line)), "a.json", Limits(vertices=MANY - 1))
    assert "the limit is 29" in result_text(reading)


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        (Limits(unpacked_bytes=1_000_000), "the limit is 1 MB"),
        (Limits(ratio=50), "the limit is 50"),
    ],
)
def test_archive_over_a_limit_is_rejected(read, limits, words):
    assert words in result_text(read(zip_bomb(3_000_000), "a.zip", limits))


def test_archive_with_too_many_files_is_rejected(read):
    body = zipped(shapefile() | {f"{n}.txt": b"" for n in range(20)})
    assert "the limit is 20" in result_text(read(body, "a.zip", Limits(entries=20)))


def test_rows_over_the_memory_limit_of_the_caller_are_rejected(read):
    body = text("name,lat,lon", *[f"{'x' * 1_000},35.4,35.9487"] * 200)
    reading = read(body, "a.csv", Limits(unpacked_bytes=100_000))
    assert reading.verdict == "reject"
    assert "Its rows take" in result_text(reading)


def test_too_many_geojson_properties_are_rejected_quickly(read):
    body = collection(*[feature(**{f"k{number}": 1}) for number in range(20_000)])
    start = time.process_time()
    assert "20,000 different columns" in result_text(read(body, "a.json"))
    assert time.process_time() - start < 10


def test_faults_are_listed_up_to_the_limit_but_all_counted(read):
    body = text("lat,lon", "35.4,35.9487", *["north,35.9"] * 500)
    reading = read(body, "a.csv", Limits(reported=20))
    assert (len(reading.rejected), reading.rejected_count, reading.accepted) == (20, 500, 1)
    assert "The first 20 of 500 faults are listed" in result_text(reading)
    ragged = read(text("lat,lon", "35.4,35.9487", *["1"] * 500), "a.csv", Limits(reported=20))
    assert (len(ragged.rejected), ragged.rejected_count) == (20, 500)


def test_million_rows_are_rejected_quickly(read):
    body = b"lat,lon\n" + b"35.4,35.9\n" * 1_000_000
    start = time.process_time()
    reading = read(body, "a.csv")
    assert time.process_time() - start < 10
    assert "500,000 rows" in result_text(reading)


def test_unclosed_quotes_do_not_take_quadratic_time(read):
    body = b"lat,lon\n" + b'"35.4,35.9\n' * 20_001
    start = time.process_time()
    assert read(body, "a.csv").verdict == "reject"
    assert time.process_time() - start < 10


def test_import_limits_come_from_the_settings(monkeypatch):
    assert Limits.from_settings(Settings(_env_file=None)) == Limits()
    monkeypatch.setenv("UPLOAD_FILE_MB", "7")
    monkeypatch.setenv("UPLOAD_MEMORY_MB", "100")
    settings.cache_clear()
    with pytest.raises(SettingsError, match="upload_memory_mb='100'"):
        Limits.from_settings()
    monkeypatch.setenv("UPLOAD_MEMORY_MB", "1000")
    assert Limits.from_settings().file_bytes == 7_000_000
    settings.cache_clear()
