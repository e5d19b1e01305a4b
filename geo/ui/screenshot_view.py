"""The screenshot view of any page: its content alone, on a canvas of 16:9 or 4:3.

A page with a map is drawn as a slide of its View. Of the others as much is shown as fits.
"""

import json
from dataclasses import replace
from typing import TYPE_CHECKING, cast

import streamlit as st

from geo.evidence.rating_words import write_ratings
from geo.export.page_rows import format_window
from geo.export.page_slide import build_page_slide
from geo.export.slide_image import read_copy_of
from geo.export.stage import CLEAN, build_scene, build_stage
from geo.mapping.symbols import LOCATION, STANCE
from geo.page_registry import find_page
from geo.text import formatting
from geo.ui.about_sections import format_publication_day, list_certainties
from geo.ui.briefing_session import current_briefing
from geo.ui.claim_panel import Row
from geo.ui.comparing import CHANGE_LABELS, compare_page
from geo.ui.page_context import PageContext, change_view
from geo.ui.presentation import draw_stage

if TYPE_CHECKING:
    from geo.export.stage import StageScene

_KEY = "clean_map"
Block = dict[str, str]
Sheet = dict[str, object]  # texts that replace those of a slide, and "blocks"


def draw_screenshot(page: PageContext) -> None:
    """Draw the page's content on the canvas that the View asks for."""
    store = page.context.store
    version = store.version()
    slide = build_page_slide(replace(page.view, clean=None), store, page.context.evidence)
    slide = slide.add_image(read_copy_of(page.context.ledger))
    scene = build_scene(slide, version)
    if page.spec.frame is None and not slide.blocks:
        sheet = _SHEETS.get(page.spec.path, _build_ledger)(page)
        scene = cast("StageScene", {**scene, **sheet})
    value = build_stage([scene], CLEAN, shape=page.view.clean)
    text = json.dumps(value, ensure_ascii=False)
    draw_stage(text, slide, version, key=_KEY, on_change=_handle_request)


def _handle_request() -> None:
    value = st.session_state.get(_KEY)
    if isinstance(value, dict) and value.get("leave"):
        change_view(clean=None)


def _build_ledger(page: PageContext) -> Sheet:
    vocabularies = page.context.evidence.vocabulary_by_id
    rows = page.selection.rows.to_dict("records")
    return {"blocks": [_build_claim(row, write_ratings(row, vocabularies)) for row in rows]}


def _build_claim(row: Row, ratings: str) -> Block:
    note = f"{row['reported']}; {row['attributed_to']}"
    return {
        "kicker": f"{formatting.format_when(row)} · {row['certainty']}",
        "title": str(row["says"]),
        "note": f"{note}. {ratings}" if ratings else note,
        "stance": str(row["stance"]),
    }


def _build_sheet(headline: str, line: str, counted: str, blocks: list[Block]) -> Sheet:
    texts = {"headline": headline, "lines": [line] if line else [], "window": ""}
    return {**texts, "counted": counted, "blocks": blocks}


def _build_comparison(page: PageContext) -> Sheet:
    found = compare_page(page)
    blocks = [
        {"kicker": change.place, "title": change.system, "note": change.words}
        | {"text": CHANGE_LABELS.get(change.change, change.change)}
        for change in found.changes
    ]
    counts = ", ".join(f"{count} {name}" for name, count in found.counts.items())
    return _build_sheet(
        f"{format_window(found.first)} beside {format_window(found.second)}",
        counts or page.spec.about,
        f"{found.first.report_count} and {found.second.report_count}",
        blocks,
    )


def _build_about(page: PageContext) -> Sheet:
    blocks = [
        *({"kicker": "Place", "title": label, "text": says} for label, says in LOCATION.values()),
        {"kicker": "Certainty", "title": "From strongest to weakest", "text": list_certainties()},
    ]
    for name, stance in STANCE.items():
        kicker = "What a report points to"
        blocks.append({"kicker": kicker, "title": stance.label, "stance": name})
    for vocabulary in page.context.evidence.vocabularies:
        named = "; ".join(term.named for term in vocabulary.terms)
        block = {"kicker": "Rating", "title": vocabulary.title, "text": named}
        blocks.append(block | {"note": vocabulary.source})
    for source in page.context.evidence.sources:
        day = format_publication_day(source)
        block = {"kicker": "Source", "title": source.named, "text": source.title or ""}
        blocks.append(block | {"note": day})
    return _build_sheet("How this map is made", page.spec.about, "", blocks)


def _build_scenes(page: PageContext) -> Sheet:
    briefing = current_briefing(None)
    blocks = [
        {
            "kicker": f"{number} · {find_page(one.view.page).title}",
            "title": one.headline.says,
            "text": " ".join(statement.says for statement in one.statements),
        }
        for number, one in enumerate(briefing.scenes, start=1)
    ]
    return _build_sheet(briefing.title, briefing.subtitle, f"{len(blocks)} scenes", blocks)


_SHEETS = {
    "compare": _build_comparison,
    "about": _build_about,
    "briefing": _build_scenes,
}
