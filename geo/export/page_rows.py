"""The claims of a page as one Selection: of both windows on Compare, all answers on Conflicts.

Links, data files, lists of sources, pictures and slides of a page are made from it.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from geo.compare import LEFT, RIGHT, Comparison, compare_windows
from geo.evidence.day_counts import format_days
from geo.export.data.table import ExtraColumn
from geo.facets import list_facets
from geo.page_registry import COMPARE, CONFLICTS, find_page
from geo.selection import Selection, select, select_claims

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
    both = select_claims(found.sides, found.second, store)
    return PageRows(named, both, ExtraColumn("side", found.sides, note), found)


def find_window(selection: Selection) -> tuple[dt.date, dt.date]:
    """Return the first and last day of one of two windows that are compared."""
    start, end = selection.view.date_from, selection.view.date_to
    assert start is not None
    assert end is not None
    return start, end


def format_window(selection: Selection) -> str:
    """Return the first and last day of one of two windows that are compared, as text."""
    return format_days(*find_window(selection), selection.view.axis)
