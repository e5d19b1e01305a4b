"""The Layers page: upload, preview, correct, accept, style, hide and remove a layer."""

import hashlib
import json
import sys
from queue import Queue

import pytest
from streamlit.runtime.uploaded_file_manager import UploadedFile

from geo.app_context import session_layers
from geo.ingest.readers.detect_format import EXTENSIONS
from geo.mapping.legend import build_legend
from geo.selection import UPLOAD_PREVIEW
from tests.support.app_elements import assert_no_error, link_values, read_text

CSV = b"""id,name,lat,lon,day
a,Synthetic alpha,35.41,35.95,2024-12-12
b,Synthetic bravo,34.91,35.87,2024-12-13
c,Synthetic bad,no,36,2024-12-13
"""
HOSTILE = "![x](http://127.0.0.1:9/x.png) <img src=x onerror=alert(1)> {{7*7}} ${1}"


@pytest.fixture(autouse=True)
def own_folder(tmp_path, use_store, monkeypatch):
    """Store accepted layers in a temporary folder."""
    monkeypatch.setenv("OWN_FOLDER", str(tmp_path / "own"))
    use_store("")
    return tmp_path / "own"


def upload_file(at, name: str, body: bytes):
    at.file_uploader[0].upload(name, body, "application/octet-stream").run()
    at.session_state["upload_read"].job.wait(60)
    return at.run()


def press(at, label: str):
    return next(one for one in at.button if one.label == label).click().run()


def field(at, label: str, kind: str = "text_input"):
    return next(one for one in getattr(at, kind) if one.label == label)


def store_of(at):
    return session_layers().open(at.session_state["own_key"])


def accepted(open_page, name: str = "mine.csv", body: bytes = CSV):
    return assert_no_error(press(upload_file(open_page("layers"), name, body), "Accept the layer"))


def test_upload_is_previewed_before_it_is_saved(open_page):
    at = assert_no_error(upload_file(open_page("layers"), "mine.csv", CSV))
    told = read_text(at)
    assert "2 rows between" in told
    assert "; 1 rejected." in told
    assert "no" in told
    assert [info.name for info in store_of(at).layers()] == [UPLOAD_PREVIEW]
    assert link_values(at, "layer") == []


@pytest.mark.parametrize(("limit", "readied"), [("1", 1), ("2", 0)])
def test_preview_of_a_large_layer_prepares_density_tiles(
    open_page, use_store, monkeypatch, limit, readied
):
    monkeypatch.setenv("VECTOR_LIMIT", limit)
    use_store("")
    began = Queue()
    monkeypatch.setattr(
        "geo.mapping.density_tiles.compile_datashader", lambda: began.put("in the background")
    )
    at = assert_no_error(upload_file(open_page("layers"), "mine.csv", CSV))
    assert_no_error(at.run())
    if readied:
        assert began.get(timeout=20) == "in the background"
    assert began.empty()


def test_coordinate_system_is_typed_as_proj_text(open_page):
    at = upload_file(
        open_page("layers"), "plan.csv", b"name,x,y\nSynthetic,0,0\nSynthetic b,90,40\n"
    )
    assert "cannot be accepted" in read_text(at)
    box = next(one for one in at.text_input if one.label.startswith("Coordinate system"))
    box.set_value("+proj=aeqd +lat_0=35.4 +lon_0=35.95 +datum=WGS84")
    at = press(at, "Read it again like this")
    at.session_state["upload_read"].job.wait(60)
    assert "2 rows between 35.4000 and 35.4004 N" in read_text(assert_no_error(at.run()))


def test_chosen_repair_is_shown_ticked_and_can_be_taken_back(open_page):
    ring = "36 35, 37 36, 37 35, 36 36, 36 35"
    at = upload_file(open_page("layers"), "b.csv", f"n;wkt\n1;POLYGON (({ring}))\n".encode())
    for ticked, words in ((True, "0 rows"), (False, "1 row ")):
        box = next(one for one in at.checkbox if one.label.startswith("leave out rows with"))
        assert box.value is not ticked
        box.set_value(ticked)
        at = press(at, "Read it again like this")
        at.session_state["upload_read"].job.wait(60)
        at = assert_no_error(at.run())
        assert words in read_text(at)


def test_accepted_layer_is_on_the_maps_and_filtered_by_days(open_page):
    at = accepted(open_page)
    (info,) = store_of(at).layers()
    assert (info.title, info.rows, info.name.startswith("own-mine-")) == ("mine", 2, True)
    assert (str(info.date_from), str(info.date_to)) == ("2024-12-12", "2024-12-13")
    assert link_values(at, "layer") == [info.name]
    view = at.session_state["view"]
    assert view.layers == (info.name,)
    at = assert_no_error(at.switch_page(_script("overview")).run())
    (rows,) = at.session_state["page"].selection.layers
    assert rows.shown == 2
    at = assert_no_error(press(at, "Day before"))
    (rows,) = at.session_state["page"].selection.layers
    assert rows.frame["name"].tolist() == ["Synthetic alpha"]


def _script(path: str) -> str:
    from geo.page_registry import find_page

    return find_page(path).script


def test_detected_columns_can_be_corrected(open_page):
    at = upload_file(open_page("layers"), "mine.csv", CSV)
    field(at, "First day", "selectbox").set_value("— none —")
    field(at, "Last day", "selectbox").set_value("— none —")
    field(at, "Label", "selectbox").set_value("id")
    at = press(at, "Read it again like this")
    at.session_state["upload_read"].job.wait(60)
    at = assert_no_error(press(at.run(), "Accept the layer"))
    (info,) = store_of(at).layers()
    assert (info.date_from, info.label_column) == (None, "id")


def test_repair_is_applied_only_if_chosen(open_page):
    swapped = json.dumps(
        {
            "type": "FeatureCollection",
            "features": [
                {
                    "type": "Feature",
                    "properties": {"id": n},
                    "geometry": {"type": "Point", "coordinates": [34.5 + n / 10, 38.5]},
                }
                for n in range(3)
            ],
        }
    ).encode()
    at = upload_file(open_page("layers"), "swapped.geojson", swapped)
    before = at.session_state["upload_read"].job.result
    assert before.verdict != "reject"
    offered = [one for one in before.repairs if "swap" in one.id]
    assert offered
    box = next(one for one in at.checkbox if one.key == f"repair_{offered[0].id}")
    box.check()
    at = press(at, "Read it again like this")
    at.session_state["upload_read"].job.wait(60)
    after = assert_no_error(at.run()).session_state["upload_read"].job.result
    assert after.frame.geometry.y.round(1).tolist() == [34.5, 34.6, 34.7]


def test_layer_can_be_renamed_styled_hidden_and_removed(open_page):
    at = accepted(open_page)
    (info,) = store_of(at).layers()
    at.run()
    field(at, "Title").set_value("Renamed")
    next(one for one in at.color_picker if one.label == "Colour").set_value("#123456")
    at = assert_no_error(press(at, "Save"))
    (info,) = store_of(at).layers()
    assert (info.title, info.colour) == ("Renamed", "#123456")
    at = assert_no_error(press(at, "Hide"))
    assert link_values(at, "layer") == []
    at = assert_no_error(press(at, "Show on the maps"))
    assert link_values(at, "layer") == [info.name]
    at = assert_no_error(press(at, "Remove"))
    assert store_of(at).layers() == (info,)
    at = assert_no_error(press(at, "Keep it"))
    assert not any(one.label == "Remove it" for one in at.button)
    at = assert_no_error(press(assert_no_error(press(at, "Remove")), "Remove it"))
    assert store_of(at).layers() == ()
    assert link_values(at, "layer") == []


def test_each_accepted_layer_has_a_colour_of_its_own_that_stays(open_page):
    at = accepted(open_page)
    at = assert_no_error(press(upload_file(at, "other.csv", CSV), "Accept the layer"))
    first, second = (info.colour for info in store_of(at).layers())
    assert len({first, second, ""}) == 3
    legend = build_legend(at.session_state["page"].selection)
    shown = [entry["colour"] for entry in legend if entry["group"] == "layer"]
    assert sorted(shown) == sorted([first, second])


def test_search_without_a_report_counts_rows_of_a_layer_and_shows_them(open_page):
    at = accepted(open_page)
    at = assert_no_error(press(at, "Hide"))
    at = assert_no_error(at.switch_page(_script("overview")).run())
    at = assert_no_error(field(at, "Search the words").set_value("synthetic bravo").run())
    assert "0 of" in read_text(at)
    assert "No report, 1 row of your layer ‘mine’." in [one.value for one in at.text]
    at = assert_no_error(press(at, "Show 1 row of your layer ‘mine’"))
    (rows,) = at.session_state["page"].selection.layers
    assert rows.frame["name"].tolist() == ["Synthetic bravo"]


def test_search_without_a_match_suggests_what_may_be_meant(open_page):
    at = assert_no_error(open_page("overview", "q=heliopter"))
    at = assert_no_error(press(at, "Did you mean “helicopter”?"))
    assert at.session_state["view"].q == "helicopter"
    assert at.session_state["page"].selection.shown == 2
    at = assert_no_error(open_page("overview", "q=frigates"))
    at = assert_no_error(press(at, "4 reports without the other filters"))
    assert at.session_state["page"].selection.shown == 4


def test_search_for_a_system_says_which_reports_only_mention_it(open_page):
    at = assert_no_error(open_page("overview", "q=an+124&sources=all"))
    assert any("1 of these only mentions An-124" in one.value for one in at.text)
    at = assert_no_error(press(at, "Only reports about An\\-124"))
    assert at.session_state["view"].systems == ("An-124",)
    assert at.session_state["page"].selection.shown == 7


@pytest.mark.parametrize("body", [b"", b"\x00\xff" * 50, b"<html></html>", b"a,b\n1,2\n"])
def test_invalid_file_is_rejected_and_the_page_stays_usable(open_page, body):
    at = upload_file(open_page("layers"), "bad.csv", body)
    assert not at.exception
    assert "cannot be accepted" in read_text(at)
    assert not any(one.label == "Accept the layer" for one in at.button)
    assert_no_error(upload_file(at, "mine.csv", CSV))


def test_hostile_layer_names_break_no_page(open_page):
    body = json.dumps(
        {
            "type": "FeatureCollection",
            "features": [
                {
                    "type": "Feature",
                    "properties": {HOSTILE: HOSTILE, "name": HOSTILE},
                    "geometry": {"type": "Point", "coordinates": [35.95, 35.41]},
                }
            ],
        }
    ).encode()
    at = accepted(open_page, f"{HOSTILE[:60].replace('/', '_')}.geojson", body)
    assert_no_error(at.run())
    (info,) = store_of(at).layers()
    labels = [one.label for one in at.expander]
    assert not any("![x](" in label for label in labels)
    assert_no_error(
        open_page(
            "overview",
            f"layer={info.name}",
            own_key=at.session_state["own_key"],
            table_open=True,
            away_open=True,
        )
    )


def test_rerun_neither_copies_nor_hashes_the_file(open_page, monkeypatch):
    copies, hashed = [], []
    real_copy, real_hash = UploadedFile.getvalue, hashlib.sha256

    def getvalue(file):
        if sys._getframe(1).f_globals["__name__"] == "geo.ui.upload":  # not from AppTest
            copies.append(file.file_id)
        return real_copy(file)

    def sha256(data=b"", **options):
        hashed.append(len(data))
        return real_hash(data, **options)

    monkeypatch.setattr(UploadedFile, "getvalue", getvalue, raising=False)
    monkeypatch.setattr("geo.ui.upload.hashlib.sha256", sha256)
    body = CSV + b"d,Synthetic delta,35,36,2024-12-13\n" * 3_000
    at = upload_file(open_page("layers"), "mine.csv", body)
    for _ in range(3):
        at = assert_no_error(at.run())
    assert len(copies) == 1
    assert len(body) not in hashed


def test_uploader_accepts_every_supported_extension(open_page):
    allowed = set(open_page("layers").file_uploader[0].proto.type)
    assert allowed == set(EXTENSIONS)


def test_session_layer_is_invisible_in_another_session(open_page):
    at = accepted(open_page)
    (info,) = store_of(at).layers()
    other = open_page("overview", f"layer={info.name}")
    assert not other.exception
    [notice] = (one.value for one in other.info)
    assert notice.startswith("This link shows a layer that only its author's browser holds")
    assert info.name not in other.session_state["view"].layers


def shared_link(at) -> str:
    at.session_state["away_open"] = True
    return next(one.value for one in assert_no_error(at.run()).code if "v=" in one.value)


def open_copied(open_page, link: str):
    return assert_no_error(open_page("overview", link.partition("?")[2]))


def open_author(open_page, at, query: str = ""):
    return assert_no_error(open_page("overview", query, own_key=at.session_state["own_key"]))


def test_link_of_an_author_with_hidden_layers_says_nothing(open_page):
    mine = accepted(open_page)
    link = shared_link(open_author(open_page, mine))
    assert "own-" not in link
    assert not open_copied(open_page, link).info


def test_hiding_a_layer_takes_its_chosen_feature_out_of_the_address(open_page):
    mine = accepted(open_page)
    [info] = store_of(mine).layers()
    key = mine.session_state["own_key"]
    chosen = f"layer={info.name}&claim={info.name}%2Fa"
    at = assert_no_error(open_page("layers", chosen, own_key=key))
    assert link_values(at, "claim") == [f"{info.name}/a"]
    at = assert_no_error(press(at, "Hide"))
    assert link_values(at, "claim") == link_values(at, "layer") == []


def test_link_with_two_session_layers_is_one_sentence_for_a_colleague(open_page):
    mine = accepted(open_page)
    again = open_page("layers", "", own_key=mine.session_state["own_key"])
    more = upload_file(again, "second.csv", CSV.replace(b"Synthetic alpha", b"Synthetic delta"))
    mine = assert_no_error(press(more, "Accept the layer"))
    names = [info.name for info in store_of(mine).layers()]
    assert len(names) == 2
    author = open_author(open_page, mine, "&".join(f"layer={name}" for name in names))
    assert not author.info
    link = shared_link(author)
    assert all(name in link for name in names)
    [warning] = (one.value for one in author.info)
    assert "Only your browser has" in warning
    theirs = open_copied(open_page, link)
    [notice] = (one.value for one in theirs.info)
    assert "2 layers that only its author's browser holds" in notice
    assert "“mine”, “second”" in notice
    assert not any("other data" in one.value for one in theirs.text)


def test_sharing_needs_the_operators_setting(open_page, tmp_path, use_store):
    at = upload_file(open_page("layers"), "mine.csv", CSV)
    assert not any("Share" in one.label for one in at.checkbox)


def test_shared_layer_is_public_with_its_original_and_sharer(
    open_page, tmp_path, use_store, monkeypatch
):
    shared = tmp_path / "shared"
    shared.mkdir()
    monkeypatch.setenv("SHARE_UPLOADS", "1")
    use_store(shared)
    at = upload_file(open_page("layers"), "mine.csv", CSV)
    box = next(one for one in at.checkbox if one.label.startswith("Share it"))
    at = box.check().run()
    at = press(at, "Accept the layer")
    assert "Enter who shares the layer" in " ".join(one.value for one in at.text)
    field(at, "Shared by").set_value("A synthetic reader")
    at = assert_no_error(press(at, "Accept the layer"))
    other = assert_no_error(open_page("overview", "layer=mine"))
    (rows,) = other.session_state["page"].selection.layers
    assert rows.shown == 2
    info = other.session_state["page"].context.store.layer("mine")
    assert info.attribution.startswith("Shared by A synthetic reader on")
    (original,) = (shared / "originals").iterdir()
    assert original.read_bytes() == CSV


def test_layer_table_contains_the_filtered_rows(open_page):
    at = accepted(open_page)
    (info,) = store_of(at).layers()
    query = f"layer={info.name}&from=2024-12-13&to=2024-12-13"
    at = assert_no_error(
        open_page("overview", query, table_open=True, own_key=at.session_state["own_key"])
    )
    assert "mine: 1 of 2 rows; 12–13 December 2024" in [one.value for one in at.text]
    table = at.dataframe[1].value
    assert table[["id", "name", "day"]].to_numpy().tolist() == [
        ["b", "Synthetic bravo", "2024-12-13"]
    ]


def test_preview_of_rows_across_180_degrees_shows_one_side_and_says_so(open_page, monkeypatch):
    frames = []
    monkeypatch.setattr("geo.ui.upload.draw_map", lambda *_, frame, **__: frames.append(frame))
    body = b"name,lat,lon\na,-17,179.2\nb,-17.5,179.4\nc,-17,-179.5\n"
    at = assert_no_error(upload_file(open_page("layers"), "far.csv", body))
    west, _, east, _ = frames[-1].bounds
    assert 178 < west < 179.2 < 179.4 < east < 180
    said = "The map ends at 180 degrees; 1 row is at its other edge."
    assert said in [one.value for one in at.caption]
