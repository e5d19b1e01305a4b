"""Every built-in record is complete and states no more than its quoted text."""

import re
from collections import Counter
from datetime import date

import pytest

from geo.evidence import check_evidence

NUMBER_WORDS = {"one": 1, "a": 1, "an": 1, "two": 2, "both": 2, "three": 3, "six": 6}


@pytest.fixture(scope="module")
def wider(evidence):
    return [c for c in evidence.claims if evidence.source_by_id[c.source].set == "wider"]


@pytest.fixture(scope="module")
def articles(evidence):
    return [c for c in evidence.claims if evidence.source_by_id[c.source].set == "articles"]


def test_builtin_records_have_no_fault(shipped):
    assert [str(fault) for fault in check_evidence(shipped)] == []


def test_articles_have_all_their_claims(articles):
    assert Counter(c.source for c in articles) == {
        "nyt-2024-12-13": 19,
        "s400-withdrawal-article": 26,
    }
    assert len({system for c in articles for system in c.systems}) == 21
    stances = {"leaving": 19, "neutral": 16, "undecided": 7, "staying": 3}
    assert Counter(c.stance for c in articles) == stances
    places = {"locality": 28, "none": 12, "vicinity": 3, "area": 2}
    assert Counter(c.location_class for c in articles) == places
    kinds = Counter(c.evidence for c in articles)
    assert (kinds["satellite imagery"], kinds["drone footage"], kinds["verified video"]) == (
        17,
        4,
        3,
    )


def test_articles_come_before_wider_reporting(evidence, articles, wider):
    assert list(evidence.claims) == articles + wider


def test_wider_ids_have_the_prefixes_of_all_27_reports(wider):
    prefixes = {c.id[:6] for c in wider}
    assert prefixes == {f"ext-{n:02d}" for n in range(1, 28)}
    assert all(re.fullmatch(r"ext-\d\d[a-z]?", c.id) for c in wider)


def test_parts_of_wider_reports_are_lettered_without_gaps(wider):
    pieces: dict[str, str] = {}
    for claim in wider:
        pieces[claim.id[:6]] = pieces.get(claim.id[:6], "") + claim.id[6:]
    for letters in pieces.values():
        assert letters == "abcdefgh"[: len(letters)]


def test_wider_days_span_the_reporting_except_background(wider):
    days = [
        day
        for claim in wider
        if claim.evidence != "background"
        for day in (claim.observed_from, claim.observed_to)
        if day is not None
    ]
    assert (min(days), max(days)) == (date(2024, 12, 3), date(2025, 1, 29))
    assert {c.id[:6] for c in wider if c.evidence == "background"} == {"ext-27"}


def test_frigates_are_found_as_naval_vessels(wider):
    for claim in wider:
        if {"frigate", "submarine"} & set(claim.systems):
            assert "naval vessel" in claim.systems, claim.id


def test_wider_counts_appear_in_their_text(wider):
    for claim in wider:
        given = {int(number) for number in re.findall(r"\b\d+\b", claim.says)}
        given |= {
            NUMBER_WORDS[w] for w in re.findall(r"[a-z]+", claim.says.lower()) if w in NUMBER_WORDS
        }
        for count in (claim.count_min, claim.count_max):
            assert count is None or count in given, claim.id


def test_open_counts_have_no_upper_end(wider):
    for claim in wider:
        if re.search(r"at least|more than", claim.says, re.IGNORECASE):
            assert claim.count_max is None, claim.id


@pytest.mark.parametrize("claim_id", ["ext-03a", "ext-04b", "ext-22a", "ext-22b", "ext-22c"])
def test_claim_that_gives_a_distance_has_its_recipe(evidence, claim_id):
    claim = next(one for one in evidence.claims if one.id == claim_id)
    assert (claim.place, claim.location_class) == ("tartus-offshore", "distance")
    centre = claim.distance.centre
    assert (centre.lat, centre.lon) == (34.905, 35.866)
    assert "not drawn" not in claim.note


def test_undrawn_wider_claims_give_the_reason(wider):
    for claim in wider:
        about_basing = claim.subject == "basing"  # claims about policy have no place to draw
        if claim.location_class == "none" and not about_basing:
            assert "not drawn" in claim.note, claim.id


def test_wider_claim_without_named_evidence_is_only_stated(wider):
    for claim in wider:
        if claim.evidence == "article's own reading":
            assert claim.certainty == "stated", claim.id


def test_conflicts_are_those_of_articles_and_wider_reporting(evidence):
    sets = Counter(conflict.set for conflict in evidence.conflicts)
    assert sets == {"articles": 5, "wider": 2}
    assert [c.id for c in evidence.find_conflicts("ext-07b")] == ["convoy-length"]
    assert {c.id for c in evidence.find_conflicts("nyt-15")} == {"tartus-abandoned"}
    assert evidence.find_conflicts("nyt-09") == ()


def test_claims_from_one_image_share_an_origin(evidence):
    of = {claim.id: claim.origins for claim in evidence.claims}
    assert of["nyt-01"] == of["s400-10"] == of["ext-06a"] == ("maxar-2024-12-13",)
    assert of["s400-22"] == of["s400-11"] == ("syria-tv-drone-2024-12-12",)
    assert of["nyt-05"] == of["ext-07a"] == ("nyt-verified-videos-2024-12-13",)


def test_unnamed_origins_belong_to_one_claim(evidence):
    for claim in evidence.claims:
        for origin in claim.origins:
            assert not origin.startswith("unnamed:") or origin == f"unnamed:{claim.id}"


def test_every_source_is_cited(evidence):
    assert {c.source for c in evidence.claims} == set(evidence.source_by_id)


def test_reported_text_has_the_date_at_its_known_precision(evidence):
    said = {source.id: source.reported for source in evidence.sources}
    assert said["wider-usni-2024-12-10"] == "reported by USNI News on 10 December 2024"
    assert said["wider-t-online-2024-12"] == "reported by t-online in December 2024"
    assert said["wider-straight-arrow-undated"].endswith("(date of publication not known)")


def test_approximate_places_are_marked_as_approximate(evidence):
    assert "approximate" in evidence.place_by_id["tartus-offshore"].drawn_note
    assert "not a surveyed" in evidence.place_by_id["khmeimim"].drawn_note


def test_every_geographic_record_has_source_and_licence(evidence):
    field = evidence.airfield
    for record in (*evidence.places, *evidence.towns, *field.runways, *field.aprons):
        assert record.source
        assert record.licence
    assert all(route.attribution and route.licence for route in evidence.routes)
