"""What the sidebar says below the search: rows of layers, other reports, near spellings."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from difflib import get_close_matches

import streamlit as st

from geo.app_context import session_layers
from geo.errors import StoreError
from geo.evidence import Evidence
from geo.selection import BUILTIN_LAYERS, CLAIMS, UPLOAD_PREVIEW, select
from geo.settings import settings
from geo.text.formatting import fold_text
from geo.text.text_search import fold_name
from geo.ui.browser_session import session_key
from geo.ui.html import escape_markdown
from geo.ui.page_context import PageContext, change_view
from geo.view import View

MOST = 3  # suggestions
_WORD_COLUMNS = ("says", "subject", "attributed_to", "publisher", "place_name", "state")


def draw_search_hints(page: PageContext) -> None:
    """Draw what a search found beside the reports, and what else may have been meant."""
    view = page.view
    if not view.q:
        return
    _explain_other_reports(page)
    hits = _count_layer_rows(page)
    if not page.selection.shown and hits:
        found = ", ".join(f"{count:,} {_rows(count)} of {title}" for _, title, count in hits)
        st.text(f"No report, {found}.")
    for name, title, count in hits:
        if name not in view.layers:
            label = f"Show {count:,} {_rows(count)} of {title}"
            _draw_button(label, f"hit_{name}", layers=(*view.layers, name))
        elif page.selection.shown:
            st.text(f"And {count:,} {_rows(count)} of {title}.")
    if page.selection.shown:
        return
    everywhere = View(page=view.page, q=view.q, sources="all")
    total = select(everywhere.narrow_to_places(page.spec.places), page.context.store).shown
    if total:
        noun = "report" if total == 1 else "reports"
        kept = replace(view.without_filters(), q=view.q, sources="all")
        _draw_button(f"{total} {noun} without the other filters", "search_all", **vars(kept))
    elif not hits:
        for number, text in enumerate(suggest(view.q, page.context.evidence, _list_words(page))):
            _draw_button(f"Did you mean “{text}”?", f"suggest_{number}", q=text)


def _rows(count: int) -> str:
    return "row" if count == 1 else "rows"


def _draw_button(label: str, key: str, **changes: object) -> None:
    text, change = escape_markdown(label), _change(**changes)
    st.button(text, key=key, on_click=change, type="tertiary", icon=":material/search:")


def _change(**changes: object) -> Callable[[], None]:
    return lambda: change_view(**changes)


def _explain_other_reports(page: PageContext) -> None:
    """Say how many reports only mention the system that is searched for, and offer the filter."""
    names, rows = page.context.evidence.system_names, page.selection.rows
    name = names.find_name(page.view.q)
    if name is None:
        return
    wanted = set(names.expand((name,)))
    others = sum(wanted.isdisjoint(systems) for systems in rows["systems"])
    if others:
        verb, be = ("mentions", "is") if others == 1 else ("mention", "are")
        st.text(f"{others} of these only {verb} {name} and {be} about something else.")
        _draw_button(f"Only reports about {name}", "only_about", q="", systems=(name,))


def _count_layer_rows(page: PageContext) -> list[tuple[str, str, int]]:
    """Return name, words and number of rows found, for each further layer with any.

    A large layer is searched if it is shown.
    """
    hidden = (*BUILTIN_LAYERS, UPLOAD_PREVIEW)
    names = [
        info.name
        for info in page.context.store.layers()
        if info.name not in hidden
        and (info.name in page.view.layers or info.rows <= settings().vector_limit)
    ]
    if not names:
        return []
    try:
        found = select(replace(page.view, layers=tuple(names)), page.context.store)
    except StoreError:
        return []
    key = session_key()
    stored = session_layers().open(key).layers() if session_layers().has(key) else ()
    own = {info.name for info in stored}
    return [
        (rows.name, f"{'your' if rows.name in own else 'the'} layer ‘{rows.title}’", rows.shown)
        for rows in found.layers
        if rows.shown
    ]


def _list_words(page: PageContext) -> set[str]:
    rows = page.context.store.read(CLAIMS)
    columns = [name for name in _WORD_COLUMNS if name in rows.columns]
    texts = (text for name in columns for text in rows[name] if isinstance(text, str))
    return {word for text in texts for word in fold_text(text).replace(",", " ").split()}


def suggest(q: str, evidence: Evidence, words: Iterable[str]) -> list[str]:
    """Return searches that resemble one without a match: systems and places, then words."""
    names = {fold_name(text): system for text, system in evidence.system_names.spellings.items()}
    for place in evidence.places:
        names |= {fold_name(text): place.short_name for text in (place.name, place.short_name)}
    found = [names[near] for near in get_close_matches(fold_name(q), names, MOST, 0.6)]
    known = sorted(words)
    near_words = (get_close_matches(word, known, 1, 0.75) for word in fold_text(q).split())
    replaced = " ".join(near[0] for near in near_words if near)
    if replaced and replaced != fold_text(q):
        found.append(replaced)
    different = {fold_name(text): text for text in reversed(found)}
    return [text for folded, text in reversed(different.items()) if folded != fold_name(q)][:MOST]
