"""The sidebar's filters: each widget shows and changes one part of the View."""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any

import streamlit as st

from geo.compare import find_windows
from geo.evidence.day_counts import OBSERVED_AXIS, REPORTED_AXIS
from geo.evidence.loading import format_origin
from geo.evidence.models import CERTAINTIES, STANCES
from geo.evidence.vocabularies import NOT_RATED, RATING_KINDS, UNRATED
from geo.facets import list_facets
from geo.mapping.basemaps import describe_online_bases, list_bases
from geo.mapping.symbols import CERTAINTY, STANCE
from geo.page_registry import COMPARE
from geo.selection import BUILTIN_LAYERS, UPLOAD_PREVIEW, select
from geo.summary import explain_left_out, is_silence
from geo.text import formatting
from geo.text.map_names import NAME_CHOICES
from geo.ui.html import escape_markdown
from geo.ui.known_as_of import draw_choice
from geo.ui.page_context import PageContext, change_view, current_view, reset_filters
from geo.ui.search_hints import draw_search_hints
from geo.view import View

AXIS_LABELS = {OBSERVED_AXIS: "it happened", REPORTED_AXIS: "it was reported"}
ANY = "any"
FAMILIES = "A family includes its parts and kinds; the same name with “only” leaves them out."
ORIGINS = (
    "The image, video, post or statement that a report rests on; several reports may share it."
)


def draw_sidebar(page: PageContext) -> None:
    """Draw the filters of a page."""
    view = page.view
    options = list_facets(page.context.store, view.sources, view.layers, view.axis)
    with st.sidebar:
        if page.spec.path == COMPARE:
            _draw_both_counts(page, options.days)
        else:
            st.markdown(f"**{page.selection.report_count}**")
            _draw_empty(page)
            _draw_days(page, options.days)
        _draw_undated_layers(page)
        _draw_sources(page)
        systems = options.systems
        _draw_multiselect("Systems", "systems", view.systems, systems, systems, FAMILIES)
        _draw_multiselect("Evidence", "evidence", view.evidence, options.evidence)
        origins = {name: format_origin(page.context.evidence, name) for name in options.origins}
        _draw_multiselect("Rests on", "origins", view.origins, origins, origins, ORIGINS)
        certainties = {ANY: "Any"} | {name: CERTAINTY[name][0] for name in CERTAINTIES}
        parse = {name: name for name in CERTAINTIES}.get
        certainty = view.certainty or ANY
        _draw_choice("At least this certain", "certainty", certainty, certainties, parse)
        labels = {name: stance.label for name, stance in STANCE.items()}
        _draw_multiselect("Points to", "stances", view.stances, STANCES, labels)
        _draw_ratings(page, options.ratings)
        key, on_change = _bind("q", view.q, "")
        hint = page.context.evidence.case.search_hint
        st.text_input(
            "Search the words", key=key, placeholder=hint, max_chars=200, on_change=on_change
        )
        if page.selection.shown:
            draw_search_hints(page)
        _draw_map_options(page, options.places)
        st.button("Take all filters off", key="reset", on_click=reset_filters, width="stretch")


def _draw_sources(page: PageContext) -> None:
    """Draw the choice of sources, if the case has several sets."""
    case = page.context.evidence.case
    labels = {name: escape_markdown(label) for name, label in case.source_choices.items()}
    if len(labels) > 1:
        names, first, label_of = tuple(labels), case.default_sources, labels.__getitem__
        key, on_change = _bind("sources", page.view.sources, first)
        st.radio(
            "Sources",
            names,
            index=names.index(first),
            key=key,
            format_func=label_of,
            on_change=on_change,
        )


def _draw_ratings(page: PageContext, found: Mapping[str, Mapping[str, str]]) -> None:
    """Draw the filters of ratings in an expander, where anything is rated or filtered by."""
    vocabularies = page.context.evidence.vocabulary_by_id
    shown = [name for name in RATING_KINDS if name in found or getattr(page.view, name)]
    if not shown:
        return
    expander = st.expander("Ratings", key="ratings_open", on_change="rerun")
    if not expander.open:
        return
    with expander:
        for name in shown:
            vocabulary = vocabularies[name]
            terms = {one.id: one.named for one in vocabulary.terms} | {UNRATED: NOT_RATED}
            labels = terms | dict(found.get(name, {}))
            chosen = getattr(page.view, name)
            options = found.get(name, ())
            _draw_multiselect(vocabulary.title, name, chosen, options, labels, vocabulary.wording)


def _draw_both_counts(page: PageContext, days: tuple[dt.date, dt.date]) -> None:
    """Draw the counts of both windows of Compare, whose days are set on the page."""
    store = page.context.store
    left, right = (select(one, store).plain_count for one in find_windows(page.view, days, store))
    st.markdown(f"**{right}**")
    st.caption(f"on the right, {left} on the left. The days are set above each map.")
    _draw_axis(page)
    _draw_undated(page.view, 0)


def _draw_empty(page: PageContext) -> None:
    """Say why nothing is shown, if nothing is, and offer the way out."""
    if not page.selection.total or page.selection.shown:
        return
    if is_silence(page.selection):
        st.warning("No report is of these days, which is no sign of absence.")
        st.button("All days", key="reset_empty", on_click=_show_all_days, type="primary")
    else:
        st.warning("No report matches all of these filters.")
        label = "Show everything again"
        st.button(label, key="reset_empty", on_click=reset_filters, type="primary")
    draw_search_hints(page)


def _show_all_days() -> None:
    change_view(date_from=None, date_to=None)


def _set_widget(key: str, value: object, default: object = None) -> None:
    """Set a widget's value before it is drawn, if the view changed elsewhere.

    The default is not set, since a widget whose value was set is sent again in full.
    """
    if st.session_state.get(key, default) != value:
        st.session_state[key] = value


def _bind(
    field: str, value: object, default: object, parse: Callable[[Any], object] = str
) -> tuple[str, Callable[[], None]]:
    """Set the widget of a field of the view; return its key and its callback."""
    key = f"filter_{field}"
    _set_widget(key, value, default)
    return key, lambda: change_view(**{field: parse(st.session_state[key])})


def _draw_multiselect(
    label: str,
    field: str,
    value: tuple[str, ...],
    options: Iterable[str],
    labels: Mapping[str, str] | None = None,
    explanation: str | None = None,
) -> None:
    key, on_change = _bind(field, list(value), [], tuple)
    shown = {name: (labels or {}).get(name, name) for name in (*options, *value)}
    same = Counter(shown.values())  # the browser knows an option by its text alone
    st.multiselect(
        label,
        tuple(shown),
        key=key,
        format_func=lambda name: (
            shown[name] if same[shown[name]] == 1 else f"{shown[name]} ({name})"
        ),
        placeholder="All",
        help=explanation,
        filter_mode="contains",
        select_all=False,  # it would be first, and Enter would choose all matches
        on_change=on_change,
    )


def _draw_choice(
    label: str,
    field: str,
    value: str,
    labels: Mapping[str, str],
    parse: Callable[[str], object] = str,
    widget: Callable[..., object] = st.selectbox,
    help: str | None = None,
) -> None:
    """Draw the choice of one value; the first of `labels` is the default."""
    options, label_of = tuple(labels), labels.__getitem__
    key, on_change = _bind(field, value, options[0], parse)
    widget(label, options, key=key, format_func=label_of, on_change=on_change, help=help)


def _draw_axis(page: PageContext) -> None:
    """Draw the choice of what the days are: those of the events, or those of reporting."""
    axis, horizontal = page.view.axis, partial(st.radio, horizontal=True)
    _draw_choice("Days on which", "axis", axis, AXIS_LABELS, widget=horizontal)
    if axis == REPORTED_AXIS and page.selection.layers:
        st.caption("Further layers keep their own dates.")


def _draw_days(page: PageContext, days: tuple[dt.date, dt.date]) -> None:
    _draw_axis(page)
    first, last = days
    view = page.view
    start = min(max(view.date_from or first, first), last)
    end = min(max(view.date_to or last, start), last)
    if first < last:
        key = f"days_{first}_{last}"
        _set_widget(key, (start, end))
        on_slide = partial(_set_days, key, days)
        form = "D MMM YYYY" if formatting.needs_year(first, last) else "D MMM"
        st.slider("Days", first, last, key=key, format=form, on_change=on_slide)
    whole = (start, end) == days
    # From all days, the last one is the one on screen that a step starts from.
    steps = {
        "Day before": (last if whole else start) - dt.timedelta(1),
        "Day after": end + dt.timedelta(1),
    }
    with st.container(horizontal=True):
        for by, (label, day) in zip((-1, 1), steps.items(), strict=True):
            inside = first <= day <= last
            name = formatting.format_day(day, year=formatting.needs_year(first, last))
            st.button(
                label,
                key=f"day{by}",
                width="stretch",
                help=f"Only {name}" if inside else f"{name} is beyond the days here",
                disabled=not inside,
                on_click=partial(change_view, date_from=day, date_to=day),
            )
    if text := explain_left_out(page.selection):
        st.caption(text)
    left_out = page.selection.undated_left_out
    if view.windowed and (left_out or view.undated):
        _draw_undated(view, left_out)


def _draw_undated(view: View, left_out: int) -> None:
    key, on_change = _bind("undated", view.undated, False, bool)
    noun = "report" if left_out == 1 else "reports"
    label = f"Keep {left_out} undated {noun}" if left_out else "Keep undated reports"
    if view.axis == REPORTED_AXIS:
        label = label.replace("undated ", "") + " without a date of reporting"
    st.checkbox(label, key=key, on_change=on_change)


def _draw_undated_layers(page: PageContext) -> None:
    """Draw a switch for the undated rows of each further layer, while days are set."""
    out = page.view.dated_only
    for layer in page.selection.layers:
        if not layer.undated:
            continue
        key = f"undated_{layer.name}"
        _set_widget(key, layer.name not in out)
        noun = "row" if layer.undated == 1 else "rows"
        what = f"{layer.undated:,} undated {noun} kept on all days"
        what = what if layer.info.date_from else "no dates, shown on all days"
        label = f"{escape_markdown(layer.title)}: {what}"
        st.checkbox(label, key=key, on_change=partial(_keep_undated, layer.name, key))


def _keep_undated(name: str, key: str) -> None:
    others = [one for one in current_view().dated_only if one != name]
    change_view(dated_only=(*others, *([] if st.session_state[key] else [name])))


def _set_days(key: str, days: tuple[dt.date, dt.date]) -> None:
    start, end = st.session_state[key]
    whole = (start, end) == days
    change_view(date_from=None if whole else start, date_to=None if whole else end)


def _draw_map_options(page: PageContext, places: tuple[str, ...]) -> None:
    """Draw an expander with places, further layers and the base map."""
    expander = st.expander("Places and base map", key="more_open", on_change="rerun")
    if not expander.open:
        return
    context, view = page.context, page.view
    with expander:
        if not page.spec.places:
            names = {place.id: place.name for place in context.evidence.places}
            _draw_multiselect("Places", "places", view.places, places, names)
        hidden = (*BUILTIN_LAYERS, UPLOAD_PREVIEW)
        further = {one.name: one.title for one in context.store.layers() if one.name not in hidden}
        if further:
            _draw_multiselect("Further layers", "layers", view.layers, further, further)
        if page.spec.path != COMPARE:
            draw_choice(page, "as_of", "Reports as they stood", "as they stand now")
        titles = {base.name: base.title for base in list_bases()}
        _draw_choice("Base map", "base", view.base, titles, help=describe_online_bases())
        _draw_choice("Names on the map", "names", view.names, dict(NAME_CHOICES))
