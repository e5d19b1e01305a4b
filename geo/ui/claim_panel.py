"""Render the panel beside the map as HTML; every text of the data is escaped."""

from collections.abc import Collection
from dataclasses import replace
from typing import Any

import pandas as pd
from markupsafe import Markup

from geo import summary
from geo.evidence import Conflict
from geo.lru_cache import LruCache
from geo.mapping.legend import find_shape
from geo.mapping.symbols import CERTAINTY, LOCATION, STANCE
from geo.selection import BUILTIN_LAYERS, CLAIMS
from geo.store import Query, row_ids
from geo.text import formatting
from geo.text.direction import keep_apart
from geo.ui import claim_card, provenance_card
from geo.ui.html import escape, link, tag
from geo.ui.page_context import PageContext
from geo.ui.view_links import claim_address, question_address

SUMMARY_FROM = 5  # reports; fewer are shown in full instead of a summary
MAX_CARDS = 30  # reports of one place; the table has the others
_summaries: LruCache[str] = LruCache(4_000_000, most=512)
Row = dict[str, Any]  # a row of the claims layer: column to value


def render_panel(page: PageContext) -> str:
    """Return the panel: the chosen report, place or feature, or the page's summary."""
    chosen = page.view.claim
    if chosen:
        if "," in chosen:
            return render_joined(page, chosen.split(","))
        rows = page.context.store.read(CLAIMS, Query(ids=(chosen,)))
        if len(rows):
            return render_claim(page, rows.to_dict("records")[0], whole=True)
        place, _, thing = chosen.partition(":")
        if place in page.context.evidence.place_by_id:
            return render_place(page, place, thing)
        if "/" in chosen:
            return render_feature(page, *chosen.split("/", 1))
    return render_summary(page)


def render_claim(page: PageContext, row: Row, *, whole: bool = False) -> str:
    """Return one report as a card; ``whole``: with its facts, link and conflicts."""
    place = row["place_name"] if isinstance(row["place_name"], str) else "No single place"
    when = escape(formatting.format_when(row))
    head = tag(
        "div", "kicker", claim_card.render_review(row), escape(keep_apart(place)), " · ", when
    )
    words = tag("p", "says", escape(row["says"]))
    named = row["attributed_to"] != "not named"
    basis = f"attributed to {row['attributed_to']}" if named else "whom it rests on is not named"
    reported = claim_card.write_reported(row)
    source = tag("p", "source", escape(f"{reported}; {basis}"))
    if whole:
        below = [provenance_card.render_image(page, row), source, _render_link(row)]
        below += [_render_facts(page, row), provenance_card.render_provenance(page, row)]
        below += [claim_card.render_origins(page, row), claim_card.render_citing(page, row)]
        below.append(render_conflicts(page, row["conflicts"], row["id"]))
        return tag("article", f"claim whole {row['stance']}", head, words, *below)
    labels = (CERTAINTY[row["certainty"]][0].lower(), STANCE[row["stance"]].label.lower())
    kinds = escape(" · ".join((row["evidence"], *labels)))
    differ = (link("≠ sources differ", question_address(page, one)) for one in row["conflicts"])
    code = claim_card.render_code(page, row)
    kind_line = tag("p", "kinds", kinds, " ", code, *(tag("span", "mark", one) for one in differ))
    opener = tag("p", "source", link("Open this report", claim_address(page, row["id"])))
    return tag("article", f"claim {row['stance']}", head, words, kind_line, source, opener)


def _render_facts(page: PageContext, row: Row) -> str:
    count = formatting.format_count(row["count_min"], row["count_max"])
    shape = find_shape(page.context.evidence, row["location_class"], row["place"])
    said = row.get("distance_words")
    words = said if isinstance(said, str) else ""
    facts = {
        "Systems": ", ".join(row["systems"]),
        "Number": count or "the source gives none",
        "State": row["state"],
        "Evidence": row["evidence"],
        "Certainty": CERTAINTY[row["certainty"]][0],
        "Points to": STANCE[row["stance"]].label,
        "Place": f"{words}; the spot is not given" if words else LOCATION[shape][1],
        **claim_card.list_ratings(page, row),
        "Note": row["note"],
        "Report": row["id"],
    }
    return _render_pairs({k: v for k, v in facts.items() if isinstance(v, str) and v})


def _render_pairs(facts: dict[str, Any]) -> str:
    pairs = (
        f"<dt>{escape(name)}</dt><dd>{value if isinstance(value, Markup) else escape(value)}</dd>"
        for name, value in facts.items()
    )
    return tag("dl", "facts", *pairs)


def _render_link(row: Row) -> str:
    url = row["url"]
    if not isinstance(url, str) or not url.startswith(("https://", "http://")):
        return ""
    link = f'<a href="{escape(url)}" target="_blank" rel="noopener">Open the source</a>'
    return tag("p", "source", link)


def read_answers(page: PageContext, conflict: Conflict) -> list[Row]:
    """Return the rows of the claims that answer a conflict's question."""
    return page.context.store.read(CLAIMS, Query(ids=tuple(conflict.claims))).to_dict("records")


def render_conflicts(page: PageContext, ids: Collection[str], chosen: str = "") -> str:
    """Return the questions of these conflicts, each with the reports that answer it."""
    parts = []
    for conflict in page.context.evidence.conflicts:
        if conflict.id in ids:
            answers = (_render_answer(page, row, chosen) for row in read_answers(page, conflict))
            question = link(escape(conflict.question), question_address(page, conflict.id))
            parts.append(tag("h3", "", question) + tag("ul", "answers", *answers))
    return tag("section", "conflicts", "<h2>Where sources differ</h2>", *parts) if parts else ""


def _render_answer(page: PageContext, row: Row, chosen: str) -> str:
    basis = f"{row['attributed_to']} · {formatting.format_when(row)} · {row['certainty']}"
    who = tag("span", "who", escape(basis))
    if row["id"] == chosen:
        return tag("li", "this", escape(row["says"]), who)
    return tag("li", "", link(escape(row["says"]), claim_address(page, row["id"])), who)


def render_place(page: PageContext, place: str, thing: str = "") -> str:
    """Return the reports of one place, or those of one line of its list, as cards."""
    rows = page.selection.rows
    rows = rows[rows["place"] == place]
    if thing:
        about = zip(rows["systems"], rows["subject"], strict=True)
        rows = rows[[thing in (systems if len(systems) else (one,)) for systems, one in about]]
    name = page.context.evidence.place_by_id[place].name
    noun = "report names" if len(rows) == 1 else "reports name"
    note = f"{len(rows)} {noun} {thing or 'it'} in this view; none gives a spot inside it."
    cards = [render_claim(page, row) for row in rows.head(MAX_CARDS).to_dict("records")]
    if len(rows) > MAX_CARDS:
        cards.append(tag("p", "source", f"{len(rows) - MAX_CARDS} more are in the table."))
    return "".join([tag("h2", "name", escape(name)), tag("p", "source", escape(note)), *cards])


def render_joined(page: PageContext, ids: list[str]) -> str:
    """Return the reports that share a line of a place's list, as cards, in the line's order."""
    found = page.context.store.read(CLAIMS, Query(ids=tuple(ids))).to_dict("records")
    rows = sorted(found, key=lambda row: ids.index(row["id"]))
    names = sorted({row["place_name"] for row in rows if isinstance(row["place_name"], str)})
    head = tag("h2", "name", escape(", ".join(names) or "No single place"))
    note = f"{len(rows)} reports that share a line of the list."
    cards = [render_claim(page, row) for row in rows]
    return "".join([head, tag("p", "source", escape(note)), *cards])


def render_feature(page: PageContext, layer: str, key: str) -> str:
    """Return the attributes of one feature of a further layer."""
    infos = {info.name: info for info in page.context.store.layers()}
    if layer not in infos or layer in BUILTIN_LAYERS:
        return render_summary(page)
    info = infos[layer]
    frame = page.context.store.read(layer, Query(ids=(key,)))
    records = frame.drop(columns=frame.geometry.name).to_dict("records")
    pairs = zip(records, row_ids(frame, info), strict=True)
    found = next((row for row, name in pairs if name == key), None)
    if found is None:
        return render_summary(page)
    facts = {k: v for k, v in found.items() if not (pd.api.types.is_scalar(v) and pd.isna(v))}
    head = tag("div", "kicker", escape(info.title)) + tag("h2", "name", escape(key))
    return head + _render_pairs(facts)


def render_summary(page: PageContext) -> str:
    """Return the latest days in words, then the questions on which sources differ.

    It is rendered once for each page and view: viewers of the same days share it.
    """
    store, view = page.context.store, replace(page.view, at=None, screen=None)
    version, token = store.version(), page.selection.token
    key = (store, version, token, page.selection.ids, page.spec.path, view)
    return _summaries.get_or_compute(
        key,
        lambda: _render_summary(page),
        lambda text: len(text) if store.version() == version else None,
    )


def _render_summary(page: PageContext) -> str:
    ids = set(page.selection.conflicts)
    questions = [
        link(escape(one.question), question_address(page, one.id))
        for one in page.context.evidence.conflicts
        if one.id in ids
    ]
    items = (f"<li>{question}</li>" for question in questions)
    differ = tag("h2", "", "Where sources differ") + tag("ul", "questions", *items)
    differ = differ if questions else ""
    if page.selection.shown < SUMMARY_FROM:
        rows = page.selection.rows.to_dict("records")
        return "".join(render_claim(page, row) for row in rows) + differ
    notes = ""
    for note in summary.list_latest_reports(page.selection):
        head = tag("div", "kicker", escape(note.when), " · ", escape(keep_apart(note.place)))
        words = escape("; ".join(note.phrases))
        opens = link(words, claim_address(page, note.ids[0])) if len(note.ids) == 1 else words
        notes += tag("div", "note", head, tag("p", "", opens))
    return (tag("h2", "", "Latest, in words") + notes if notes else "") + differ
