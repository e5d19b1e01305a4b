"""Parts that are read rather than looked at: road legs, what videos show, method, sources."""

from __future__ import annotations

import json
from collections.abc import Iterable

import pandas as pd
import streamlit as st

from geo import wording
from geo.mapping.symbols import CERTAINTY, LOCATION, STANCE
from geo.selection import CLAIMS
from geo.settings import ASSETS
from geo.ui.parts import board
from geo.ui.text import esc, tag


def legs() -> None:
    """Draw the road's legs with their lengths and what they rest on."""
    routes = board().where.store.read("routes")
    words = {"inferred": "both ends are named by the sources; the road between is inferred"}
    rows = (
        (
            row["name"],
            f"{row['length_km']:.0f} km as drawn; {row['surveyed_km']:.0f} km of surveyed road",
            words.get(row["inference"], "onward leg, a weaker inference: no source names it"),
            f"drawn line strays up to {row['max_deviation_m'] / 1000:.1f} km from the road",
        )
        for row in routes.to_dict("records")
    )
    st.html(tag("section", "reading", "<h2>The legs of the road</h2>", _table(
        ("Leg", "Length", "What it rests on", "How schematic"), rows)))  # fmt: skip


def videos() -> None:
    """Draw what the videos show, as far as the filters let it through, and what they do not."""
    now = board()
    rows = now.selection.rows
    shown = rows[rows["evidence"].isin(("verified video", "video", "photo"))]
    said = [(row["says"], row["attributed_to"]) for row in shown.to_dict("records")]
    claims = now.where.store.read(CLAIMS)
    gaps = claims[(claims["certainty"] == "unknown") & claims["subject"].eq("convoy")]
    missing = [(row["says"], row["attributed_to"]) for row in gaps.to_dict("records")]
    st.html(tag(
        "section", "reading two",
        tag("div", "", "<h2>What the videos show</h2>", _said(said) or "<p>Nothing in this view.</p>"),
        tag("div", "", "<h2>What they do not show</h2>", _said(missing)),
    ))  # fmt: skip


def method() -> None:
    """Draw how the map is made."""
    counts = board().where.evidence
    st.html(tag(
        "section", "reading",
        "<h1>How this map is made</h1>",
        f"<p>It shows {len(counts.claims)} claims: statements of public press reports of December 2024 "
        "and the weeks after, in our own words. A claim is one statement of one source about one "
        "thing. Nothing is shown without its source, and the wording stays “reported by”. The makers "
        "of the map have verified none of it.</p>"
        "<p><b>Not observed is not gone.</b> A day without a report of something means that no "
        "source here names it on that day. It does not mean that it had left.</p>"
        "<p><b>Nothing is pinned to a spot that its source does not give.</b> Reports on a base "
        "share one symbol with their number; inside it they are a list. Aprons and runways are "
        "base geography only.</p>"
        "<p><b>Dates.</b> A claim of a day counts on that day. One that gives a span counts on each "
        "day of it. One dated “by” a day counts on that day. One without a date stays out while "
        "a window of days is set, which the sidebar says, and can be kept in.</p>"
        "<p><b>Two sets of sources.</b> The two articles are shown at first. Wider reporting, "
        "compiled from excerpts, is one click away and never mixed in silently.</p>",
    ))  # fmt: skip


def precision() -> None:
    """Draw the classes of precision and certainty, as the legend uses them."""
    rows = [(name.replace("-", ", "), *words) for name, words in LOCATION.items()]
    certainty = ", ".join(label.lower() for label, _ in CERTAINTY.values())
    stances = "; ".join(stance.label.lower() for stance in STANCE.values())
    st.html(tag(
        "section", "reading", "<h2>How well a thing is known</h2>",
        _table(("Place", "In the legend", "What it says"), rows),
        f"<p>Certainty, from strongest to weakest: {esc(certainty)}. The weaker, the fainter.</p>"
        f"<p>What a report points to: {esc(stances)}. Each has a colour and a mark of its own.</p>",
    ))  # fmt: skip


def sources() -> None:
    """Draw the sources with their dates and addresses."""
    known = board().where.evidence.sources
    for kind, title in (("articles", "The two articles"), ("wider", "Wider reporting")):
        rows = [
            (s.publisher, s.title or "", wording.day(s.reported_on) if s.reported_on else "day not given", s.url or "")
            for s in known if s.set == kind
        ]  # fmt: skip
        st.html(tag("section", "reading", f"<h2>{title}</h2>",
                    _table(("Publisher", "Title", "Published", "Address"), rows)))  # fmt: skip


def licences() -> None:
    """Draw where the base geography comes from, and under which licences."""
    records = json.loads((ASSETS / "basemap" / "attribution.json").read_text("utf-8"))
    rows = [(r["title"], r["source"], r["licence"], r["attribution"]) for r in records.values()]
    st.html(tag(
        "section", "reading", "<h2>Base geography and licences</h2>",
        _table(("Layer", "From", "Licence", "Attribution"), rows),
        "<p>Towns: GeoNames, CC BY 4.0. Roads: OpenStreetMap contributors, ODbL, schematic. "
        "The program itself: MIT.</p>",
    ))  # fmt: skip


def _table(head: tuple[str, ...], rows: Iterable[tuple]) -> str:
    top = "".join(f"<th>{esc(name)}</th>" for name in head)
    body = "".join(
        "<tr>" + "".join(f"<td>{_cell(value)}</td>" for value in row) + "</tr>" for row in rows
    )
    return (
        f'<div class="wide"><table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table></div>'
    )


def _cell(value: object) -> str:
    text = "" if pd.isna(value) else str(value)
    if text.startswith("https://"):
        return f'<a href="{esc(text)}" target="_blank" rel="noopener">{esc(text)}</a>'
    return esc(text)


def _said(pairs: list[tuple[str, str]]) -> str:
    return "".join(f"<p>{esc(says)}{tag('span', 'who', esc(who))}</p>" for says, who in pairs)
