"""Reports by day: what the histogram under the map is drawn from."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from geo.facets import facets
from geo.selection import Selection, count_by_day, select
from geo.store import LayerStore


def histogram(selection: Selection, store: LayerStore) -> list[tuple[str, int, int]]:
    """Return the days that the chosen sources cover, with the reports of each.

    Returns
    -------
    list of (str, int, int)
        ISO day, number of claims shown, number that only the date window leaves out. The shown
        ones and the undated add up to the number of claims shown.
    """
    view = selection.view
    every = count_by_day(select(replace(view, date_from=None, date_to=None), store).rows)
    first, last = facets(store, view.sources, view.layers).days
    days = (first + dt.timedelta(n) for n in range((last - first).days + 1))
    return [
        (day.isoformat(), shown, max(every.get(day, 0) - shown, 0))
        for day in days
        for shown in [selection.by_day.get(day, 0)]
    ]
