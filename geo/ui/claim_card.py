"""Parts of a report's card: what it rests on, its reference, and the report as one sentence."""

from collections.abc import Iterable
from typing import Any

from markupsafe import Markup

from geo.evidence import builtin_evidence
from geo.evidence.loading import format_origin
from geo.evidence.rating_words import (
    RATING,
    describe_ratings,
    list_rating_heads,
    write_ratings,
)
from geo.evidence.vocabularies import NOT_RATED
from geo.mapping.symbols import REVIEW
from geo.page_registry import EVIDENCE
from geo.selection import select
from geo.text import formatting
from geo.ui.html import escape, link, tag
from geo.ui.page_context import PageContext, server_address
from geo.ui.view_links import view_address, view_of_origin
from geo.view import View, to_query

Row = dict[str, Any]  # a row of the claims layer: column to value


def list_ratings(page: PageContext, row: Row) -> dict[str, str]:
    """Return the ratings of a report by their titles, as HTML, each with what its terms mean."""
    vocabularies = page.context.evidence.vocabulary_by_id
    lines = {one.title: one for one in describe_ratings(row, vocabularies)}
    if not lines:
        return {RATING: NOT_RATED}
    return {
        title: Markup(
            escape(lines[title].text)
            + "".join(tag("span", "who", escape(text)) for text in lines[title].meanings)
        )
        if title in lines
        else NOT_RATED
        for title in list_rating_heads(vocabularies)
    }


def write_reported(row: Row) -> str:
    """Return which source reported it, when, and where in it it stands, if that is known."""
    locator = row.get("locator")
    return f"{row['reported']}, {locator}" if isinstance(locator, str) else row["reported"]


def render_code(page: PageContext, row: Row) -> str:
    """Return how source and report are rated, in short, as HTML; empty where they are not."""
    lines = describe_ratings(row, page.context.evidence.vocabulary_by_id)
    if not lines or lines[0].title != RATING:
        return ""
    full = escape(f"{RATING} {lines[0].text}")
    return f'<span class="rating-code" title="{full}">{escape(lines[0].short)}</span> '


def render_origins(page: PageContext, row: Row) -> str:
    """Return what a report rests on, with a link to all reports that rest on the same."""
    lines = []
    for origin in row["origins"]:
        shared = view_of_origin(page, origin)
        count = select(shared, page.context.store).shown
        record = page.context.evidence.origin_by_id.get(origin)
        words = f"{count} reports rest on this {record.noun if record else 'origin'}"
        more = link(escape(words), view_address(shared)) if count > 1 else "no other report does"
        name = escape(format_origin(page.context.evidence, origin))
        lines.append(tag("li", "", name, tag("span", "who", more)))
    return tag("section", "origins", "<h3>Rests on</h3>", tag("ul", "answers", *lines))


def render_citing(page: PageContext, row: Row) -> str:
    """Return the report as a sentence, and its reference as text and BibTeX, each to copy."""
    from geo.export.data.citations import cite_claim

    reference, bibtex = cite_claim(row, page.context.evidence)
    texts = {"Sentence": write_sentence(row), "Reference": reference, "BibTeX": bibtex}
    parts = (
        f'<div><h4>{name}</h4><pre class="copied-text">{escape(text)}</pre>'
        f'<button type="button" class="copy">Copy</button></div>'
        for name, text in texts.items()
    )
    return tag("details", "citing", "<summary>Cite or copy this report</summary>", *parts)


def render_review(row: Row) -> str:
    """Return the mark of a report that is not published, with its meaning; empty if it is."""
    known = REVIEW.get(row.get("review", ""))
    if known is None:
        return ""
    meaning, mark = known
    return f'<span class="draft-mark" title="{escape(meaning)}">{escape(mark)}</span> '


def list_review_states(states: Iterable[str]) -> dict[str, list[str]]:
    """Return the column with the state of each report, if one of them is not published."""
    marks = [REVIEW[state][1] if state in REVIEW else "" for state in states]
    return {"Review": marks} if any(marks) else {}


def write_sentence(row: Row) -> str:
    """Return a report as one sentence with its place, days, source and link."""
    return f"{write_statement(row)} {_link_to_claim(row['id'])}".strip()


def write_statement(row: Row) -> str:
    """Return a report as a sentence with its place, days and source, then how it is rated."""
    place = row["place_name"] if isinstance(row["place_name"], str) else ""
    where = ", ".join(part for part in (place, formatting.format_when(row)) if part)
    named = row["attributed_to"] != "not named"
    basis = f", attributed to {row['attributed_to']}" if named else ""
    sentence = f"{row['says'].rstrip('. ')} ({where}), {write_reported(row)}{basis}."
    ratings = write_ratings(row, builtin_evidence().vocabulary_by_id)
    return f"{sentence} {ratings}".rstrip()


def _link_to_claim(claim: str) -> str:
    """Return the whole address of a report in the ledger; empty if the server's is not known."""
    query = to_query(View(page=EVIDENCE, sources="all", claim=claim))
    here = server_address()
    return f"{here}/{EVIDENCE}?{query}" if here else ""
