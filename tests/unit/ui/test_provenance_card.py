"""The card of a report shows its image and where its source can be read again, as plain text."""

from dataclasses import replace
from hashlib import sha256

import pandas as pd
import pytest

from geo.ledger import FolderLedger
from geo.ui.provenance_card import render_image, render_provenance
from tests.unit.test_media import PDF, make_image
from tests.unit.ui.test_claim_panel import HOSTILE, ParsedHtml, builtin_page, claim

IMAGE = make_image("PNG")
DIGEST = sha256(IMAGE).hexdigest()


@pytest.fixture
def page(tmp_path):
    ledger = FolderLedger(str(tmp_path / "ledger"))
    ledger.keep_copy(IMAGE, "image/png")
    ledger.keep_copy(PDF, "application/pdf")
    made = builtin_page()
    return replace(made, context=replace(made.context, ledger=ledger))


def with_image(**changes) -> dict:
    fields = {"sha256": DIGEST, "credit": "Nobody", "alt": "Red", "licence": "CC0"}
    fields |= {"may_publish": True} | changes
    return claim("nyt-01") | {f"image_{name}": value for name, value in fields.items()}


def test_image_has_credit_and_alternative_text(page):
    found = ParsedHtml(render_image(page, with_image()))
    assert ("img", (("src", f"./copies/{DIGEST}"), ("alt", "Red"))) in found.tags
    assert found.text == "Image: Nobody (CC0)"
    held = ParsedHtml(render_image(page, with_image(may_publish=False, licence=None)))
    assert held.text.startswith("Image: Nobody. It may not be published")


def test_image_that_is_not_kept_is_told(page):
    digest = "0" * 64
    assert "not kept here" in render_image(page, with_image(sha256=digest))
    assert "<img" not in render_image(page, with_image(sha256=digest))
    without = replace(page, context=replace(page.context, ledger=None))
    assert "<img" not in render_image(without, with_image())
    assert render_image(page, claim("nyt-01")) == ""


@pytest.mark.parametrize("name", ["credit", "alt", "licence"])
def test_words_of_an_image_are_shown_literally(page, name):
    found = ParsedHtml(render_image(page, with_image(**{name: HOSTILE})))
    assert [tag for tag, _ in found.tags] == ["figure", "img", "figcaption"]
    [attributes] = [dict(attrs) for tag, attrs in found.tags if tag == "img"]
    assert attributes.keys() == {"src", "alt"}
    assert HOSTILE in (attributes["alt"], *found.texts) or HOSTILE in found.text


def test_provenance_of_a_source_is_listed(page):
    digest = sha256(PDF).hexdigest()
    row = claim("nyt-01") | {
        "archive_url": "https://archive.example.org/<1>",
        "accessed_on": pd.Timestamp("2024-12-14"),
        "copy_sha256": digest,
        "missing": None,
    }
    found = ParsedHtml(render_provenance(page, row))
    links = [dict(attrs)["href"] for tag, attrs in found.tags if tag == "a"]
    assert links == ["https://archive.example.org/<1>", f"./copies/{digest}"]
    assert "Read on14 December 2024" in found.text
    assert f"Kept copyPDF, 0.1 kBSHA-256 {digest[:12]}…" in found.text
    assert "javascript" not in render_provenance(page, row | {"archive_url": "javascript:alert(1)"})
    lost = render_provenance(page, row | {"copy_sha256": "0" * 64})
    assert "not in this ledger" in lost


def test_what_is_not_known_is_listed_by_its_reason(page):
    found = ParsedHtml(render_provenance(page, claim("nyt-01")))
    assert found.text == "Not givenaddress, archive address, day of access, kept copy (unknown)"
    operator = {name: value for name, value in claim("nyt-01").items() if name != "missing"}
    assert render_provenance(page, operator) == ""
