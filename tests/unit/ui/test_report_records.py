"""The records that the report form becomes, and the form of a report that is there."""

import html
import re
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.evidence import Claim, Source, builtin_evidence
from geo.evidence.models import Place
from geo.ledger.change_notes import find_field_changes
from geo.ledger.records import Records, check_records
from geo.ui.record_changes import render_field_changes, render_new_record
from geo.ui.report_preview import make_preview_row, render_preview
from geo.ui.report_records import BuiltReport, build_report
from geo.ui.report_words import (
    describe_certainty,
    describe_evidence,
    describe_location,
    describe_stance,
    list_undescribed,
)
from geo.ui.typed_report import NEW, TypedReport, read_point, type_claim
from tests.support.hostile_texts import TEXTS

EVIDENCE = builtin_evidence()
FULL = TypedReport(
    source="nyt-2024-12-13",
    says="A synthetic sentence of a test.",
    systems=("Ka-52",),
    first_day="2024-12-13",
    place="khmeimim",
    location_class="locality",
    evidence="photo",
)
NEW_SOURCE = FULL.model_copy(
    update={
        "source": NEW,
        "publisher": "The Synthetic Gazette",
        "url": "https://example.org/a",
        "reported_on": "2024-12-14",
        "source_set": "articles",
    }
)
NEW_PLACE = FULL.model_copy(
    update={"place": NEW, "place_name": "Test ridge", "place_point": "35.4, 35.9"}
)


def build(typed: TypedReport, taken: tuple[str, ...] = ()) -> BuiltReport:
    return build_report(typed, EVIDENCE, taken, lambda source: "new-01")


def find_faults(built: BuiltReport) -> list:
    records = Records(
        claims=(built.claim,),
        sources=(built.source,) if built.source else (),
        places=(built.place,) if built.place else (),
        origins=built.origins,
        systems=built.systems,
    )
    return [*built.faults, *check_records(EVIDENCE, records).faults]


@pytest.mark.parametrize("typed", [FULL, NEW_SOURCE, NEW_PLACE])
def test_full_form_becomes_valid_records(typed):
    built = build(typed)
    assert find_faults(built) == []
    assert Claim.model_validate(built.claim).origins == ("unnamed:new-01",)


@pytest.mark.parametrize("claim", EVIDENCE.claims, ids=lambda claim: claim.id)
def test_form_of_a_report_that_is_there_becomes_the_same_report(claim):
    built = build(type_claim(claim, EVIDENCE, 0))
    assert Claim.model_validate(built.claim) == claim
    assert (built.source, built.place, built.origins, built.systems) == (None, None, (), ())


def test_empty_form_has_a_fault_for_each_field_that_it_needs():
    fields = [fault.field for fault in build(TypedReport()).faults]
    assert fields == ["source", "says", "subject", "evidence", "day"]


def test_range_needs_both_days():
    built = build(FULL.model_copy(update={"date_class": "range", "first_day": ""}))
    assert [fault.field for fault in built.faults] == ["observed_from", "observed_to"]


@pytest.mark.parametrize(
    ("kind", "days"),
    [
        ("day", (date(2024, 12, 13), date(2024, 12, 13))),
        ("by", (None, date(2024, 12, 13))),
        ("undated", (None, None)),
    ],
)
def test_days_follow_their_class(kind, days):
    claim = Claim.model_validate(build(FULL.model_copy(update={"date_class": kind})).claim)
    assert (claim.observed_from, claim.observed_to) == days


@pytest.mark.parametrize(
    "text",
    [
        "35.4011, 35.9487",
        "35°24'04\"N 35°56'55\"E",
        "N35.4011 E35.9487",
        "lat: 35.4011, lon: 35.9487",
        "36S YE 67793 21518",
    ],
)
def test_position_is_read_in_many_notations(text):
    point = read_point(text)
    assert point is not None
    assert point == pytest.approx((35.4011, 35.9487), abs=0.02)


@pytest.mark.parametrize("text", ["", "here", "95, 200", "35.4", "{{7*7}}", "NaN, NaN"])
def test_position_that_cannot_be_read_is_none(text):
    assert read_point(text) is None


def test_new_place_without_position_says_how_to_set_it():
    built = build(NEW_PLACE.model_copy(update={"place_point": "hill 7"}))
    (fault,) = built.faults
    assert (fault.field, fault.value) == ("place_point", "'hill 7'")
    assert "click the map" in fault.remedy


def test_new_place_is_a_circle_as_exact_as_it_was_said():
    near = Place.model_validate(build(NEW_PLACE).place)
    spot = Place.model_validate(build(NEW_PLACE.model_copy(update={"place_exact": "exact"})).place)
    assert (near.location_class, near.geometry.radius_m) == ("vicinity", 1_000)
    assert (spot.location_class, spot.geometry.radius_m) == ("exact", 100)
    assert (near.lon, near.lat) == (35.9, 35.4)


def test_ids_are_never_used_again():
    source = build(NEW_SOURCE, ("the-synthetic-gazette-2024-12-14",)).source
    assert source["id"] == "the-synthetic-gazette-2024-12-14-2"
    assert build(NEW_PLACE, ("test-ridge",)).place["id"] == "test-ridge-2"


def test_next_report_begins_with_source_day_and_place_of_the_last():
    after = FULL.start_next()
    assert (after.source, after.first_day, after.place) == (
        FULL.source,
        FULL.first_day,
        FULL.place,
    )
    assert (after.says, after.systems) == ("", ())
    assert FULL.is_begun
    assert not after.is_begun


def test_new_origin_and_system_get_records_and_known_ones_do_not():
    known = EVIDENCE.origins[0]
    typed = FULL.model_copy(
        update={"origins": (known.name, "A test image"), "systems": ("Ka-52", "Test-9")}
    )
    built = build(typed)
    assert built.claim["origins"] == [known.id, "a-test-image"]
    assert built.origins == ({"id": "a-test-image", "name": "A test image", "noun": "image"},)
    assert built.systems == ({"name": "Test-9", "family": None, "spellings": []},)
    assert find_faults(built) == []


def test_preview_is_the_sentence_of_the_panel():
    row = make_preview_row(build(NEW_SOURCE), EVIDENCE)
    assert row["reported"] == "reported by The Synthetic Gazette on 14 December 2024"
    shown = html.unescape(re.sub(r"<[^>]*>", "", render_preview(build(NEW_SOURCE), EVIDENCE)))
    assert shown.startswith(
        "A synthetic sentence of a test (Khmeimim air base, 13 December 2024), reported by The "
        "Synthetic Gazette on 14 December 2024."
    )


def test_source_that_is_not_filled_in_does_not_break_the_preview():
    row = make_preview_row(build(NEW_SOURCE.model_copy(update={"url": "no address"})), EVIDENCE)
    assert row["reported"] == "reported by …"


def test_each_word_of_the_vocabularies_is_explained():
    assert list_undescribed() == set()
    assert describe_certainty("likely").startswith("Likely: ")
    assert describe_stance("leaving").startswith("Points to leaving: ")
    assert describe_evidence("photo").startswith("Photo: ")
    assert describe_location("route-inferred").startswith("Route-inferred: ")


TAG = re.compile(r"<(?!/?(article|p|span|i|div|table|thead|tbody|tr|th|td|a)\b)[a-z!/]", re.I)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(TEXTS) | st.text(max_size=60), st.sampled_from(TEXTS))
def test_hostile_text_in_any_field_stays_text(text, other):
    typed = TypedReport(
        source=NEW,
        place=NEW,
        **dict.fromkeys(
            (
                *("publisher", "title", "url", "url_note", "reported_on_words", "locator"),
                *("subject", "says", "state", "attributed_to", "note", "place_name"),
                "place_point",
            ),
            text,
        ),
        systems=(text, other),
        origins=(other, text),
    )
    built = build(typed)
    shown = render_preview(built, EVIDENCE) + render_new_record(built.claim)
    shown += render_new_record(built.source) + render_new_record(built.place)
    shown += render_field_changes(find_field_changes(dict(EVIDENCE.claims[0]), built.claim))
    assert not TAG.search(shown), TAG.search(shown)
    assert "{" not in shown.replace("{--", "")
    assert not re.search(r"<a (?!href=\"https://)", shown)


def test_source_model_accepts_what_the_form_builds():
    assert Source.model_validate(build(NEW_SOURCE).source).missing


AWAY = FULL.model_copy(
    update={"place": "tartus", "location_class": "distance", "distance": "about 13 km"}
)


def type_distance(**fields) -> TypedReport:
    return AWAY.model_copy(update=fields)


@pytest.mark.parametrize(
    ("text", "near", "far"),
    [
        ("about 13 km", 12_000, 14_000),
        ("13 km", 12_500, 13_500),
        ("7-12 km", 7_000, 12_000),
        ("15.6 nautical miles (29 km)", 28_799, 28_984),
        ("around 5 miles", 6_437, 9_656),
        ("1,200 m", 1_199.5, 1_200.5),
        ("2,5 km", 2_450, 2_550),
    ],
)
def test_distance_is_read_from_words_with_their_tolerance(text, near, far):
    built = build(type_distance(distance=text))
    assert find_faults(built) == []
    distance = Claim.model_validate(built.claim).distance
    assert distance.reach_m == pytest.approx((near, far), abs=1)
    assert (distance.words, distance.centre) == (text, "tartus")


def test_direction_and_point_of_a_distance_are_kept_and_previewed():
    winds = ("west", "north-west")
    typed = type_distance(distance_winds=winds, distance_point="34.905, 35.866")
    typed = typed.model_copy(update={"distance_name": "the port", "distance_sea": True})
    built = build(typed)
    assert find_faults(built) == []
    distance = Claim.model_validate(built.claim).distance
    assert (distance.bearings, distance.seaward) == ((247.5, 337.5), True)
    assert (distance.centre.lon, distance.centre.name) == (35.866, "the port")
    preview = render_preview(built, EVIDENCE)
    assert "About 13 km west and north-west of the port; the spot is not given" in preview
    claim = Claim.model_validate(built.claim)
    assert build(type_claim(claim, EVIDENCE, 0)).claim["distance"] == built.claim["distance"]


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"distance": "far away"}, "distance"),
        ({"distance": ""}, "distance"),
        ({"distance_winds": ("north", "south")}, "distance_winds"),
        ({"distance_point": "hill 7"}, "distance_point"),
        ({"place": "tartus-offshore"}, "distance_point"),
        ({"distance": "30,000 km"}, "distance.distance_m"),
    ],
)
def test_distance_that_cannot_be_drawn_says_why(fields, field):
    found = {fault.field: fault for fault in find_faults(build(type_distance(**fields)))}
    assert field in found
    assert all((found[field].why, found[field].remedy))
