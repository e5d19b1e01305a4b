"""Ratings: the terms of a case's vocabularies, and the sentences that may not mix two of them."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.evidence import load_evidence
from geo.evidence.layer_tables import build_claims_frame
from geo.evidence.vocabularies import RATING_KINDS, builtin_vocabularies, find_mixed_sentences

BUILTIN = {one.id: one for one in builtin_vocabularies()}
LIKELY = [
    *("almost no chance", "remote", "very unlikely", "highly improbable", "unlikely"),
    *("improbable", "roughly even chance", "roughly even odds", "likely", "probable"),
    *("very likely", "highly probable", "almost certain", "nearly certain", "probably"),
]
CONFIDENT = [
    *("low confidence", "moderate confidence", "High confidence", "high-confidence"),
    *("low to moderate confidence", "confidence is high", "moderate level of confidence"),
]


def test_builtin_vocabularies_are_the_admiralty_code_and_icd_203():
    ids = {name: [term.id for term in BUILTIN[name].terms] for name in RATING_KINDS}
    assert "".join(ids["reliability"]) == "ABCDEF"
    assert "".join(ids["credibility"]) == "123456"
    assert ids["confidence"] == ["low", "moderate", "high"]
    spans = [(term.label, term.low, term.high) for term in BUILTIN["likelihood"].terms]
    assert spans == [
        ("almost no chance", 1, 5),
        ("very unlikely", 5, 20),
        ("unlikely", 20, 45),
        ("roughly even chance", 45, 55),
        ("likely", 55, 80),
        ("very likely", 80, 95),
        ("almost certain", 95, 99),
    ]
    assert all(one.source and one.licence and one.wording for one in BUILTIN.values())


def test_builtin_claims_are_not_rated(evidence):
    assert not any(source.reliability for source in evidence.sources)
    assert not any(c.credibility or c.likelihood or c.confidence for c in evidence.claims)


def test_ratings_of_source_and_claim_are_columns_of_the_claim(folder):
    folder.set("sources.json", "nyt-2024-12-13", reliability="B")
    ratings = {"credibility": 2, "likelihood": "very-likely", "confidence": "moderate"}
    folder.set("claims.json", "nyt-01", **ratings)  # 2: a workbook writes numbers
    rows = build_claims_frame(load_evidence(folder.path)).set_index("id")
    assert list(rows.loc["nyt-01", [*RATING_KINDS]]) == ["B", "2", "very-likely", "moderate"]
    assert rows.loc["nyt-02", "reliability"] == "B"
    assert rows.loc["nyt-02", [*RATING_KINDS[1:]]].isna().all()


@pytest.mark.parametrize(
    ("file", "record", "field", "value"),
    [
        ("sources.json", "nyt-2024-12-13", "reliability", "G"),
        ("claims.json", "nyt-01", "credibility", 7),
        ("claims-wider.json", "ext-16", "likelihood", "maybe"),
        ("claims.json", "nyt-01", "confidence", "none"),
    ],
)
def test_rating_that_is_no_term_is_a_fault(folder, file, record, field, value):
    folder.set(file, record, **{field: value})
    (fault,) = folder.faults
    assert (fault.file, fault.record, fault.field) == (file, record, field)
    assert all(term.id in fault.remedy for term in BUILTIN[field].terms)


def test_case_without_vocabularies_has_those_of_the_app(folder):
    (folder.path / "vocabularies.json").unlink()
    folder.set("sources.json", "nyt-2024-12-13", reliability="B")
    assert load_evidence(folder.path).vocabulary_by_id == BUILTIN


def test_case_brings_a_vocabulary_of_its_own(folder):
    own = {
        "id": "reliability",
        "title": "Trust in the desk",
        "source": "the desk's handbook",
        "licence": "internal",
        "wording": "How far the desk trusts it.",
        "terms": [{"id": name, "label": name, "meaning": "m"} for name in ("good", "poor")],
    }
    folder.write("vocabularies.json", json.dumps({"vocabularies": [own]}))
    folder.set("sources.json", "nyt-2024-12-13", reliability="poor")
    found = load_evidence(folder.path).vocabulary_by_id
    assert [term.short for term in found["reliability"].terms] == ["good", "poor"]
    assert found["likelihood"] == BUILTIN["likelihood"]
    folder.set("sources.json", "nyt-2024-12-13", reliability="B")
    assert folder.places_of_faults == [("sources.json", "nyt-2024-12-13", "reliability")]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"id": "None"}, "terms.0"),
        ({"label": ""}, "terms.0.label"),
        ({"low": 5}, "terms.0"),
        ({"low": 60, "high": 40}, "terms.0"),
        ({"low": 0, "high": 101}, "terms.0.high"),
        ({"id": "low"}, "terms"),
    ],
)
def test_faults_of_vocabularies_name_the_field(folder, change, field):
    def edit(records):
        likelihood = next(one for one in records if one["id"] == "likelihood")
        likelihood["terms"] = [
            {"id": "high", "label": "High", "meaning": "m"} | change,
            {"id": "low", "label": "Low", "meaning": "m"},
        ]

    folder.change("vocabularies.json", edit)
    (fault,) = folder.faults
    assert (fault.file, fault.record) == ("vocabularies.json", "likelihood")
    assert field in f"{fault.field} {fault.why}"


def test_likelihood_and_confidence_in_one_sentence_of_a_claim_is_a_fault(folder):
    mixed = "It will likely leave (high confidence)."
    folder.set("claims.json", "nyt-01", says=f"Two An-124 stand ready. {mixed}")
    folder.set("claims-wider.json", "ext-16", note="Probably gone. We have high confidence.")
    (fault,) = folder.faults
    assert (fault.record, fault.field, fault.value) == ("nyt-01", "says", repr(mixed))
    assert "two sentences" in fault.remedy


@given(st.sampled_from(LIKELY), st.sampled_from(CONFIDENT), st.sampled_from([", ", " - ", "; "]))
def test_every_pair_of_terms_is_found_in_one_sentence_and_not_in_two(likely, confident, joint):
    one = f"The ship will {likely}{joint}{confident}, be back at 3.5 knots."
    assert find_mixed_sentences(f"First. {one} Last.", BUILTIN) == (one,)
    for stop in (". ", "? ", "!\n", ".” ", "؟ ", "\n"):
        two = f"The ship is {likely} back{stop}Our {confident} in U.S. Navy data holds."
        assert find_mixed_sentences(two, BUILTIN) == ()


def test_words_that_only_contain_a_term_are_none_of_it():
    text = "The unlikelihood of overconfidence and low confidence"
    assert find_mixed_sentences(text, BUILTIN) == ()
