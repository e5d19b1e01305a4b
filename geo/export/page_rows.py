"""The claims of a page as one Selection: of both windows on Compare, all answers on Conflicts.

Links, data files, lists of sources, pictures and slides of a page are made from it.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from geo.builtin_layers import find_evidence, find_store
from geo.compare import LEFT, RIGHT, Comparison, compare_windows
from geo.evidence.day_counts import format_days
from geo.export.data.table import ExtraColumn
from geo.facets import list_facets
from geo.page_registry import COMPARE, CONFLICTS, find_page
from geo.selection import Selection, join_selections, select, select_claims

if TYPE_CHECKING:
    from geo.evidence import Evidence
    from geo.store import LayerStore
    from geo.view import View


@dataclass(frozen=True)
class PageRows:
    """What a page shows.

    Attributes
    ----------
    view : View
        With every day that the page shows, so that a link shows the same.
    selection : Selection
        All its claims.
    column : ExtraColumn, optional
        Which part of the page shows a claim.
    comparison : Comparison, optional
        Both windows of Compare.
    """

    view: View
    selection: Selection
    column: ExtraColumn | None = None
    comparison: Comparison | None = None

    @property
    def layers(self) -> tuple[tuple[str, Selection], ...]:
        """The selections that hold the further layers, each with its side; "" if there is none."""
        if self.comparison:
            return ((LEFT, self.comparison.first), (RIGHT, self.comparison.second))
        return (("", self.selection),)


def collect_page_rows(view: View, store: LayerStore, evidence: Evidence) -> PageRows:
    """Return the claims of a view's page, with what the page says about each."""
    page = find_page(view.page)
    evidence = find_evidence(find_store(store, view.as_of)) if view.as_of else evidence
    if page.path == COMPARE:
        return _collect_windows(view, store)
    chosen = select(view.narrow_to_places(page.places), store)
    if page.path != CONFLICTS:
        return PageRows(view, chosen)
    ids = [name for conflict in evidence.conflicts for name in conflict.claims]
    answers = select_claims(dict.fromkeys(ids), chosen, store)
    answers = replace(answers, total=answers.shown)  # whatever the filters of the view
    inside = frozenset(chosen.ids)
    texts = {name: "yes" if name in inside else "no" for name in answers.ids}
    note = "The column in_view: whether the filters of the view show the report."
    return PageRows(view, answers, ExtraColumn("in_view", texts, note))


def _collect_windows(view: View, store: LayerStore) -> PageRows:
    days = list_facets(store, view.sources, view.layers, view.axis).days
    found = compare_windows(view, days, store)
    first, second = (format_window(one) for one in (found.first, found.second))
    note = f"The column side: the window that the report is in; left: {first}; right: {second}."
    named = found.name_windows(view)
    both = _join_sides(found, store)
    return PageRows(named, both, ExtraColumn("side", found.sides, note), found)


def _join_sides(found: Comparison, store: LayerStore) -> Selection:
    """Return the claims of both windows; those of the left only as they stood there."""
    earlier = find_store(store, found.first.view.as_of)
    if earlier is find_store(store, found.second.view.as_of):
        return select_claims(found.sides, found.second, store)
    left_only = [name for name, side in found.sides.items() if side == LEFT]
    left = select_claims(left_only, found.first, earlier)
    return join_selections(found.second, left)


def find_window(selection: Selection) -> tuple[dt.date, dt.date]:
    """Return the first and last day of one of two windows that are compared."""
    start, end = selection.view.date_from, selection.view.date_to
    assert start is not None
    assert end is not None
    return start, end


def format_window(selection: Selection) -> str:
    """Return the days of one of two windows that are compared, and its state, as text."""
    days = format_days(*find_window(selection), selection.view.axis)
    return f"{days}, {selection.as_of}" if selection.as_of else days


def format_windows(found: Comparison) -> str:
    """Return both windows that are compared: their days, and their states where they differ."""
    if found.same_days:
        days = format_days(*find_window(found.second), found.second.view.axis)
        return f"{days}: {describe_states(found)}"
    return f"{format_window(found.first)} beside {format_window(found.second)}"


def describe_states(found: Comparison) -> str:
    """Return both states that are compared, such as "as of 3 May 2024 beside now"."""
    return f"{found.first.as_of or 'now'} beside {found.second.as_of or 'now'}"
