import csv
import io
import json
from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo.export.data.cell_types import clean_text
from geo.export.formats import FORMATS
from geo.text.escaping import escape_formula
from tests.support.export_reading import (
    SPATIAL,
    export_bytes,
    export_layer_bytes,
    ids_in,
    layer,
    placemarks,
    read,
    read_metadata,
)

HOSTILE = [
    "a\x00b",  # ends a string in C libraries
    "\x01\x0b\x1f\x7f\x85",  # not allowed in XML
    "half \ud83d a character",
    "\ufffe\uffff",
    "<img src=http://evil.example/x.png> & ]]> &amp; <!--",
    "{{ 7*7 }} ${x} $[says] `x` \\u003c",
    "'; DROP TABLE claims; --",
    "a\r\nb\tc\rd\u2028e",
    'quote " and , and ;',
    "‮right to left قاعدة حميميم",
    "__proto__",
    "",
]
FORMULAS = [
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    " =1",
    '"=1"',
    "'=1",
    "“=1",
    "＝1+1",
    "＋1",
    "－1",
    "＠x",
    "\u200b=1",
    "\ufeff=1",
    "\u00a0@x",
    "-2+3+cmd|' /C calc'!A0",
    '=HYPERLINK("http://evil.example")',
    "-",
    "+49 30 1234",
    "-12.5.1",
    "−1",
]
PLAIN = ["-12.5", "-12", "12", "-1e5", "text", "", "a=b", "1-2", "0.5", "–", "(=1)"]
texts = st.text(st.characters(), max_size=30) | st.sampled_from(HOSTILE + FORMULAS)


@pytest.mark.parametrize("text", FORMULAS)
def test_formula_gets_an_apostrophe(text):
    assert escape_formula(text) == f"'{text}"


@pytest.mark.parametrize("text", PLAIN)
def test_plain_text_and_numbers_are_not_escaped(text):
    assert escape_formula(text) == text


def test_negative_numbers_are_not_escaped_in_csv():
    frame = layer({"a": [-12.5, -3.0], "b": [-1, 2], "c": [float("-inf"), 1.0], "=d": ["-7", "=1"]})
    rows = list(csv.reader(io.StringIO(export_layer_bytes(frame, "csv").decode("utf-8-sig"))))
    assert rows[0][:4] == ["a", "b", "c", "'=d"]
    assert rows[1][:4] == ["-12.5", "-1", "'-inf", "-7"]
    assert rows[2][:4] == ["-3.0", "2", "1.0", "'=1"]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(said=st.lists(texts, min_size=3, max_size=3), name=texts)
def test_text_round_trips_in_every_format(said, name):
    column = pd.Series(said, dtype=object)  # only object dtype holds lone surrogates
    frame = layer({"id": ["a", "b", "c"], "says": column, "x": column})
    frame.columns = pd.Index(["id", "says", f"x{name}", "geometry"], dtype=object)
    wanted = [clean_text(text) for text in said]
    for fmt in FORMATS:
        file = export_layer_bytes(frame, fmt, id_column="id", label_column="says")
        assert ids_in(file, fmt) == ["a", "b", "c"], fmt
        if fmt == "csv":
            rows = csv.DictReader(io.StringIO(file.decode("utf-8-sig"), newline=""))
            assert [row["says"] for row in rows] == [escape_formula(text) for text in wanted]
        elif fmt == "kml":
            assert [row["says"] or "" for row in placemarks(file)] == wanted
        elif fmt == "geojson":
            assert [one["properties"]["says"] for one in json.loads(file)["features"]] == wanted
        else:
            assert read(file, fmt)["says"].tolist() == wanted, fmt


@pytest.mark.parametrize("fmt", FORMATS)
def test_hostile_claims_lose_no_row(everything, fmt):
    rows = everything.rows.copy()
    for name in ("says", "subject", "publisher", "note", "url", "place_name"):
        texts = [HOSTILE[i % len(HOSTILE)] for i in range(len(rows))]
        rows[name] = pd.Series(texts, index=rows.index, dtype=object)
    rows["systems"] = [tuple(FORMULAS)] * len(rows)
    file = export_bytes(replace(everything, rows=rows), fmt)
    assert tuple(ids_in(file, fmt)) == everything.ids


@pytest.mark.parametrize("fmt", SPATIAL)
def test_hostile_link_is_stored_literally(everything, fmt):
    from geo.export.data.data_file import export_data

    link = "http://x/?q=<a>&b=\"\x00\ud800{{1}}'"
    file = export_data(everything, fmt, link=link, version="\x01")
    assert read_metadata(file, fmt)["link"] == clean_text(link)
    assert read_metadata(file, fmt)["data_version"] == "\ufffd"


def test_list_with_a_formula_is_escaped_in_csv(everything):
    rows = everything.rows.copy()
    rows["systems"] = [("=1+1", "Su-34")] * len(rows)
    table = read(export_bytes(replace(everything, rows=rows), "csv"), "csv")
    assert set(table["systems"]) == {"'=1+1; Su-34"}


def test_kml_balloon_shows_text_literally(everything):
    from xml.etree import ElementTree

    rows = everything.rows.copy()
    rows["says"] = "<img src='http://evil.example/x.png'> $[note]"
    root = ElementTree.fromstring(export_bytes(replace(everything, rows=rows), "kml"))
    shown = [one.text for one in root.iter("{http://www.opengis.net/kml/2.2}description")]
    assert len(shown) == len(rows) + 1
    assert not any("<" in text or "$[" in text for text in shown)
    styles = list(root.iter("{http://www.opengis.net/kml/2.2}BalloonStyle"))
    assert [style[0].text for style in styles] == ["$[description]"]
