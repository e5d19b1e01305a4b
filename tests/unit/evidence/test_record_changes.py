"""What changed between two states of the evidence: added, changed field by field, withdrawn."""

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.evidence import builtin_evidence
from geo.evidence.record_changes import (
    ADDED,
    CHANGED,
    KINDS,
    WITHDRAWN,
    count_record_changes,
    list_record_changes,
)
from geo.evidence.vocabularies import find_mixed_sentences

CASE = builtin_evidence()
IDS = tuple(claim.id for claim in CASE.claims)


def with_claim(name: str, **changes: object):
    claims = tuple(one.model_copy(update=changes) if one.id == name else one for one in CASE.claims)
    return replace(CASE, claims=claims)


def without(*names: str):
    return replace(CASE, claims=tuple(one for one in CASE.claims if one.id not in names))


def test_withdrawn_is_said_of_the_report_and_never_of_the_thing():
    [found] = list_record_changes(CASE, without("nyt-03"), IDS)
    claim = next(one for one in CASE.claims if one.id == "nyt-03")
    assert (found.claim, found.kind) == ("nyt-03", WITHDRAWN)
    assert claim.says.rstrip(".") in found.words
    assert "gone" not in found.kind


def test_added_is_what_the_earlier_state_does_not_have():
    [found] = list_record_changes(without("nyt-03"), CASE, IDS)
    assert (found.claim, found.kind) == ("nyt-03", ADDED)
    assert list_record_changes(without("nyt-03"), CASE, ["nyt-01"]) == ()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"certainty": "claimed"}, "Certainty: claimed (was likely)."),
        ({"place": "tartus"}, "Place: Tartus naval base (was Khmeimim air base)."),
        (
            {"observed_from": dt.date(2024, 12, 12), "date_class": "range"},
            "When: some time in 12–13 December 2024 (was 13 December 2024).",
        ),
        ({"count_min": 7, "count_max": None}, "Number: at least 7 (was 1)."),
        ({"note": "synthetic"}, "Note: synthetic (was none)."),
        ({"likelihood": "likely"}, "Likelihood: likely (55 to 80 %) (was none)."),
    ],
)
def test_change_names_each_field_in_words(changes, words):
    base = with_claim("nyt-02", count_min=1, count_max=1, note=None, certainty="likely")
    later = replace(
        base,
        claims=tuple(
            one.model_copy(update=changes) if one.id == "nyt-02" else one for one in base.claims
        ),
    )
    [found] = list_record_changes(base, later, IDS)
    assert (found.kind, found.words) == (CHANGED, words)


def test_change_of_a_source_is_a_change_of_its_reports():
    sources = tuple(
        one.model_copy(update={"reported_on": dt.date(2024, 12, 14)})
        if one.id == "nyt-2024-12-13"
        else one
        for one in CASE.sources
    )
    found = list_record_changes(CASE, replace(CASE, sources=sources), IDS)
    of_source = [one.id for one in CASE.claims if one.source == "nyt-2024-12-13"]
    assert [one.claim for one in found] == of_source
    assert found[0].words == "Reported on: 14 December 2024 (was 13 December 2024)."


def test_likelihood_and_confidence_are_never_in_one_sentence():
    later = with_claim("nyt-02", likelihood="likely", confidence="low")
    [found] = list_record_changes(CASE, later, IDS)
    assert len(found.phrases) == 2
    assert not find_mixed_sentences(found.words, CASE.vocabulary_by_id)


@given(st.sets(st.sampled_from(IDS)), st.sets(st.sampled_from(IDS)))
def test_kinds_add_up_whatever_is_missing(before, after):
    found = list_record_changes(without(*before), without(*after), IDS)
    kinds = {one.claim: one.kind for one in found}
    assert kinds == dict.fromkeys(before - after, ADDED) | dict.fromkeys(after - before, WITHDRAWN)
    assert list(count_record_changes(found)) == [kind for kind in KINDS if kind in kinds.values()]
