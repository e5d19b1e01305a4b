"""Ratings in everything that the app writes: they are there, and two are never in one sentence."""

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo import summary
from geo.app_context import Context
from geo.builtin_layers import EvidenceStore
from geo.compare import compare_windows
from geo.evidence import Evidence, load_evidence
from geo.evidence.rating_words import list_rating_columns
from geo.evidence.rules import split_sentences
from geo.evidence.vocabularies import (
    NOT_RATED,
    RATING_KINDS,
    UNRATED,
    Vocabulary,
    find_mixed_sentences,
)
from geo.export.data.citations import cite_claim, write_citations
from geo.export.data.table import claims_table
from geo.export.formats import CITATIONS
from geo.export.page_slide import build_page_slide
from geo.export.slide import Slide
from geo.export.stage import build_scene
from geo.facets import list_facets
from geo.mapping.legend import build_legend
from geo.page_registry import find_page
from geo.selection import select
from geo.settings import ASSETS, Settings
from geo.store import LayerStore
from geo.ui import claim_panel, comparing, screenshot_view
from geo.ui.claim_card import write_statement
from geo.ui.page_context import PageContext
from geo.view import View
from tests.support.rated_case import rate_evidence

EVIDENCE = load_evidence(ASSETS / "case")
VOCABULARIES = EVIDENCE.vocabulary_by_id
TERMS = {name: [None, *(term.id for term in VOCABULARIES[name].terms)] for name in RATING_KINDS}
BLOCKS = {"article", "dd", "dt", "div", "h2", "h3", "h4", "li", "p", "pre", "section", "td", "th"}
FEW = 12  # claims, among them two that answer one question
ALL = View(sources="all")


class Lines(HTMLParser):
    """The text of HTML with a new line for each block, and the titles of its elements."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list) -> None:
        self.text += "\n" if tag in BLOCKS or dict(attrs).get("class") == "who" else ""
        self.text += "".join(f"\n{value}\n" for name, value in attrs if name == "title")

    def handle_data(self, data: str) -> None:
        self.text += data


@st.composite
def rated(draw: st.DrawFn) -> Evidence:
    """Draw a few claims of the built-in case, with any ratings of them and of their sources."""

    def pick(*names: str) -> dict[str, str | None]:
        return {name: draw(st.sampled_from(TERMS[name])) for name in names}

    known = {name for conflict in EVIDENCE.conflicts[:1] for name in conflict.claims}
    some = [one for one in EVIDENCE.claims if one.id in known or one.id.startswith("nyt")][:FEW]
    claims = tuple(one.model_copy(update=pick(*RATING_KINDS[1:])) for one in some)
    sources = tuple(one.model_copy(update=pick("reliability")) for one in EVIDENCE.sources)
    there = {claim.id for claim in claims}
    conflicts = tuple(one for one in EVIDENCE.conflicts if there.issuperset(one.claims))
    return replace(EVIDENCE, claims=claims, sources=sources, conflicts=conflicts)


def open_page(path: str, store: LayerStore, evidence: Evidence) -> PageContext:
    view = replace(ALL, page=path)
    return PageContext(
        find_page(path), view, select(view, store), Context(Settings(), store, evidence)
    )


def list_slide_texts(slide: Slide) -> list[str]:
    scene = build_scene(slide, "v")
    texts = [slide.headline, slide.window, slide.counted, slide.unseen, slide.alt, slide.credit]
    texts += [*slide.lines, *slide.sources, *slide.citations, *slide.references, *slide.ratings]
    texts += [entry["label"] for entry in slide.legend]
    texts += [text for one in slide.questions for text in (one.question, one.answers)]
    texts += [text for one in slide.blocks for text in (one.title, one.text, one.note)]
    texts += [slide.spoken, scene["notes"], *(scene["lines"])]
    return texts + [text for part in slide.parts for text in list_slide_texts(part)]


def list_texts(store: LayerStore, evidence: Evidence) -> list[str]:
    """Return every text that the app writes of these claims, one for each line or cell."""
    chosen = select(ALL, store)
    rows = chosen.rows.to_dict("records")
    overview = open_page("overview", store, evidence)
    html = [
        claim_panel.render_claim(overview, row, whole=whole)
        for row in rows
        for whole in (False, True)
    ]
    html += [claim_panel.render_summary(overview)]
    html += [claim_panel.render_place(overview, place) for place in ("khmeimim", "tartus")]
    html += [comparing._render_answer(overview, row, False) for row in rows]
    texts = [Lines(one).text for one in html]
    texts += [write_statement(row) for row in rows]
    texts += [text for row in rows for text in cite_claim(row, evidence)]
    texts += [
        write_citations(chosen, evidence, fmt, link="l", version="v").decode() for fmt in CITATIONS
    ]
    table = claims_table(chosen, link="l", version="v")
    texts += [*table.captions, *table.about.values()]
    texts += [summary.build_title(chosen), summary.build_subtitle(chosen)]
    texts += [entry["label"] for entry in build_legend(chosen)]
    facets = list_facets(store, "all", ())
    texts += [label for labels in facets.ratings.values() for label in labels.values()]
    columns = list_rating_columns(chosen.rows, evidence.vocabulary_by_id)
    texts += [cell for cells in columns.values() for cell in cells]
    texts += [one.words for one in compare_windows(ALL, facets.days, store).changes]
    for path in ("overview", "khmeimim", "compare", "conflicts"):
        view = replace(ALL, page=path)
        texts += list_slide_texts(build_page_slide(view, store, evidence))
    sheets = (screenshot_view._build_ledger(overview), screenshot_view._build_about(overview))
    texts += [text for sheet in sheets for block in sheet["blocks"] for text in block.values()]
    return [text for text in texts if text]


@settings(max_examples=8)
@given(rated())
def test_no_sentence_of_the_app_has_a_likelihood_and_a_confidence(evidence):
    for text in list_texts(EvidenceStore(evidence), evidence):
        assert not find_mixed_sentences(text, VOCABULARIES), text
        for sentence in split_sentences(text):  # nor any word of confidence at all
            words = sentence.casefold()
            likely = {
                term.label for term in VOCABULARIES["likelihood"].terms if term.label in words
            }
            assert not (likely and "confidence" in words and "never share" not in words), sentence


@pytest.fixture(scope="module")
def everything() -> tuple[LayerStore, Evidence]:
    evidence = rate_evidence(EVIDENCE)
    return EvidenceStore(evidence), evidence


def test_panel_says_each_rating_with_its_meaning(everything):
    page = open_page("overview", *everything)
    row = page.selection.rows.iloc[0].to_dict()
    text = Lines(claim_panel.render_claim(page, row, whole=True)).text
    for words in (
        "Rating\nB2: usually reliable, probably true",
        "B, usually reliable: small doubts",
        "2, probably true: not confirmed",
        "Likelihood\nlikely (55 to 80 %)",
        "Confidence\nmoderate",
    ):
        assert words in text
    assert "B2" in Lines(claim_panel.render_claim(page, row)).text


def test_unrated_report_is_called_so_and_not_the_lowest(everything):
    page = open_page("overview", *everything)
    rows = page.selection.rows
    unrated = rows[rows[[*RATING_KINDS]].isna().all(axis=1)].iloc[0].to_dict()
    text = Lines(claim_panel.render_claim(page, unrated, whole=True)).text
    assert f"Rating\n{NOT_RATED}" in text
    assert not re.search(r"cannot be judged|Likelihood|Confidence", text)
    half = rows[rows["reliability"].isna() & rows["credibility"].eq("6")].iloc[0].to_dict()
    text = Lines(claim_panel.render_claim(page, half, whole=True)).text
    assert "6: source not rated, truth cannot be judged" in text
    assert f"Likelihood\n{NOT_RATED}" in text


def test_every_surface_has_the_ratings(everything):
    store, evidence = everything
    chosen = select(ALL, store)
    first = chosen.rows.iloc[0].to_dict()
    assert "Rating: B2: usually reliable, probably true. Likelihood: likely" in write_statement(
        first
    )
    reference, bibtex = cite_claim(first, evidence)
    assert "Rating: B2" in reference
    assert "Rating: B2" in bibtex
    sources = write_citations(chosen, evidence, "txt", link="l", version="v").decode()
    assert "The source is rated B, usually reliable." in sources
    assert "Rating: B2" in claims_table(chosen, link="l", version="v").captions[0]
    columns = list_rating_columns(chosen.rows, evidence.vocabulary_by_id)
    assert [cells[0] for cells in columns.values()] == ["B2", "likely", "moderate"]
    assert [cells[1] for cells in columns.values()] == ["B", NOT_RATED, NOT_RATED]
    entries = [one for one in build_legend(chosen) if one["group"] == "rating"]
    assert [one["key"] for one in entries] == [*RATING_KINDS, UNRATED]
    counts = {one["key"]: one["count"] for one in entries}
    assert counts["credibility"] == chosen.rows["credibility"].notna().sum()
    assert counts[UNRATED] == chosen.rows[[*RATING_KINDS]].isna().all(axis=1).sum()
    assert "Credibility of the report: “1” … “6”" in [one["label"] for one in entries]
    slide = build_page_slide(replace(ALL, page="overview"), store, evidence)
    assert "Rating: B2: usually reliable, probably true. nyt-01" in slide.spoken
    assert f"{NOT_RATED.capitalize()}: " in slide.spoken


def test_search_finds_reports_by_their_ratings(everything):
    store, _ = everything
    rows = select(View(sources="all", q="B2"), store).rows
    assert set(rows["reliability"] + rows["credibility"]) == {"B2"}
    for words, column, value in (
        ("usually reliable", "reliability", "B"),
        ("truth cannot be judged", "credibility", "6"),
        ("almost certain", "likelihood", "almost-certain"),
    ):
        assert set(select(View(sources="all", q=words), store).rows[column]) == {value}


def test_nothing_of_the_built_in_case_is_rated_on_any_surface(builtin_store, builtin_records):
    chosen = select(ALL, builtin_store)
    assert list_rating_columns(chosen.rows, VOCABULARIES) == {}
    assert not [one for one in build_legend(chosen) if one["group"] == "rating"]
    slide = build_page_slide(replace(ALL, page="overview"), builtin_store, builtin_records)
    assert "Rating" not in slide.spoken


def test_desk_with_words_of_its_own_sees_them_everywhere():
    terms = [
        {"id": "firm", "label": "stands firm", "meaning": "checked by the desk"},
        {"id": "soft", "label": "stands soft", "meaning": "not checked"},
    ]
    scale = Vocabulary(
        id="reliability",
        title="Trust of the desk",
        source="handbook of the desk",
        licence="internal",
        wording="How far the desk trusts a source.",
        terms=terms,
    )
    others = [one for one in EVIDENCE.vocabularies if one.id != "reliability"]
    sources = [one.model_copy(update={"reliability": "soft"}) for one in EVIDENCE.sources]
    evidence = replace(EVIDENCE, sources=tuple(sources), vocabularies=(scale, *others))
    store = EvidenceStore(evidence)
    page = open_page("overview", store, evidence)
    card = Lines(claim_panel.render_claim(page, page.selection.rows.iloc[0].to_dict(), whole=True))
    assert "stands soft, report not rated" in card.text
    assert "stands soft: not checked" in card.text
    labels = [one["label"] for one in build_legend(page.selection) if one["group"] == "rating"]
    assert labels == ["Trust of the desk: stands soft"]
    found = list_facets(store, "all", ()).ratings
    assert found == {"reliability": {"soft": "stands soft"}}
    assert select(replace(ALL, q="stands soft"), store).shown == len(evidence.claims)
