"""Sections of text and tables: road legs, what videos show, method, sources, licences."""

import streamlit as st
from markupsafe import Markup

from geo.evidence import Source
from geo.evidence.case import Case, builtin_case
from geo.evidence.provenance import explain_missing, format_missing
from geo.mapping.basemap_files import ATTRIBUTED, read_attributions
from geo.mapping.local_layers import read_local_layers
from geo.mapping.symbols import CERTAINTY, LOCATION, STANCE
from geo.selection import CLAIMS
from geo.settings import ROOT
from geo.text import formatting
from geo.ui.html import escape, escape_markdown, html_table, section, tag
from geo.ui.page_sections import current_page
from geo.ui.provenance_card import render_copy


def draw_road_legs() -> None:
    """Draw the road's legs with their lengths and the evidence for each."""
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
    head = ("Leg", "Length", "What it rests on", "How schematic")
    st.html(section("The legs of the road", html_table(head, rows)))


def draw_videos() -> None:
    """Draw what the selected videos and photos show, and what no video shows."""
    page = current_page()
    rows = page.selection.rows
    shown = rows[rows["evidence"].isin(("verified video", "video", "photo"))]
    claims = page.context.store.read(CLAIMS)
    gaps = claims[claims["id"].isin(page.spec.not_shown)]
    left, right = (
        "".join(
            f"<p>{escape(says)}{tag('span', 'who', escape(who))}</p>"
            for says, who in zip(frame["says"], frame["attributed_to"], strict=True)
        )
        for frame in (shown, gaps)
    )
    left = tag("div", "", "<h2>What the videos show</h2>", left or "<p>Nothing in this view.</p>")
    right = tag("div", "", "<h2>What they do not show</h2>", right)
    st.html(tag("section", "reading two", left, right))


def draw_method() -> None:
    """Draw docs/method.md: how the map is made."""
    with st.container(key="method"):
        st.markdown(build_method(builtin_case()))


def build_method(case: Case) -> str:
    """Return docs/method.md as Markdown, with what the case says before and after it."""
    text = (ROOT / "docs" / "method.md").read_text("utf-8").strip()
    heading, _, rest = text.partition("\n\n")
    about = f"{escape_markdown(case.about)} " if case.about else ""
    remarks = (
        f"**{escape_markdown(one.heading)}** {escape_markdown(one.text)}" for one in case.remarks
    )
    return "\n\n".join((heading, f"{about}{rest}", *remarks))


def draw_precision_classes() -> None:
    """Draw the classes of location, certainty and stance, as the legend names them."""
    rows = [(name.replace("-", ", "), *words) for name, words in LOCATION.items()]
    stances = "; ".join(stance.label.lower() for stance in STANCE.values())
    st.html(
        section(
            "How well a thing is known",
            html_table(("Place", "In the legend", "What it says"), rows),
            f"<p>Certainty, from strongest to weakest: {escape(list_certainties())}. "
            "The weaker, the fainter.</p>"
            f"<p>What a report points to: {escape(stances)}. "
            "Each has a colour and a mark of its own.</p>",
        )
    )


def list_certainties() -> str:
    """Return the labels of the certainty classes, strongest first, joined by commas."""
    return ", ".join(label.lower() for label, _ in CERTAINTY.values())


def draw_ratings() -> None:
    """Draw the vocabularies of ratings: each term and its meaning, and where they are from."""
    parts = []
    for vocabulary in current_page().context.evidence.vocabularies:
        rows = [(one.code, one.label, one.span, one.meaning) for one in vocabulary.terms]
        source = f"{vocabulary.source}. Licence: {vocabulary.licence}."
        parts += [
            f"<h3>{escape(vocabulary.title)}</h3><p>{escape(vocabulary.wording)}</p>",
            html_table(("Sign", "Term", "Chance", "What it says"), rows),
            tag("p", "source", escape(source)),
        ]
    st.html(section("How reports are rated", *parts))


_SOURCE_COLUMNS = (
    *("Publisher", "Title", "Published", "Address", "Archived at", "Read on", "Kept copy"),
    "Not given",
)


def draw_sources() -> None:
    """Draw the sources of each set with their dates and addresses."""
    where = current_page().context
    evidence, sets = where.evidence, where.evidence.case.source_sets
    for chosen in sets:
        rows = [
            (
                source.publisher or "not known",
                source.title,
                format_publication_day(source),
                source.url or source.url_note,
                source.archive_url,
                formatting.format_day(source.accessed_on) if source.accessed_on else None,
                _link_copy(source),
                " ".join(explain_missing(format_missing(source) or "")),
            )
            for source in evidence.sources
            if source.set == chosen.id
        ]
        note = f"<p>{escape(chosen.note)}</p>" if chosen.note else ""
        title = chosen.label if len(sets) > 1 else "Sources"
        table = html_table(_SOURCE_COLUMNS, rows)
        st.html(section(title, note, table))


def _link_copy(source: Source) -> Markup | None:
    """Return a link to the kept copy of a source, or None."""
    page = current_page()
    digest = source.copy_sha256
    return render_copy(page.context.ledger, digest, page.view.as_of) if digest else None


def format_publication_day(source: Source) -> str:
    """Return the day of publication as text, or "day not given"."""
    return formatting.format_day(source.reported_on) if source.reported_on else "day not given"


def draw_licences() -> None:
    """Draw the origins and licences of the base map's data."""
    rows = [tuple(record[key] for key in ATTRIBUTED) for record in read_attributions()]
    faults = [f"<li>basemap/local/{escape(str(one))}</li>" for one in read_local_layers().faults]
    left_out = f"<p>Left out, because of faults:</p><ul>{''.join(faults)}</ul>" if faults else ""
    st.html(
        section(
            "Base geography and licences",
            html_table(("Layer", "From", "Licence", "Attribution"), rows),
            left_out,
            f"<p>{escape(builtin_case().credits)} The program itself: MIT.</p>",
        )
    )
