"""Property tests: no input raises, and valid rows round-trip beside invalid ones."""

from __future__ import annotations

import csv
import io
import os
import tempfile
from contextlib import contextmanager
from functools import lru_cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.ingest import ImportOptions, ImportResult, Limits, report_csv
from geo.ingest.pipeline import run_pipeline
from geo.ingest.report import format_report, to_json_dict
from geo.ingest.save_result import to_store_layer
from tests.support import sample_files
from tests.support.sample_files import collection, feature, gpx, kml, mark, point, text, zipped

SUFFIXES = ("geojson", "gpkg", "kml", "kmz", "zip", "gpx", "parquet", "csv", "tsv", "xlsx")
SMALL = Limits(rows=1_000, vertices=10_000, columns=50, unpacked_bytes=5_000_000, entries=50)
TEXT = st.text(st.characters(exclude_categories=("Cs",)), max_size=30)
NAMES = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=12)
LON, LAT = st.floats(34.1, 38.9), st.floats(32.1, 37.4)


@contextmanager
def temporary_working_directory():
    before = os.getcwd()  # noqa: PTH109
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        try:
            yield
        finally:
            os.chdir(before)


def read(body: bytes, name: str, **options) -> ImportResult:
    with temporary_working_directory():
        reading = run_pipeline(body, name, ImportOptions(**options), SMALL)
    assert reading.verdict in ("accept", "accept-with-warning", "reject")
    assert (reading.verdict == "reject") == (reading.accepted == 0)
    assert reading.frame.geometry.is_valid.all()
    assert len(reading.times) == reading.accepted
    assert reading.messages or reading.verdict == "accept"
    assert format_report(reading).isprintable() or "\n" in format_report(reading)
    assert report_csv(reading)
    to_json_dict(reading)
    to_store_layer(reading)
    return reading


@lru_cache(maxsize=1)
def valid() -> dict[str, bytes]:
    return {
        "geojson": collection(feature(name="a", date="2024-12-12"), feature(point(36, 35))),
        "gpkg": sample_files.gpkg(),
        "kml": kml(mark(), mark("35.89,34.9")),
        "kmz": zipped({"doc.kml": kml(mark())}),
        "zip": zipped(sample_files.shapefile()),
        "gpx": gpx('<wpt lat="35.4" lon="35.9"><name>a</name></wpt>'),
        "parquet": sample_files.parquet(),
        "csv": text("name,lat,lon,date", "a,35.4,35.9487,2024-12-12", "b,34.9,35.89,03/04/2024"),
        "tsv": text("name\tmgrs", "a\t37SBV3166018490"),
        "xlsx": sample_files.workbook({"S": [["name", "lat", "lon"], ["a", 35.4, 35.9]]}),
    }


@pytest.mark.parametrize("suffix", SUFFIXES)
@settings(max_examples=15)
@given(body=st.binary(max_size=400))
def test_random_bytes_never_raise(suffix, body):
    magic = {
        "gpkg": b"SQLite format 3\x00",
        "parquet": b"PAR1",
        "kml": b"<kml>",
        "gpx": b"<gpx>",
        "geojson": b"{",
        "kmz": b"PK\x03\x04",
        "zip": b"PK\x03\x04",
        "xlsx": b"PK\x03\x04",
    }
    read(body, f"a.{suffix}")
    read(magic.get(suffix, b"lat,lon\n") + body, f"a.{suffix}")


# not Parquet: a broken footer crashes the process (pyarrow 26), hence the worker
@pytest.mark.parametrize("suffix", [one for one in SUFFIXES if one != "parquet"])
@settings(max_examples=25)
@given(data=st.data())
def test_mutated_files_never_raise(suffix, data):
    body = bytearray(valid()[suffix])
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(body) - 1))
        kind = data.draw(st.sampled_from(("flip", "cut", "insert", "repeat")))
        if kind == "flip":
            body[at] ^= data.draw(st.integers(1, 255))
        elif kind == "cut":
            del body[at : at + data.draw(st.integers(1, 50))]
        elif kind == "insert":
            body[at:at] = data.draw(st.binary(min_size=1, max_size=20))
        else:
            body[at:at] = body[max(0, at - 30) : at]
        if not body:
            break
    read(bytes(body), f"a.{suffix}")


@settings(max_examples=40)
@given(
    rows=st.lists(st.lists(TEXT, max_size=6), max_size=8),
    delimiter=st.sampled_from(",;\t|"),
    encoding=st.sampled_from(("utf-8", "utf-16", "utf-8-sig")),
)
def test_random_tables_never_raise(rows, delimiter, encoding):
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows([["name", "lat", "lon", "date"], *rows])
    read(out.getvalue().encode(encoding), "a.csv")


@settings(max_examples=40)
@given(
    places=st.lists(st.tuples(LON, LAT, TEXT), min_size=1, max_size=8),
    bad=st.lists(st.sampled_from(("north", "", "nan", "1e999", "--")), max_size=5),
)
def test_valid_table_rows_are_accepted_beside_invalid_ones(places, bad):
    out = io.StringIO()
    lines = csv.writer(out)
    lines.writerow(["text", "lat", "lon"])
    lines.writerows([[f"x{words}", repr(lat), repr(lon)] for lon, lat, words in places])
    lines.writerows([["bad", one, "36"] for one in bad])
    reading = read(out.getvalue().encode(), "a.csv")
    assert reading.accepted == len(places)
    assert reading.rejected_count == len(bad)
    for (lon, lat, words), row in zip(places, reading.frame.itertuples(), strict=True):
        assert (row.geometry.x, row.geometry.y) == (lon, lat)
        assert row.text == f"x{words}"


VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    TEXT,
    st.floats(allow_nan=False, allow_infinity=False),
)


@settings(max_examples=40)
@given(
    places=st.lists(
        st.tuples(LON, LAT, st.dictionaries(NAMES, VALUES, max_size=4)), min_size=1, max_size=6
    ),
    gaps=st.integers(0, 3),
)
def test_valid_features_keep_their_values(places, gaps):
    features = [feature(point(lon, lat)) | {"properties": values} for lon, lat, values in places]
    reading = read(collection(*features, *[feature(None)] * gaps), "a.geojson")
    assert (reading.accepted, reading.rejected_count) == (len(places), gaps)
    for at, (lon, lat, values) in enumerate(places):
        place = reading.frame.geometry[at]
        assert (place.x, place.y) == (lon, lat)
        for name, value in values.items():
            if value is not None and name in reading.frame.columns and name != "geometry":
                found = reading.frame[name][at]
                assert found == value or float(found) == float(value), name
