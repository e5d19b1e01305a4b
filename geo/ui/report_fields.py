"""The fields of the report form; each keeps what is typed at once."""

from functools import partial

import streamlit as st

from geo.evidence import Evidence, Source
from geo.evidence.distance import WINDS
from geo.evidence.kept_files import MISSING_REASONS
from geo.evidence.models import CERTAINTIES, EVIDENCE_KINDS, LOCATION_CLASSES, STANCES
from geo.mapping.folium_map import Bounds, build_spot, build_spot_map
from geo.ui import report_words as words
from geo.ui.map_component import draw_folium_map
from geo.ui.report_records import find_usual_class
from geo.ui.report_session import change_report, field_key, keep_field, renew_field, typed_report
from geo.ui.report_widgets import choose, choose_many, draw_day, draw_number, rate, tick, write
from geo.ui.typed_distance import DISTANCE
from geo.ui.typed_report import NEW, OF_CLAIMS, read_point

MAP_HEIGHT = 300  # pixels
NOUNS = (
    *("image", "video", "photo", "post", "statement", "tracking", "footage", "reporting"),
    "reading",
)


def draw_fields(evidence: Evidence, area: Bounds) -> None:
    """Draw all fields, in the order in which a report is read: source, what, when, where, how."""
    _draw_source(evidence)
    _draw_what(evidence)
    _draw_when()
    _draw_where(evidence, area)
    _draw_support(evidence)


def _draw_source(evidence: Evidence) -> None:
    sources = {one.id: one for one in evidence.sources}
    wide, narrow = st.columns((3, 1))
    with wide:
        choose(
            "source",
            "Source",
            (NEW, *reversed(sources)),
            lambda one: "Add a new source" if one == NEW else describe_source(sources[one]),
            placeholder="Choose a source, or add one",
        )
    with narrow:
        write("locator", "Where in it", placeholder="paragraph 4, 0:41")
    if typed_report().source == NEW:
        with st.container(border=True):
            _draw_new_source(evidence)


def _draw_new_source(evidence: Evidence) -> None:
    left, right = st.columns((1, 2))
    with left:
        write("publisher", "Publisher", placeholder="who published it")
    with right:
        write("title", "Title")
    left, right = st.columns(2)
    with left:
        write("url", "Address", placeholder="https://…")
    with right:
        if not typed_report().url:
            write("url_note", "or why it has none", placeholder="read in print")
    exactly, when, in_set = st.columns(3)
    with exactly:
        precisions = words.PRECISIONS
        choose("reported_on_precision", "Publication", tuple(precisions), precisions.__getitem__)
    with when:
        if typed_report().reported_on_precision == "day":
            draw_day("reported_on", "Published on")
        else:
            write("reported_on_words", "When, in words", placeholder="May 2024")
    with in_set:
        sets = {one.id: one.label for one in evidence.case.source_sets}
        start = next((one.id for one in evidence.case.source_sets if one.default), "")
        choose("source_set", "Source set", tuple(sets), sets.__getitem__, start=start)
    archive, read, why, rated = st.columns(4)
    with archive:
        write("archive_url", "Archived at", placeholder="https://…")
    with read:
        draw_day("accessed_on", "Read on")
    with why:
        choose("missing", "Why some of it is missing", MISSING_REASONS, str.capitalize)
    with rated:
        rate("reliability", evidence)


def describe_source(source: Source) -> str:
    """Return a source for a list to choose from: publisher, title and day."""
    parts = (source.publisher or "Publisher not known", source.title, source.when)
    return " · ".join(part for part in parts if part)


def _draw_what(evidence: Evidence) -> None:
    key = field_key("says")
    st.text_area(
        "What is reported, as one sentence in your own words",
        typed_report().says,
        key=key,
        height=80,
        on_change=keep_field,
        args=("says", key),
    )
    systems, subject, least, most = st.columns((3, 2, 1, 1))
    with systems:
        choose_many("systems", "Systems", list(evidence.known_systems))
    with subject:
        write("subject", "About, if no system", placeholder="convoy, talks")
    for column, name, label in ((least, "count_min", "At least"), (most, "count_max", "At most")):
        with column:
            draw_number(name, label)


def _draw_when() -> None:
    how, first, last = st.columns((2, 1, 1))
    with how:
        choose("date_class", "When", tuple(words.DATE_CLASSES), words.DATE_CLASSES.__getitem__)
    kind = typed_report().date_class
    with first:
        if kind != "undated":
            labels = {"day": "Day", "range": "First day", "by": "No later than"}
            draw_day("first_day", labels[kind])
    with last:
        if kind == "range":
            draw_day("last_day", "Last day")


def _draw_where(evidence: Evidence, area: Bounds) -> None:
    places = {one.id: one.name for one in evidence.places}
    where, how = st.columns(2)
    labels = {"": "No place that can be drawn", NEW: "Add a new place"} | places
    with where:
        choose("place", "Place", tuple(labels), labels.__getitem__)
    typed = typed_report()
    with how:
        if typed.place == NEW:
            exact = words.EXACTNESS
            choose("place_exact", "How exactly it is known", tuple(exact), exact.__getitem__)
        elif typed.place:
            classes = [one for one in LOCATION_CLASSES if one != "exact"] + ["exact"]
            label = "How exactly the source gives it"
            usual = find_usual_class(evidence, typed.place)
            choose("location_class", label, classes, words.describe_location, start=usual)
    if typed.place == NEW:
        with st.container(border=True):
            _draw_new_place(area)
    elif typed.place and typed.location_class == DISTANCE:
        with st.container(border=True):
            _draw_distance()


def _draw_distance() -> None:
    far, where, sea = st.columns((2, 2, 1), vertical_alignment="bottom")
    with far:
        write("distance", "Distance, as the source writes it", placeholder="about 13 km")
    with where:
        choose_many("distance_winds", "Direction, if the source gives one", WINDS, new=False)
    with sea:
        tick("distance_sea", "At sea")
    point, name = st.columns(2)
    with point:
        write("distance_point", "Measured from", placeholder="empty: the place’s own point")
    with name:
        write("distance_name", "What is there", placeholder="the port of …")
    st.caption("It is drawn as an arc with the tolerance of these words; no spot is marked.")


def _draw_new_place(area: Bounds) -> None:
    fields, chart = st.columns((1, 1.4))
    typed = typed_report()
    point = read_point(typed.place_point) if typed.place_point else None
    radius = typed.place_radius if typed.place_exact == "vicinity" else 0
    with fields:
        write("place_name", "Name of the place")
        write("place_point", "Position", placeholder="35.4011, 35.9487 or 37S BV 12345 67890")
        st.caption("Click the map, or type it: degrees in any notation, latitude first, or MGRS.")
        if typed.place_exact == "vicinity":
            draw_number("place_radius", "Radius in metres", least=10, most=200_000, step=100)
    with chart, st.container(key="report_map"):
        key = field_key("map")
        draw_folium_map(
            build_spot_map(area),
            key=key,
            height=MAP_HEIGHT,
            use_container_width=True,
            returned_objects=[],
            feature_group_to_add=build_spot((*point, radius) if point else None),
            render=False,
            on_change=partial(_take_spot, key),
        )


def _take_spot(key: str) -> None:
    """Write the position that was clicked on the small map into its field."""
    value = st.session_state.get(key)
    spot = value.get("spot") if isinstance(value, dict) else None
    if isinstance(spot, list) and len(spot) == 2 and all(isinstance(n, int | float) for n in spot):
        change_report(place_point=f"{spot[0]:.5f}, {spot[1]:.5f}")
        renew_field("place_point")


def _draw_support(evidence: Evidence) -> None:
    left, right = st.columns(2)
    with left:
        choose("evidence", "Evidence", EVIDENCE_KINDS, words.describe_evidence)
        choose("certainty", "Certainty", CERTAINTIES, words.describe_certainty)
        choose("stance", "Points to", STANCES, words.describe_stance)
    with right:
        write("attributed_to", "Attributed to", placeholder="whom the source names; empty: nobody")
        known = [one.name for one in evidence.origins]
        choose_many("origins", "Rests on: the image, video or statement behind it", known)
        if set(typed_report().origins) - {*known}:
            nouns = dict.fromkeys((*NOUNS, *(one.noun for one in evidence.origins)))
            choose("origin_noun", "What the new one is", tuple(nouns), str)
        state, note = st.columns(2)
        with state:
            write("state", "State", placeholder="being dismantled")
        with note:
            write("note", "Note")
    for column, kind in zip(st.columns(len(OF_CLAIMS)), OF_CLAIMS, strict=True):
        with column:
            rate(kind, evidence)
