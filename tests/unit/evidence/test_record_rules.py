"""Each validation rule: the fault of a broken record names file, record and field."""

import json

import pytest
from click.testing import CliRunner
from pydantic import ValidationError

from geo.cli.main import main
from geo.errors import EvidenceError
from geo.evidence import Claim, load_evidence

ALL_MISSING = ("url", "archive_url", "accessed_on", "copy_sha256")
NO_ARCHIVE = dict.fromkeys(("archive_url", "accessed_on", "copy_sha256"), "unknown")
NO_COPY_OR_DAY = dict.fromkeys(("accessed_on", "copy_sha256"), "unknown")
NO_ARCHIVE_OR_DAY = dict.fromkeys(("archive_url", "accessed_on"), "unknown")
NO_ARCHIVE_OR_COPY = dict.fromkeys(("archive_url", "copy_sha256"), "unknown")
IMAGE = {
    "sha256": "0" * 64,
    "credit": "Nobody: an example",
    "alt": "An example",
    "licence": "CC0",
    "may_publish": False,
}
# (file, record, changed values, field of the fault)
BROKEN = {
    "a claim without a source": ("claims.json", "nyt-01", {"source": None}, "source"),
    "a source that is not there": ("claims.json", "nyt-01", {"source": "nobody"}, "source"),
    "a source of the other set": (
        "claims.json",
        "nyt-01",
        {"source": "wider-usni-2024-12-10"},
        "id",
    ),
    "a place that is not there": ("claims.json", "nyt-01", {"place": "atlantis"}, "place"),
    "drawn without a place": ("claims-wider.json", "ext-16", {"place": None}, "place"),
    "exact without a point": (
        "claims.json",
        "nyt-15",
        {"location_class": "exact"},
        "location_class",
    ),
    "a day with two ends": (
        "claims.json",
        "nyt-01",
        {"observed_to": "2024-12-14"},
        "observed_to",
    ),
    "an end before the start": (
        "claims.json",
        "nyt-14",
        {"observed_to": "2024-12-07"},
        "observed_from",
    ),
    "a range without a start": (
        "claims.json",
        "nyt-14",
        {"observed_from": None},
        "observed_from",
    ),
    "a day without a date": (
        "claims.json",
        "nyt-01",
        {"observed_to": None},
        "observed_to",
    ),
    "by with a start": (
        "claims.json",
        "s400-16",
        {"observed_from": "2024-12-08"},
        "observed_from",
    ),
    "by without an end": ("claims.json", "s400-16", {"observed_to": None}, "observed_to"),
    "undated with a date": (
        "claims.json",
        "nyt-10",
        {"observed_to": "2024-12-13"},
        "observed_to",
    ),
    "a day that does not exist": (
        "claims.json",
        "nyt-14",
        {"observed_to": "2024-02-30"},
        "observed_to",
    ),
    "a day as a number": ("claims.json", "nyt-14", {"observed_to": 20241213}, "observed_to"),
    "counts upside down": ("claims.json", "nyt-01", {"count_min": 3}, "count_min"),
    "several with a count": ("claims.json", "nyt-15", {"count_min": 3}, "count_min"),
    "dozens with a count": ("claims-wider.json", "ext-17e", {"count_max": 48}, "count_max"),
    "a count in words": ("claims.json", "nyt-01", {"count_min": "two"}, "count_min"),
    "a count below zero": ("claims.json", "nyt-05", {"count_min": -1}, "count_min"),
    "an unknown evidence kind": ("claims.json", "nyt-01", {"evidence": "rumour"}, "evidence"),
    "an unknown stance": ("claims.json", "nyt-01", {"stance": "fleeing"}, "stance"),
    "an unknown certainty": ("claims.json", "nyt-01", {"certainty": "sure"}, "certainty"),
    "no words": ("claims.json", "nyt-01", {"says": ""}, "says"),
    "no origin": ("claims.json", "nyt-01", {"origins": []}, "origins"),
    "a field of no meaning": ("claims.json", "nyt-01", {"colour": "red"}, "colour"),
    "a link that runs": ("sources.json", "wider-usni-2024-12-10", {"url": "javascript:1"}, "url"),
    "a month with a day": (
        "sources.json",
        "wider-t-online-2024-12",
        {"reported_on": "2024-12-01"},
        "reported_on",
    ),
    "a day of report that is missing": (
        "sources.json",
        "wider-usni-2024-12-10",
        {"reported_on": None},
        "reported_on",
    ),
    "a month without words": (
        "sources.json",
        "wider-t-online-2024-12",
        {"reported_on_words": None},
        "reported_on_words",
    ),
    "an address that is missing without a reason": (
        "sources.json",
        "wider-usni-2024-12-10",
        {"url": None, "missing": dict.fromkeys(ALL_MISSING, "unknown")},
        "url_note",
    ),
    "a part of the provenance without a reason": (
        "sources.json",
        "wider-usni-2024-12-10",
        {"missing": dict.fromkeys(("archive_url", "copy_sha256"), "withheld")},
        "missing.accessed_on",
    ),
    "a reason beside what is given": (
        "sources.json",
        "wider-usni-2024-12-10",
        {"missing": dict.fromkeys(ALL_MISSING, "unknown")},
        "missing.url",
    ),
    "a reason of no vocabulary": (
        "sources.json",
        "wider-usni-2024-12-10",
        {"missing": NO_ARCHIVE | {"archive_url": "lost"}},
        "missing.archive_url",
    ),
    "an archive that is no address": (
        "sources.json",
        "wider-usni-2024-12-10",
        {"archive_url": "archive/1", "missing": NO_COPY_OR_DAY},
        "archive_url",
    ),
    "a copy that is no SHA-256": (
        "sources.json",
        "wider-usni-2024-12-10",
        {"copy_sha256": "A" * 64, "missing": NO_ARCHIVE_OR_DAY},
        "copy_sha256",
    ),
    "a source read before it was published": (
        "sources.json",
        "wider-usni-2024-12-10",
        {"accessed_on": "2024-12-08", "missing": NO_ARCHIVE_OR_COPY},
        "accessed_on",
    ),
    "an image that may be published under no licence": (
        "claims.json",
        "nyt-01",
        {"image": IMAGE | {"licence": None, "may_publish": True}},
        "image.licence",
    ),
    "an image without credit": (
        "claims.json",
        "nyt-01",
        {"image": IMAGE | {"credit": ""}},
        "image.credit",
    ),
    "an image that is no SHA-256": (
        "claims.json",
        "nyt-01",
        {"image": IMAGE | {"sha256": "../../etc/passwd"}},
        "image.sha256",
    ),
    "a reason beside an address": (
        "sources.json",
        "wider-usni-2024-12-10",
        {"url_note": "not known"},
        "url_note",
    ),
    "a kind of the other set": (
        "sources.json",
        "wider-usni-2024-12-10",
        {"kind": "press article"},
        "kind",
    ),
    "a conflict of one": ("conflicts.json", "convoy-length", {"claims": ["nyt-06"]}, "claims"),
    "a conflict with itself": (
        "conflicts.json",
        "convoy-length",
        {"claims": ["nyt-06", "nyt-06", "ext-07b"]},
        "claims",
    ),
    "a conflict with nobody": (
        "conflicts.json",
        "convoy-length",
        {"claims": ["nyt-06", "ext-07"]},
        "claims",
    ),
    "half a point": ("places.json", "khmeimim", {"lat": None}, "lat"),
    "a point off the globe": ("places.json", "khmeimim", {"lat": 354.011}, "lat"),
    "an area called certain": (
        "places.json",
        "tartus-offshore",
        {"drawn_note": "the holding area"},
        "drawn_note",
    ),
    "a recipe of no kind": (
        "places.json",
        "tartus",
        {"geometry": {"kind": "guess"}},
        "geometry",
    ),
    "a box without extent": (
        "places.json",
        "tartus",
        {"geometry": {"kind": "bounds", "bounds": [35.9, 34.9, 35.8, 34.8]}},
        "geometry.bounds.bounds",
    ),
    "a route that is not there": (
        "places.json",
        "convoy-damascus-homs",
        {"geometry": {"kind": "route", "leg": "M9"}},
        "geometry.leg",
    ),
    "the hull of another place": (
        "places.json",
        "tartus",
        {"geometry": {"kind": "hull", "of": ["runways"], "buffer_m": 400}},
        "geometry",
    ),
    "a route of one point": (
        "routes.json",
        "M5",
        {"points": [[36.3, 33.5, "own"]]},
        "points",
    ),
    "a town off the globe": ("towns.json", "Homs", {"lon": 367.2}, "lon"),
}


@pytest.mark.parametrize(("file", "record", "values", "field"), BROKEN.values(), ids=BROKEN)
def test_fault_names_the_broken_record(folder, file, record, values, field):
    folder.set(file, record, **values)
    assert folder.places_of_faults == [(file, record, field)]
    with pytest.raises(EvidenceError, match=f"{file}, {record}, {field}"):
        load_evidence(folder.path)


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"centre": "atlantis"}, "geometry.centre"), ({"inner_m": 12_000}, "geometry.sector.inner_m")],
)
def test_fault_names_the_broken_sector(folder, evidence, changes, field):
    recipe = evidence.place_by_id["tartus-offshore"].geometry.model_dump() | changes
    folder.set("places.json", "tartus-offshore", geometry=recipe)
    assert folder.places_of_faults == [("places.json", "tartus-offshore", field)]


def test_fault_names_the_missing_field(folder):
    folder.change("claims.json", lambda records: records[3].pop("attributed_to"))
    (fault,) = folder.faults
    assert (fault.record, fault.field, fault.value) == ("nyt-04", "attributed_to", "missing")


@pytest.mark.parametrize(
    ("file", "like", "new", "where"),
    [
        ("claims.json", "nyt-01", "nyt-01", [("claims.json", "nyt-01")]),
        ("claims-wider.json", "ext-16", "ext-09", [("claims-wider.json", "ext-09")]),
        # ids are unique across both files; ext- is for wider reporting
        (
            "claims.json",
            "nyt-01",
            "ext-16",
            [("claims.json", "ext-16"), ("claims-wider.json", "ext-16"), ("claims.json", "ext-16")],
        ),
        (
            "claims-wider.json",
            "ext-16",
            "ext-16a",
            [("claims-wider.json", "ext-16a")],
        ),  # both whole and in parts
        ("claims-wider.json", "ext-16", "note-1", [("claims-wider.json", "note-1")]),
        ("places.json", "tartus", "tartus", [("places.json", "tartus")]),
    ],
)
def test_fault_names_the_id_out_of_order(folder, file, like, new, where):
    folder.add(file, like, id=new)
    assert folder.places_of_faults == [(f, r, "id") for f, r in where]


def test_all_faults_of_records_are_reported_at_once(folder):
    folder.set("claims.json", "nyt-01", stance="fleeing", count_min=9, observed_to="2024-12-14")
    folder.set("claims-wider.json", "ext-09", source="nobody")
    folder.set("routes.json", "M5", inference="sure")
    assert set(folder.places_of_faults) == {
        ("claims.json", "nyt-01", "stance"),
        ("claims.json", "nyt-01", "count_min"),
        ("claims.json", "nyt-01", "observed_to"),
        ("claims-wider.json", "ext-09", "source"),
        ("routes.json", "M5", "inference"),
    }
    with pytest.raises(EvidenceError) as caught:
        load_evidence(folder.path)
    message = str(caught.value)
    assert message.startswith("5 things are wrong")
    assert all(str(fault) in message for fault in folder.faults)


def test_fault_is_one_line_with_value_and_remedy(folder):
    folder.set("claims.json", "nyt-01", certainty="sure\nabout it")
    (fault,) = folder.faults
    assert "\n" not in str(fault)
    assert str(fault).startswith("claims.json, nyt-01, certainty: not a word of this vocabulary")
    assert "'observed'" in fault.remedy


def test_broken_record_causes_no_faults_in_referring_records(folder):
    folder.set("places.json", "tartus", licence=None)
    folder.set("sources.json", "nyt-2024-12-13", kind="")
    assert folder.places_of_faults == [
        ("sources.json", "nyt-2024-12-13", "kind"),
        ("places.json", "tartus", "licence"),
    ]


@pytest.mark.parametrize(
    ("text", "record", "said"),
    [
        ('{"claims": [\n{"id": "a"},\n{"id": }\n]}', "line 3", "not valid JSON"),
        ("", "line 1", "not valid JSON"),
        (b'{"claims": [\n"\xff"]}', "line 2", "not UTF-8"),
        ("[1, 2]", "", "holds no 'claims'"),
        ('{"claims": [], "more": 1}', "", "no such part"),
        ('{"claims": ["nyt-01"]}', "record 1", "a record is an object"),
        ('{"claims": [' + "[" * 100_000, "", "not JSON that can be read"),
        ('{"claims": [{"id": "a", "count_min": NaN}]}', "", "not a number"),
        ('{"claims": [{"id": "a", "says": "x", "says": "y"}]}', "a", "written twice"),
        ('{"claims": [{"count_min": ' + "9" * 5000 + "}]}", "", "not JSON that can be read"),
    ],
)
def test_fault_names_the_unreadable_file(folder, text, record, said):
    folder.write("claims.json", text)
    found = [f for f in folder.faults if f.file == "claims.json" and f.record == record]
    assert any(said in fault.why for fault in found)
    with pytest.raises(EvidenceError):
        load_evidence(folder.path)


@pytest.mark.parametrize("file", ["case.json", "sources.json", "places.json", "claims.json"])
def test_fault_names_the_missing_file(folder, file):
    for one in folder.path.glob("claims*.json") if file == "claims.json" else [folder.path / file]:
        one.unlink()
    fault = next(one for one in folder.faults if one.file == file)
    assert fault.record == ""
    assert "cannot be read" in fault.why


def test_outline_around_runways_needs_the_airfield(folder):
    (folder.path / "airfield.json").unlink()
    (fault,) = folder.faults
    assert (fault.file, fault.record, fault.field) == ("places.json", "khmeimim", "geometry")


def test_second_airfield_is_a_fault(folder):
    content = json.loads((folder.path / "airfield.json").read_text())
    folder.write("airfield.json", json.dumps({"airfield": [content["airfield"]] * 2}))
    assert folder.places_of_faults == [("airfield.json", "", "airfield")]


def test_claim_created_in_code_is_validated(evidence):
    claim = next(one for one in evidence.claims if one.id == "nyt-01")
    good = claim.model_dump()
    assert Claim.model_validate(good) == claim
    with pytest.raises(ValidationError, match="observed_to"):
        Claim.model_validate(good | {"observed_to": "2024-12-14"})


def test_records_are_frozen(evidence):
    with pytest.raises(ValidationError, match="frozen"):
        evidence.claims[0].says = "something else"


def test_check_command_returns_exit_codes(folder):
    check = ["check-data", str(folder.path)]
    assert CliRunner().invoke(main, check).exit_code == 0
    folder.set("claims.json", "nyt-01", stance="fleeing")
    answer = CliRunner().invoke(main, check)
    assert answer.exit_code == 1
    assert "claims.json, nyt-01, stance" in answer.stderr
    assert CliRunner().invoke(main, ["check-data", "no/such/folder", "more"]).exit_code == 2
