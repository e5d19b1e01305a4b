"""Better local geography: what is read, credited and drawn, and what a faulty file is told."""

import json
import shutil

import pytest
from click.testing import CliRunner

from geo.cli.main import main
from geo.mapping.basemap_files import (
    encode_base_file,
    find_base_map_faults,
    list_base_files,
    read_attributions,
    write_base_credit,
)
from geo.mapping.frontend_assets import build_map_script
from geo.mapping.local_checks import check_local_file
from geo.mapping.local_layers import read_local_layers
from geo.settings import ASSETS
from tests.support.second_case import SYNTHETIC_PACIFIC

# within the frame of the case of the app
APRON = [
    [[35.944, 35.406], [35.9465, 35.406], [35.9465, 35.409], [35.944, 35.409], [35.944, 35.406]]
]
LINE = [[35.94, 35.40], [35.95, 35.41]]
SAID = {"source": "A survey", "licence": "CC0"}


def feature(kind="aprons", shape="Polygon", coordinates=APRON, **known):
    geometry = {"type": shape, "coordinates": coordinates}
    return {"type": "Feature", "properties": {"kind": kind, **known}, "geometry": geometry}


def collection(*features, **said):
    return {"type": "FeatureCollection", **SAID, **said, "features": list(features)}


@pytest.fixture
def case(tmp_path, monkeypatch):
    """Show a copy of the case of the app; caches are kept by its folder."""
    folder = tmp_path / "case"
    shutil.copytree(ASSETS / "case", folder)
    monkeypatch.setenv("CASE", str(folder))
    return folder


def put(case, content, name="better.geojson"):
    folder = case / "basemap" / "local"
    folder.mkdir(exist_ok=True, parents=True)
    path = folder / name
    text = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False)
    path.write_text(text, "utf-8")
    return path


def aprons_marked():
    features = json.loads(encode_base_file("airfield"))["features"]
    return [one["properties"]["name"] for one in features if one["properties"]["kind"] == "apron"]


def test_the_case_of_the_app_has_no_local_geography_and_marks_every_apron():
    assert "local" not in list_base_files()
    assert len(aprons_marked()) == 4


def test_a_good_file_is_drawn_credited_and_listed(case):
    put(case, collection(feature(name="Main"), attribution="Survey 2026", accuracy="5 m"))
    assert list_base_files()[-1] == "local"
    [drawn] = json.loads(encode_base_file("local"))["features"]
    assert drawn["properties"] == {"kind": "aprons", "name": "Main"}
    assert write_base_credit().endswith(", Survey 2026.")
    row = read_attributions()[-1]
    assert row["title"] == "Aprons (local/better.geojson); accuracy: 5 m"
    assert (row["source"], row["licence"]) == ("A survey", "CC0")


def test_an_apron_with_an_outline_is_not_marked_a_second_time(case):
    put(case, collection(feature()))
    assert len(aprons_marked()) == 3


def test_a_feature_goes_before_its_file_and_each_credit_stands_once(case):
    road = feature("roads", "LineString", LINE, source="Another", licence="MIT")
    put(case, collection(feature(), road))
    assert write_base_credit().endswith(", A survey, Another.")


def test_any_case_may_have_some(tmp_path, monkeypatch):
    folder = tmp_path / "case"
    shutil.copytree(SYNTHETIC_PACIFIC, folder)
    monkeypatch.setenv("CASE", str(folder))
    west, south, *_ = json.loads((folder / "case.json").read_text("utf-8"))["case"]["frame"]
    line = [[west + 0.1, south + 0.1], [west + 0.2, south + 0.2]]
    put(folder, collection(feature("quays", "LineString", line)))
    assert read_local_layers().faults == ()
    assert "local" in list_base_files()


def test_a_faulty_file_is_left_out_and_told_while_others_are_drawn(case, caplog):
    put(case, collection(feature()))
    put(case, collection(feature(kind="apron")), "wrong.geojson")
    assert len(json.loads(encode_base_file("local"))["features"]) == 1
    [fault] = find_base_map_faults()
    assert fault == (
        "basemap/local/wrong.geojson, feature 1, kind: no such kind (apron), "
        "write one of aprons, taxiways, roads, quays"
    )
    assert "wrong.geojson" in caplog.text


def test_hostile_text_stays_text(case):
    text = "</script><b>{{7*7}}</b> ${x}"
    put(case, collection(feature(name=text), attribution=text))
    assert json.loads(encode_base_file("local"))["features"][0]["properties"]["name"] == text
    build_map_script.cache_clear()
    try:
        assert "</script" not in build_map_script()
    finally:
        build_map_script.cache_clear()


BOW = [[[35.94, 35.40], [35.95, 35.41], [35.95, 35.40], [35.94, 35.41], [35.94, 35.40]]]
FAR = [[10.0, 50.0], [10.1, 50.1]]
WRONG = {
    "no JSON": ("{", "is no JSON"),
    "NaN": ('{"type": "FeatureCollection", "features": [NaN]}', "NaN is no number"),
    "twice": ('{"type": "FeatureCollection", "type": "Feature"}', "stands twice"),
    "a list": ("[]", "is no FeatureCollection"),
    "one feature": (feature(), "is no FeatureCollection"),
    "empty": (collection(), "holds no feature"),
    "null": (collection(None), "is no Feature"),
    "no geometry": (collection(feature(shape=None)), "no geometry for aprons"),
    "a point": (collection(feature(shape="Point", coordinates=[35.9, 35.4])), "no geometry for"),
    "an area as a road": (collection(feature("roads")), "no geometry for roads"),
    "crossing": (collection(feature(coordinates=BOW)), "crosses or touches itself"),
    "open": (collection(feature(coordinates=[APRON[0][:-1]])), "no such shape"),
    "far": (collection(feature("roads", "LineString", FAR)), "outside of the case's frame"),
    "swapped": (
        collection(feature("roads", "LineString", [[34.7, 36.0], [34.8, 36.1]])),
        "latitude before longitude",
    ),
    "out of range": (collection(feature("roads", "LineString", [[35.9, 95.0], LINE[1]])), "range"),
    "infinite": (
        '{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"kind": '
        '"roads"}, "geometry": {"type": "LineString", "coordinates": [[35.9, 1e999], [36, 35]]}}]}',
        "is no finite number",
    ),
    "words": (collection(feature("roads", "LineString", [["9", 35.4], LINE[1]])), "is no number"),
    "a flag": (collection(feature("roads", "LineString", [[True, 35.4], LINE[1]])), "is no number"),
    "no source": ({**collection(feature()), "source": None}, "source: is missing"),
    "no licence": ({**collection(feature()), "licence": None}, "licence: is missing"),
    "blank": (collection(feature(), attribution=" "), "attribution: is no text"),
    "a number": (collection(feature(name=7)), "name: is no text"),
    "control": (collection(feature(name="a\u202eb\n")), "control characters"),
    "field": (collection(feature(height=7)), "height: no such field (7)"),
    "member": (collection(feature(), owner="x"), "owner: no such field (x)"),
    "crs": (collection(feature(), crs={"type": "link"}), "no other coordinate system"),
    "the same": (collection(feature(), feature()), "the same as that of feature 1"),
    "deep": ("[" * 100_000, "is no JSON"),
    "large": (" " * 2_000_001, "larger than 2,000,000 bytes"),
}  # fmt: skip


@pytest.mark.parametrize(("content", "why"), WRONG.values(), ids=WRONG)
def test_each_fault_is_named_with_its_remedy(tmp_path, content, why):
    path = tmp_path / "wrong.geojson"
    path.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
    _, faults = check_local_file(path)
    assert any(why in str(fault) for fault in faults), faults
    assert all(fault.remedy and fault.file == "wrong.geojson" for fault in faults)


def test_a_byte_order_mark_and_heights_are_no_fault(tmp_path):
    path = tmp_path / "good.geojson"
    line = [[35.94, 35.40, 12], [35.95, 35.41, 13]]
    text = json.dumps(collection(feature("roads", "LineString", line)))
    path.write_bytes(b"\xef\xbb\xbf" + text.encode())
    features, faults = check_local_file(path)
    assert (len(features), faults) == (1, [])


def run(*words):
    return CliRunner().invoke(main, ["basemap", "check", *map(str, words)])


def test_the_command_says_what_is_wrong_and_how_it_ends(tmp_path):
    good, wrong = tmp_path / "good.geojson", tmp_path / "wrong.geojson"
    good.write_text(json.dumps(collection(feature())))
    wrong.write_text(json.dumps(collection(feature(kind="apron"))))
    done = run(good)
    assert (done.exit_code, done.stdout) == (
        0, "good.geojson: aprons 1. It can be put into basemap/local/ of the case.\n",
    )  # fmt: skip
    assert json.loads(run(good, "--json").stdout) == {"features": {"aprons": 1}, "faults": []}
    failed = run(wrong)
    assert failed.exit_code == 1
    assert "feature 1, kind: no such kind (apron)" in failed.stderr
    [fault] = json.loads(run(wrong, "--json").stdout)["faults"]
    assert fault["remedy"].startswith("write one of aprons")
    missing = run(tmp_path / "none.geojson")
    assert missing.exit_code == 1
    assert "there is no such file" in missing.stderr
    assert run().exit_code == 2
