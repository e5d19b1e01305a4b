"""Files of several layers with different columns: empty cells stay empty, all the way."""

from __future__ import annotations

import datetime as dt
import json

import pandas as pd
import pytest

from geo.export.data.cell_types import to_column
from geo.ingest.report import format_report, report_csv, to_json_dict
from geo.ingest.sandbox.result_codec import read_result, write_result
from geo.ingest.save_result import save_layer
from geo.store.folder.store import FolderStore
from tests.support.import_results import result_text
from tests.support.sample_files import gpkg, kml, mark, points, shapefile, workbook, zipped

TWO = ((35.9487, 35.4011), (35.87, 34.9))
ONE = points(
    *TWO,
    name=["a", "b"],
    seen=pd.array([True, None], dtype="boolean"),
    number=pd.array([7, None], dtype="Int64"),
    share=[0.5, None],
)
OTHER = points(*TWO, name=["c", "d"], armed=[True, False], total=[1, 2])


def as_gpkg(*layers):
    return gpkg({f"layer{n}": one for n, one in enumerate(layers)}), "a.gpkg"


def as_shapefiles(*layers):
    files: dict[str, bytes] = {}
    for n, one in enumerate(layers):
        files |= shapefile(one, stem=f"layer{n}")
    return zipped(files), "a.zip"


def as_workbook(*layers):
    def cell(value):
        return None if pd.isna(value) else value

    sheets = {"empty": []}
    for n, one in enumerate(layers):
        data = pd.DataFrame(one.drop(columns="geometry"))
        data["lat"], data["lon"] = one.geometry.y, one.geometry.x
        rows = [[cell(value) for value in row] for row in data.itertuples(index=False)]
        sheets[f"layer{n}"] = [list(data.columns), *rows]
    return workbook(sheets), "a.xlsx"


EXPECTED = {
    "name": ["a", "b", "c", "d"],
    "seen": [True, None, None, None],
    "number": [7, None, None, None],
    "share": [0.5, None, None, None],
    "armed": [None, None, True, False],
    "total": [None, None, 1, 2],
}


def cells(frame) -> dict[str, list[object]]:
    """Return the cells of a frame as tables and data files have them."""
    return {name: list(to_column(name, frame[name]).cells) for name in EXPECTED}


@pytest.mark.parametrize("write", [as_gpkg, as_shapefiles, as_workbook])
def test_empty_cells_stay_empty_from_the_reader_to_the_store(read, tmp_path, write):
    result = read(*write(ONE, OTHER))
    assert result.accepted == 4, result_text(result)
    assert cells(result.frame) == EXPECTED
    assert str(result.frame["armed"].dtype) == "boolean"
    assert str(result.frame["number"].dtype) == "Int64"
    write_result(result, tmp_path)
    sent = read_result(tmp_path, 10**8)
    assert cells(sent.frame) == EXPECTED
    folder = tmp_path / "store"
    folder.mkdir()
    store = FolderStore(folder)
    save_layer(store, "made", sent, "Made")
    assert cells(store.read("made")) == EXPECTED
    assert sent.frame["layer"].tolist() == ["layer0", "layer0", "layer1", "layer1"]


def test_layers_of_one_column_with_different_types_lose_nothing(read):
    day = dt.datetime(2024, 12, 12)
    first = points(*TWO, mixed=[1, 2], when=[day, None], amount=[1, 2])
    second = points(*TWO, mixed=["x", None], when=[None, day], amount=[0.5, None])
    third = points(*TWO, mixed=[None, None], note=["p", "q"])
    frame = read(*as_gpkg(first, second, third)).frame
    assert frame["mixed"].tolist() == [1, 2, "x", None, None, None]
    assert frame["amount"].tolist()[:3] == [1.0, 2.0, 0.5]
    assert frame["amount"].isna().tolist()[3:] == [True, True, True]
    assert [str(one)[:10] for one in frame["when"][[0, 3]]] == ["2024-12-12", "2024-12-12"]
    assert frame["when"].isna().sum() == 4


def test_large_whole_numbers_beside_empty_cells_keep_their_digits(read, tmp_path):
    body = json.dumps([{"lat": 35, "lon": 36, "n": 2**62 + 1}, {"lat": 35, "lon": 36.5}]).encode()
    store = FolderStore(tmp_path)
    save_layer(store, "made", read(body, "a.json"), "Made")
    assert to_column("n", store.read("made")["n"]).cells == [str(2**62 + 1), None]


def test_large_whole_numbers_of_a_geopackage_keep_their_digits(read):
    frame = points(*TWO, number=pd.array([2**60 + 1, None], dtype="Int64"))
    assert read(gpkg({"things": frame}), "a.gpkg").frame["number"][0] == 2**60 + 1


def test_report_names_the_layer_of_each_row(read):
    folders = (
        f"<Folder><name>{name}</name>{mark()}{mark('east,35.4')}</Folder>"
        for name in ("North", "South")
    )
    result = read(kml(*folders), "a.kml")
    assert [(one.layer, one.row) for one in result.rejected] == [("North", 2), ("South", 2)]
    assert "row 2 of “South”" in format_report(result)
    assert [one["layer"] for one in to_json_dict(result)["set_aside"]] == ["North", "South"]
    assert "a.kml (South),2," in report_csv(result).decode("utf-8-sig")


def test_messages_name_the_layer_of_each_row(read):
    sheets = {
        name: [["id", "lat", "lon"], ["x", lat, 36], ["y", 35, 36.5]]
        for name, lat in (("one", 35.1), ("two", 35.2))
    }
    text = result_text(read(workbook(sheets), "a.xlsx"))
    assert "rows 1, 2 of “one”, 1, 2 of “two”" in text


def test_binary_column_is_left_out_by_name(read):
    more = "ALTER TABLE things ADD blob BLOB DEFAULT x'00ff'"
    result = read(gpkg(None, more), "a.gpkg")
    assert "blob" not in result.frame.columns
    assert result.verdict == "accept"
    assert "binary values are left out: “blob”" in result_text(result)


def test_layers_are_dated_by_their_own_columns(read, tmp_path):
    days = points(*TWO, n=[1, 2], d=["2024-12-01", "2024-12-02"])
    spans = points(*TWO, start=["2024-11-05", "2024-11-09"], end=["2024-11-06", "2024-11-01"])
    stamps = points(*TWO, observed=["2025-01-01", "soon"])
    none = points(*TWO, note=["x", "y"])
    body = gpkg({"days": days, "spans": spans, "stamps": stamps, "none": none})
    result = read(body, "a.gpkg")
    first, last = (
        [None if pd.isna(one) else one.date().isoformat() for one in result.times[name]]
        for name in ("from", "to")
    )
    rest = [None, "2025-01-01", None, None, None]
    assert first == ["2024-12-01", "2024-12-02", "2024-11-05", *rest]
    assert last == ["2024-12-01", "2024-12-02", "2024-11-06", *rest]
    faults = {(one.layer, one.row, one.field) for one in result.undated}
    assert faults == {("spans", 2, "end"), ("stamps", 2, "observed")}
    texts = [one.text for one in result.messages]
    assert "2 rows without start and end dated by d." in texts
    assert (result.detected.date_from, result.detected.date_to) == ("start", "end")
    kept = {"date_from": "start", "date_to": "end"}
    assert read(body, "a.gpkg", **kept).times.equals(result.times)
    assert read(body, "a.gpkg", date_from="start", date_to="").times["from"].notna().sum() == 2


def test_a_layer_of_empty_geometries_is_placed_by_its_columns(read):
    empty = points(*TWO, lat=[35.4, 34.9], lon=[35.9, 35.8])
    empty["geometry"] = None
    result = read(gpkg({"empty": empty, "places": points(*TWO, name=["a", "b"])}), "a.gpkg")
    assert result.accepted == 4, result.messages
    assert [result.frame.geometry[0].x, result.frame.geometry[0].y] == [35.9, 35.4]
    assert result.detected.coordinates == ("lat", "lon")
    rejected = read(gpkg({"empty": empty[["geometry"]].assign(n=1)}), "a.gpkg")
    assert [one.why for one in rejected.rejected] == ["The row has no geometry."] * 2


@pytest.mark.parametrize(("ids", "verdict"), [([1, 2], "accept"), ([1, 1], "accept-with-warning")])
def test_ids_are_unique_within_a_layer(read, ids, verdict):
    body = gpkg({"a": points(*TWO, id=[1, 2], a=[1, 2]), "b": points(*TWO, id=ids, b=[3, 4])})
    result = read(body, "a.gpkg")
    assert (result.verdict, result.accepted) == (verdict, 4), result.messages
    assert result.detected.id is None
