"""How a source is named for readers, with and without a publisher and a date."""

import pytest

from geo.evidence import builtin_evidence

NAMED = "wider-usni-2024-12-10"
UNNAMED = "s400-withdrawal-article"
MONTH = {
    "reported_on": None,
    "reported_on_precision": "month",
    "reported_on_words": "December 2024",
}
UNDATED = {"reported_on": None, "reported_on_precision": "unknown", "reported_on_words": None}


@pytest.mark.parametrize(
    ("source", "changes", "named", "reported"),
    [
        (NAMED, {}, "USNI News", "reported by USNI News on 10 December 2024"),
        (NAMED, MONTH, "USNI News", "reported by USNI News in December 2024"),
        (NAMED, UNDATED, "USNI News", "reported by USNI News (date of publication not known)"),
        (UNNAMED, {}, "an article of 13 December 2024 (publisher not known)", None),
        (UNNAMED, MONTH, "an article of December 2024 (publisher not known)", None),
        (UNNAMED, UNDATED, "an article (publisher not known)", None),
        (NAMED, {"publisher": None}, "a report of 10 December 2024 (publisher not known)", None),
    ],
)
def test_source_is_named_in_plain_words(source, changes, named, reported):
    found = builtin_evidence().source_by_id[source].model_copy(update=changes)
    assert found.named == named
    assert found.reported == (reported or f"reported in {named}")


def test_no_claim_names_its_source_by_the_copy_that_was_read():
    for source in builtin_evidence().sources:
        assert "copy that was read" not in source.reported
