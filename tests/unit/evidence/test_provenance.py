"""Where a source can be read again, and the words for what is missing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.evidence import Claim, Source, load_evidence
from geo.evidence.kept_files import MISSING_REASONS, PROVENANCE_FIELDS
from geo.evidence.layer_tables import build_claims_frame
from geo.evidence.provenance import fill_missing, format_missing, list_copies, list_provenance

BARE = {
    "id": "example",
    "publisher": "Example Gazette (no real publication)",
    "title": None,
    "url": None,
    "url_note": "the example has none",
    "reported_on": "2024-12-13",
    "reported_on_precision": "day",
    "reported_on_words": None,
    "kind": "wider reporting",
    "set": "wider",
}
GIVEN = {
    "url": "https://example.org/a",
    "archive_url": "https://archive.example.org/a",
    "accessed_on": "2024-12-14",
    "copy_sha256": "5" * 64,
}


@given(
    given=st.sets(st.sampled_from(PROVENANCE_FIELDS)),
    reasons=st.dictionaries(
        st.sampled_from(PROVENANCE_FIELDS), st.sampled_from(MISSING_REASONS), max_size=4
    ),
)
def test_every_part_of_the_provenance_is_given_or_has_a_reason(given, reasons):
    fields = BARE | {name: GIVEN[name] for name in given} | {"missing": reasons}
    if "url" in given:
        fields["url_note"] = None
    source = Source.model_validate(fill_missing(fields))
    assert set(source.missing) | given == set(PROVENANCE_FIELDS)
    assert set(source.missing).isdisjoint(given)
    assert all(source.missing[name] == reasons[name] for name in set(reasons) - given)
    assert all(list_provenance(source).values())
    assert hash(source) == hash(Source.model_validate(source.model_dump()))


def test_provenance_is_written_in_words():
    source = Source.model_validate(fill_missing(BARE | {"accessed_on": "2024-12-14"}, "withheld"))
    assert list_provenance(source) == {
        "Address": "withheld: the example has none",
        "Archived at": "withheld",
        "Read on": "14 December 2024",
        "Kept copy": "withheld",
    }
    words = "url: withheld; archive_url: withheld; copy_sha256: withheld"
    assert format_missing(source) == words


def test_built_in_sources_say_what_is_not_known(evidence):
    for source in evidence.sources:
        assert source.accessed_on is source.copy_sha256 is source.archive_url is None
        assert set(source.missing.values()) == {"unknown"}


def test_image_of_a_claim_is_in_its_row_and_its_copies(folder):
    image = {
        "sha256": "7" * 64,
        "credit": "Nobody: an example",
        "alt": "An example",
        "licence": "CC0",
        "may_publish": True,
    }
    missing = dict.fromkeys(("archive_url", "accessed_on"), "unknown")
    folder.set("claims.json", "nyt-01", image=image)
    folder.set("sources.json", "wider-tass-2021-05-27", copy_sha256="8" * 64, missing=missing)
    evidence = load_evidence(folder.path)
    assert list_copies(evidence) == {"7" * 64: "nyt-01", "8" * 64: "wider-tass-2021-05-27"}
    rows = build_claims_frame(evidence).set_index("id")
    for name, value in image.items():
        assert rows.loc["nyt-01", f"image_{name}"] == value
        assert rows[f"image_{name}"].isna().sum() == len(rows) - 1
    assert rows.loc["ext-27c", "copy_sha256"] == "8" * 64


@pytest.mark.parametrize("value", ["true", 1, None])
def test_whether_an_image_may_be_published_is_yes_or_no(evidence, value):
    image = {"sha256": "7" * 64, "credit": "x", "alt": "x", "licence": "x", "may_publish": value}
    with pytest.raises(ValueError, match="may_publish"):
        Claim.model_validate(evidence.claims[0].model_dump() | {"image": image})
