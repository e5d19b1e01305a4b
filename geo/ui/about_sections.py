"""Parts that are read rather than looked at: road legs, what videos show, method, sources."""

from __future__ import annotations

import json

import streamlit as st

from geo.evidence import Source
from geo.mapping.symbols import CERTAINTY, LOCATION, STANCE
from geo.selection import CLAIMS
from geo.settings import ASSETS, ROOT
from geo.text import formatting
from geo.ui.html import escape, html_table, tag
from geo.ui.page_sections import current_page


def draw_road_legs() -> None:
    """Draw the road's legs with their lengths and what they rest on."""
    routes = current_page().context.store.read("routes")
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
    st.html(
        tag(
            "section",
            "reading",
            "<h2>The legs of the road</h2>",
            html_table(("Leg", "Length", "What it rests on", "How schematic"), rows),
        )
    )


def draw_videos() -> None:
    """Draw what the videos show, as far as the filters let it through, and what they do not."""
    now = current_page()
    rows = now.selection.rows
    shown = rows[rows["evidence"].isin(("verified video", "video", "photo"))]
    said = list(zip(shown["says"], shown["attributed_to"], strict=True))
    claims = now.context.store.read(CLAIMS)
    gaps = claims[(claims["certainty"] == "unknown") & claims["subject"].eq("convoy")]
    nothing = "<p>Nothing in this view.</p>"
    missing = list(zip(gaps["says"], gaps["attributed_to"], strict=True))
    st.html(
        tag(
            "section",
            "reading two",
            tag("div", "", "<h2>What the videos show</h2>", _said(said) or nothing),
            tag("div", "", "<h2>What they do not show</h2>", _said(missing)),
        )
    )


def draw_method() -> None:
    """Draw how the map is made: the words of docs/method.md."""
    with st.container(key="method"):
        st.markdown((ROOT / "docs" / "method.md").read_text("utf-8"))


def draw_precision_classes() -> None:
    """Draw the classes of precision and certainty, as the legend uses them."""
    rows = [(name.replace("-", ", "), *words) for name, words in LOCATION.items()]
    certainty = ", ".join(label.lower() for label, _ in CERTAINTY.values())
    stances = "; ".join(stance.label.lower() for stance in STANCE.values())
    st.html(
        tag(
            "section",
            "reading",
            "<h2>How well a thing is known</h2>",
            html_table(("Place", "In the legend", "What it says"), rows),
            f"<p>Certainty, from strongest to weakest: {escape(certainty)}. "
            "The weaker, the fainter.</p>"
            f"<p>What a report points to: {escape(stances)}. "
            "Each has a colour and a mark of its own.</p>",
        )
    )


def draw_sources() -> None:
    """Draw the sources with their dates and addresses."""
    known = current_page().context.evidence.sources
    for kind, title in (("articles", "The two articles"), ("wider", "Wider reporting")):
        rows = [
            (source.publisher, source.title, _published(source), source.url)
            for source in known
            if source.set == kind
        ]
        st.html(
            tag(
                "section",
                "reading",
                f"<h2>{title}</h2>",
                html_table(("Publisher", "Title", "Published", "Address"), rows),
            )
        )


def _published(source: Source) -> str:
    return formatting.format_day(source.reported_on) if source.reported_on else "day not given"


def draw_licences() -> None:
    """Draw where the base geography comes from, and under which licences."""
    records = json.loads((ASSETS / "basemap" / "attribution.json").read_text("utf-8"))
    rows = [(r["title"], r["source"], r["licence"], r["attribution"]) for r in records.values()]
    st.html(
        tag(
            "section",
            "reading",
            "<h2>Base geography and licences</h2>",
            html_table(("Layer", "From", "Licence", "Attribution"), rows),
            "<p>Towns: GeoNames, CC BY 4.0. Roads: OpenStreetMap contributors, ODbL, schematic. "
            "The program itself: MIT.</p>",
        )
    )


def _said(pairs: list[tuple[str, str]]) -> str:
    return "".join(f"<p>{escape(says)}{tag('span', 'who', escape(who))}</p>" for says, who in pairs)
