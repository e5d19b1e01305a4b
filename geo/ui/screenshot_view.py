"""The clean view of any page: nothing but its content, on a canvas of 16:9 or 4:3.

A page with a map is drawn as a slide of its View. Of the others as much is shown as fits.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import streamlit as st

from geo.compare import compare_views, resolve_windows
from geo.export.slide import Slide, slide_of
from geo.export.stage_data import CLEAN, build_scene, build_stage
from geo.facets import list_facets
from geo.mapping.symbols import CERTAINTY, LOCATION, STANCE
from geo.page_registry import find_page
from geo.selection import CLAIMS, select
from geo.store import Query
from geo.text import formatting
from geo.ui.briefing_session import current_briefing
from geo.ui.comparing import WORDS
from geo.ui.page_context import PageContext, change_view
from geo.ui.presentation import draw_stage

_KEY = "clean_map"
Block = dict[str, str]
Sheet = dict[str, Any]  # what takes the place of a slide's words, and "blocks"


def draw_screenshot(now: PageContext) -> None:
    """Draw the page's content on the canvas that the View asks for."""
    version = now.context.store.version()
    slide = slide_of(replace(now.view, clean=None), now.context.store, now.context.evidence)
    scene = build_scene(slide, version)
    if now.page.frame is None:
        scene |= _SHEETS.get(now.page.path, _ledger)(now, slide)
    value = build_stage([scene], CLEAN, shape=now.view.clean)
    draw_stage(json.dumps(value, ensure_ascii=False), slide, version, key=_KEY, on_change=_asked)


def _asked() -> None:
    value = st.session_state.get(_KEY)
    if isinstance(value, dict) and value.get("leave"):
        change_view(clean=None)


def _ledger(now: PageContext, slide: Slide) -> Sheet:
    rows = slide.selection.rows.to_dict("records")
    return {"blocks": [_claim(row) for row in rows]}


def _claim(row: dict) -> Block:
    return {
        "kicker": f"{formatting.format_when(row)} · {row['certainty']}",
        "title": str(row["says"]),
        "note": f"{row['reported']}; {row['attributed_to']}",
        "stance": str(row["stance"]),
    }


def _conflicts(now: PageContext, slide: Slide) -> Sheet:
    blocks: list[Block] = []
    for conflict in now.context.evidence.conflicts:
        rows = now.context.store.read(CLAIMS, Query(ids=tuple(conflict.claims)))
        blocks += [{"title": conflict.question}, *map(_answer, rows.to_dict("records"))]
    return {"headline": "Where sources differ", "lines": [now.page.about], "blocks": blocks}


def _answer(row: dict) -> Block:
    claim = _claim(row)
    return {"text": claim["title"], "note": claim["note"], "stance": claim["stance"]}


def _compared(now: PageContext, slide: Slide) -> Sheet:
    view, store = now.view, now.context.store
    days = list_facets(store, view.sources, view.layers).days
    every = select(replace(view, date_from=None, date_to=None), store).by_day
    found = compare_views(*resolve_windows(view, days, [day for day in every if day]), store)
    first, second = (
        formatting.format_span(side.view.date_from, side.view.date_to)
        for side in (found.first, found.second)
    )
    blocks = [
        {
            "kicker": c.place,
            "title": c.system,
            "text": WORDS.get(c.change, c.change),
            "note": c.words,
        }
        for c in found.changes
    ]
    counted = f"{found.first.report_count} and {found.second.report_count}"
    lines = [", ".join(f"{count} {name}" for name, count in found.counts.items()) or now.page.about]
    return {
        "headline": f"{first} beside {second}",
        "lines": lines,
        "window": "",
        "counted": counted,
        "blocks": blocks,
    }


def _about(now: PageContext, slide: Slide) -> Sheet:
    blocks = [*_classes(), *_sources(now)]
    return {
        "headline": "How this map is made",
        "lines": [now.page.about],
        "window": "",
        "counted": "",
        "blocks": blocks,
    }


def _classes() -> Iterator[Block]:
    for label, says in LOCATION.values():
        yield {"kicker": "Place", "title": label, "text": says}
    certainty = ", ".join(label.lower() for label, _ in CERTAINTY.values())
    yield {"kicker": "Certainty", "title": "From strongest to weakest", "text": certainty}
    for name, stance in STANCE.items():
        yield {"kicker": "What a report points to", "title": stance.label, "stance": name}


def _sources(now: PageContext) -> Iterator[Block]:
    for source in now.context.evidence.sources:
        day = formatting.format_day(source.reported_on) if source.reported_on else "day not given"
        yield {
            "kicker": "Source",
            "title": source.publisher,
            "text": source.title or "",
            "note": day,
        }


def _scenes(now: PageContext, slide: Slide) -> Sheet:
    briefing = current_briefing(None)
    blocks = [
        {
            "kicker": f"{number} · {find_page(one.view.page).title}",
            "title": one.headline.says,
            "text": " ".join(statement.says for statement in one.statements),
        }
        for number, one in enumerate(briefing.scenes, start=1)
    ]
    return {
        "headline": briefing.title,
        "lines": [briefing.subtitle] if briefing.subtitle else [],
        "window": "",
        "counted": f"{len(blocks)} scenes",
        "blocks": blocks,
    }


_SHEETS = {
    "evidence": _ledger,
    "conflicts": _conflicts,
    "compare": _compared,
    "about": _about,
    "briefing": _scenes,
}
