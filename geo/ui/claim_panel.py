"""The panel beside the map, as HTML: every text of the data is escaped on its way in."""

from __future__ import annotations

from typing import Any

import pandas as pd

from geo import summary
from geo.mapping.legend import find_shape
from geo.mapping.symbols import CERTAINTY, LOCATION, STANCE
from geo.selection import BUILTIN_LAYERS, CLAIMS
from geo.store import Query, row_ids
from geo.text import formatting
from geo.ui.html import escape, tag
from geo.ui.page_context import PageContext

FEW = 4  # claims that the panel shows in full words instead of a summary
CARDS = 30  # of a place: more than that, and the table serves better


def render_panel(board: PageContext) -> str:
    """Return the panel: the chosen claim, the chosen place, a feature, or the page's summary."""
    chosen = board.view.claim
    if chosen:
        rows = board.context.store.read(CLAIMS, Query(ids=(chosen,)))
        if len(rows):
            return render_claim(board, rows.to_dict("records")[0], whole=True)
        if any(place.id == chosen for place in board.context.evidence.places):
            return render_place(board, chosen)
        if "/" in chosen:
            return render_feature(board, *chosen.split("/", 1))
    return render_summary(board)


def reported(row: dict[str, Any]) -> str:
    """Return who reported a claim, and when, as the map always words it."""
    return str(row["reported"])


def _attributed(row: dict[str, Any]) -> str:
    if row["attributed_to"] == "not named":
        return "whom it rests on is not named"
    return f"attributed to {row['attributed_to']}"


def render_claim(board: PageContext, row: dict[str, Any], *, whole: bool = False) -> str:
    """Return one claim; whole: with all that is known about it."""
    stance = STANCE[row["stance"]]
    head = tag(
        "div",
        "kicker",
        escape(row["place_name"] if isinstance(row["place_name"], str) else "No single place"),
        " · ",
        escape(formatting.format_when(row)),
    )
    words = tag("p", "says", escape(row["says"]))
    source = tag("p", "source", escape(f"{reported(row)}; {_attributed(row)}"))
    if not whole:
        kinds = (
            f"{row['evidence']} · {CERTAINTY[row['certainty']][0].lower()} · {stance.label.lower()}"
        )
        mark = tag("span", "mark", "≠ sources differ") if len(row["conflicts"]) else ""
        return tag(
            "article",
            f"claim {row['stance']}",
            head,
            words,
            tag("p", "kinds", escape(kinds), " ", mark),
            source,
        )
    facts = _facts(row, stance.label)
    return tag(
        "article",
        f"claim whole {row['stance']}",
        head,
        words,
        source,
        _link(row),
        facts,
        render_conflicts(board, row["conflicts"], row["id"]),
    )


def _facts(row: dict[str, Any], stance: str) -> str:
    count = formatting.format_count(row["count_min"], row["count_max"])
    known = {
        "Systems": ", ".join(row["systems"]),
        "Number": count or "the source gives none",
        "State": row["state"],
        "Evidence": row["evidence"],
        "Certainty": CERTAINTY[row["certainty"]][0],
        "Points to": stance,
        "Place": LOCATION[find_shape(row["location_class"], row["place"])][1],
        "Note": row["note"],
        "Claim": row["id"],
    }
    return tag(
        "dl",
        "facts",
        *(
            f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>"
            for name, value in known.items()
            if isinstance(value, str) and value
        ),
    )


def _link(row: dict[str, Any]) -> str:
    url = row["url"]
    if not isinstance(url, str) or not url.startswith(("https://", "http://")):
        return ""
    link = f'<a href="{escape(url)}" target="_blank" rel="noopener">Open the source</a>'
    return tag("p", "source", link)


def _attribute(row: dict[str, Any]) -> str:
    return f"{row['attributed_to']} · {formatting.format_when(row)} · {row['certainty']}"


def render_conflicts(board: PageContext, names: Any, of: str = "") -> str:
    """Return the questions that sources answer differently, with the claims side by side."""
    parts = []
    for conflict in board.context.evidence.conflicts:
        if conflict.id not in set(names):
            continue
        rows = board.context.store.read(CLAIMS, Query(ids=tuple(conflict.claims)))
        answers = "".join(
            tag(
                "li",
                "this" if row["id"] == of else "",
                escape(row["says"]),
                tag("span", "who", escape(_attribute(row))),
            )
            for row in rows.to_dict("records")
        )
        parts.append(tag("h3", "", escape(conflict.question)) + tag("ul", "answers", answers))
    return tag("section", "conflicts", "<h2>Where sources differ</h2>", *parts) if parts else ""


def render_place(board: PageContext, place: str) -> str:
    """Return the claims of one place, as a list: the source gives no spot inside it."""
    rows = board.selection.rows
    rows = rows[rows["place"] == place]
    known = next(item for item in board.context.evidence.places if item.id == place)
    noun = "report names" if len(rows) == 1 else "reports name"
    note = f"{len(rows)} {noun} it in this view; none gives a spot inside it."
    cards = "".join(render_claim(board, row) for row in rows.head(CARDS).to_dict("records"))
    more = (
        tag("p", "source", f"{len(rows) - CARDS} more are in the table.")
        if len(rows) > CARDS
        else ""
    )
    return tag("h2", "name", escape(known.name)) + tag("p", "source", escape(note)) + cards + more


def render_feature(board: PageContext, layer: str, key: str) -> str:
    """Return what a further layer says about one feature, as it stands there."""
    known = {info.name: info for info in board.context.store.layers()}
    if layer not in known or layer in BUILTIN_LAYERS:
        return render_summary(board)
    info = known[layer]
    frame = board.context.store.read(layer, Query(ids=(key,)))
    rows = [
        row
        for row, name in zip(
            frame.drop(columns=frame.geometry.name).to_dict("records"),
            row_ids(frame, info),
            strict=True,
        )
        if name == key
    ]
    if not rows:
        return render_summary(board)
    facts = "".join(
        f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>"
        for name, value in rows[0].items()
        if not (pd.api.types.is_scalar(value) and pd.isna(value))
    )
    return (
        tag("div", "kicker", escape(info.title))
        + tag("h2", "name", escape(key))
        + tag("dl", "facts", facts)
    )


def render_summary(board: PageContext) -> str:
    """Return the page's summary: latest days in words, then where sources differ."""
    names = set(board.selection.conflicts)
    questions = [c.question for c in board.context.evidence.conflicts if c.id in names]
    items = (f"<li>{escape(question)}</li>" for question in questions)
    differ = tag("h2", "", "Where sources differ") + tag("ul", "questions", *items)
    differ = differ if questions else ""
    if board.selection.shown <= FEW:
        rows = board.selection.rows.to_dict("records")
        return "".join(render_claim(board, row) for row in rows) + differ
    notes = "".join(_note(note) for note in summary.list_latest_reports(board.selection))
    return (tag("h2", "", "Latest, in words") + notes if notes else "") + differ


def _note(note: summary.DayNote) -> str:
    head = tag("div", "kicker", escape(note.when), " · ", escape(note.place))
    words = escape("; ".join(note.phrases))
    return tag("div", "note", head, tag("p", "", words))
