"""The case: rules of case.json, its sets of sources, and files that may be missing."""

import json

import pytest
from pydantic import model_validator
from pydantic_core import PydanticCustomError

from geo.case_file import map_page_paths
from geo.claim_files.names import list_known
from geo.errors import ViewError
from geo.evidence import check_evidence, load_evidence
from geo.evidence.case import Case
from geo.evidence.case_rules import RESERVED_PATHS
from geo.evidence.json_records import RecordTable, add_record
from geo.evidence.layer_tables import build_rings_frame, build_routes_frame
from geo.evidence.provenance import PROVENANCE_FIELDS
from geo.evidence.record import Record
from geo.ledger.records import Records, check_records
from geo.page_registry import list_pages
from geo.server.request_guard import KNOWN_PATHS
from geo.server.routes import routes
from tests.support.small_cases import copy_new_case, make_five_sets

PAGE = {"path": "home", "about": "All."}
SMALL = {
    "title": "Synthetic",
    "frame": [0, 0, 1, 1],
    "source_sets": [{"id": "one", "label": "One"}],
    "pages": [PAGE],
}


def test_case_of_one_set_has_no_choice_and_its_id_means_all():
    case = Case.model_validate(SMALL)
    assert list(case.source_choices) == ["all"]
    assert [case.find_sources(name) for name in ("", "one", "all")] == ["all"] * 3
    with pytest.raises(ViewError, match="one, all"):
        case.find_sources("other")


@pytest.mark.parametrize(("default", "shown"), [(None, "all"), (0, "a"), (3, "d")])
def test_default_set_is_shown_at_first_and_without_one_all_are(default, shown):
    sets = [{"id": name, "label": name, "default": n == default} for n, name in enumerate("abcde")]
    case = Case.model_validate(SMALL | {"source_sets": sets})
    assert list(case.source_choices) == ["a", "b", "c", "d", "e", "all"]
    assert case.find_sources("") == case.default_sources == shown
    assert case.find_sources("b") == "b"


BROKEN = {
    "two sets of one id": ({"source_sets": SMALL["source_sets"] * 2}, "two sets have this id"),
    "a set named all": ({"source_sets": [{"id": "all", "label": "x"}]}, "all sets together"),
    "two defaults": (
        {"source_sets": [{"id": n, "label": n, "default": True} for n in "ab"]},
        "only one set",
    ),
    "no set": ({"source_sets": []}, "source_sets"),
    "no page": ({"pages": []}, "pages"),
    "two pages of one path": ({"pages": [PAGE, PAGE]}, "two pages have this path"),
    "a first page of one place": ({"pages": [PAGE | {"places": ["x"]}]}, "about all places"),
    "a path of the server": ({"pages": [PAGE | {"path": "tiles"}]}, "has this path"),
    "a path with a slash": ({"pages": [PAGE | {"path": "a/b"}]}, "path"),
    "an unknown section": ({"pages": [PAGE | {"sections": ["charts"]}]}, "sections"),
    "days in reverse": ({"default_days": ["2024-02-02", "2024-02-01"]}, "first and last day"),
    "no zone": ({"time_zone": "Moon/Base"}, "time zone"),
    "a frame upside down": ({"frame": [0, 1, 1, 0]}, "no extent"),
    "a point off the Earth": ({"frame": [0, 0, 1, 91]}, "frame"),
}


@pytest.mark.parametrize(("change", "why"), BROKEN.values(), ids=BROKEN)
def test_broken_case_is_refused_with_the_reason(change, why):
    with pytest.raises(ValueError, match=why):
        Case.model_validate(SMALL | change)


def test_frame_may_cross_the_180th_meridian():
    assert Case.model_validate(SMALL | {"frame": [170, -20, -170, -10]}).frame[0] == 170


def test_no_page_of_a_case_can_hide_another_page_or_an_address_of_the_server():
    fixed = {page.path for page in list_pages() if page.frame is None}
    served = {path.split("/")[1] for path in KNOWN_PATHS}
    firsts = {getattr(route, "path", "").split("/")[1] for route in routes()}
    own = {page.path for page in list_pages() if page.frame}
    known = (fixed | served | firsts) - own - {"", "_stcore"}
    assert known <= RESERVED_PATHS


def test_small_case_has_empty_layers_of_what_it_does_not_have(tmp_path):
    records = load_evidence(copy_new_case(tmp_path / "case"))
    assert (records.routes, records.airfield, records.conflicts, records.towns) == (
        (),
        None,
        (),
        (),
    )
    routes_frame, rings_frame = build_routes_frame(records), build_rings_frame(records)
    assert (len(routes_frame), len(rings_frame)) == (0, 0)
    assert str(routes_frame.crs) == str(rings_frame.crs) == "EPSG:4326"


def test_cross_references_of_the_case_are_checked(tmp_path):
    def edit(content):
        case = content["case"]
        case["rings"] = {"centre": "nowhere", "radii_m": [1000]}
        case["briefing"] = "lost"
        case["pages"][1] |= {"places": ["nowhere"], "not_shown": ["nothing"]}

    faults = check_evidence(copy_new_case(tmp_path / "case", case=edit))
    assert [(one.file, one.field, one.value) for one in faults] == [
        ("case.json", "briefing", "'lost'"),
        ("case.json", "rings.centre", "'nowhere'"),
        ("case.json", "pages.1.places", "'nowhere'"),
        ("case.json", "pages.1.not_shown", "'nothing'"),
    ]


def test_set_of_a_source_must_be_one_of_the_case_and_have_its_kind(tmp_path):
    assert check_evidence(make_five_sets(tmp_path / "five")) == []

    def rename(content):
        content["case"]["source_sets"][0]["id"] = "renamed"

    def demand_books(content):
        content["case"]["source_sets"][0]["kind"] = "book"

    for edit, field in ((rename, "set"), (demand_books, "kind")):
        [fault] = check_evidence(copy_new_case(tmp_path / field, case=edit))
        assert (fault.file, fault.record, fault.field) == ("sources.json", "example-source", field)


def test_source_without_a_reason_for_what_is_missing_is_a_fault_and_not_left_out(tmp_path):
    def edit(content):
        del content["sources"][0]["missing"]

    faults = check_evidence(copy_new_case(tmp_path / "case", sources=edit))
    assert [(one.file, one.record, one.field) for one in faults] == [
        ("sources.json", "example-source", f"missing.{name}") for name in PROVENANCE_FIELDS
    ]


def test_record_that_no_rule_explains_is_still_a_fault():
    class Odd(Record):
        id: str

        @model_validator(mode="after")
        def refuse(self) -> "Odd":
            raise PydanticCustomError("odd", "an odd record")

    table = RecordTable("odd.json")
    add_record({"id": "one"}, 1, Odd, table)
    assert [(one.record, one.why) for one in table.faults] == [("one", "an odd record")]
    assert table.records == []


def test_fault_within_a_set_is_not_followed_by_one_of_their_number(tmp_path):
    def edit(content):
        content["case"]["source_sets"][0]["id"] = "my set"

    faults = check_evidence(copy_new_case(tmp_path / "case", case=edit))
    assert [one.field for one in faults] == ["source_sets.0.id"]


def test_lost_file_of_sources_is_one_fault_not_one_for_each_report(tmp_path):
    folder = copy_new_case(tmp_path / "case")
    (folder / "sources.json").unlink()
    [fault] = check_evidence(folder)
    assert (fault.file, fault.record) == ("sources.json", "")


def test_without_a_table_of_systems_reports_may_write_any_name(tmp_path):
    records = load_evidence(copy_new_case(tmp_path / "case"))
    assert records.free_names == ("systems", "origins")
    assert records.known_systems == ("example system",)
    [claim, _] = records.claims
    fields = claim.model_dump(mode="json")
    new = Records(claims=(fields | {"id": "example-03", "systems": ["another system"]},))
    assert check_records(records, new).faults == ()
    assert list_known(records)["systems"].find("Example  System") == "example system"
    assert list_known(records)["systems"].find("another system") == "another system"


def edit_first(path, **values):
    """Change values of the first record of a file."""
    content = json.loads(path.read_text("utf-8"))
    [key] = content.keys() - {"note"}
    record = content[key][0] if isinstance(content[key], list) else content[key]
    record.update(values)
    path.write_text(json.dumps(content), "utf-8")


TOLD = {
    "number in quotes": ("claims", {"count_min": "3"}, "example-01, count_min: not a whole number"),
    "text for a list": ("claims", {"systems": "x"}, "example-01, systems: not a list ('x')"),
    "no kind": ("places", {"geometry": {"kind": "x"}}, "geometry: no such kind ({'kind': 'x'})"),
    "text for an object": ("places", {"geometry": "x"}, "geometry: not an object ('x')"),
    "box": (
        "places",
        {"geometry": {"kind": "bounds", "bounds": [0, 2, 1, 1]}},
        "example-place, geometry.bounds.bounds: the box has no extent",
    ),
    "no page": ("case", {"pages": []}, "record 1, pages: the list is empty"),
    "two pages": ("case", {"pages": [PAGE, PAGE]}, "record 1, pages: two pages have this path"),
    "two first sets": (
        "case",
        {"source_sets": [{"id": n, "label": n, "default": True} for n in ("sources", "b")]},
        "record 1, source_sets: only one set can be shown at first ('sources, b')",
    ),
    "no coordinate system": ("case", {"crs": ["EPSG:x"]}, "crs: no such coordinate system"),
}


@pytest.mark.parametrize(("stem", "values", "told"), TOLD.values(), ids=TOLD)
def test_fault_names_file_record_field_value_and_remedy(tmp_path, stem, values, told):
    folder = copy_new_case(tmp_path / "case")
    edit_first(folder / f"{stem}.json", **values)
    [fault] = map(str, check_evidence(folder))
    assert fault.startswith(f"{stem}.json, ")
    assert told in fault
    assert fault.rsplit(", ", 1)[1]


def test_swapped_coordinates_are_told_by_the_frame(tmp_path):
    folder = copy_new_case(tmp_path / "case")
    edit_first(folder / "places.json", lon=10.0, lat=-30.0, label_lon=10.0, label_lat=-30.0)
    faults = check_evidence(folder)
    assert [(one.file, one.field, one.value) for one in faults] == [
        ("places.json", "lon", "10, -30"),
        ("places.json", "label_lon", "10, -30"),
    ]
    edit_first(folder / "case.json", frame=[-31.0, -31.0, 11.0, 11.0])
    assert not check_evidence(folder)


@pytest.mark.parametrize("text", [b"", b"null", b'{"claims": [{"id"', b"\xff\xfe{"], ids=repr)
def test_file_of_claims_that_cannot_be_read_is_the_only_fault(tmp_path, text):
    folder = copy_new_case(tmp_path / "case")
    conflict = {"id": "q", "question": "?", "claims": ["example-01", "example-02"]}
    conflicts = {"conflicts": [conflict | {"note": "n", "set": "sources"}]}
    (folder / "conflicts.json").write_text(json.dumps(conflicts), "utf-8")
    assert not check_evidence(folder)
    (folder / "claims.json").write_bytes(text)
    assert [one.file for one in check_evidence(folder)] == ["claims.json"]


def test_places_that_cannot_be_read_are_the_only_fault(tmp_path):
    folder = copy_new_case(tmp_path / "case")
    (folder / "places.json").unlink()
    assert [one.file for one in check_evidence(folder)] == ["places.json"]


def test_byte_order_mark_is_no_fault(tmp_path, monkeypatch):
    folder = copy_new_case(tmp_path / "case")
    for path in folder.glob("*.json"):
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert not check_evidence(folder)
    monkeypatch.setenv("CASE", str(folder))
    assert map_page_paths() == ["overview", "example-page"]


def test_coordinate_that_is_no_number_is_told_with_its_field(tmp_path):
    folder = copy_new_case(tmp_path / "case")
    path = folder / "places.json"
    path.write_text(path.read_text("utf-8").replace("-30.0", "NaN", 1), "utf-8")
    assert "lon" in {one.field for one in check_evidence(folder)}
