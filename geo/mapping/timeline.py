"""Reports by day: what the histogram under the map is drawn from."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from geo.evidence.coverage import REPORTED, SEEN, coverage
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
    every = count_by_day(_any_day(selection, store).rows)
    return [
        (day.isoformat(), shown, max(every.get(day, 0) - shown, 0))
        for day in _days(selection, store)
        for shown in [selection.by_day.get(day, 0)]
    ]


def coverage_rows(selection: Selection, store: LayerStore) -> list[dict[str, object]]:
    """Return, for each place of the view, what its days rest on, whatever days are chosen.

    Returns
    -------
    list of dict
        `place`, `name`, and `days`: a letter a day of the histogram, s (seen), r (reported) or
        - (no data), with the evidence kinds of each day under `kinds`.
    """
    rows = _any_day(selection, store).rows
    table = coverage(rows)
    names = dict(zip(rows["place"], rows["place_name"], strict=True))
    letters = {SEEN: "s", REPORTED: "r"}
    known = {
        (row.place, row.day.date()): (letters.get(row.status, "-"), ", ".join(row.kinds))
        for row in table.itertuples()
    }
    days = _days(selection, store)
    answer: list[dict[str, object]] = []
    for place in dict.fromkeys(table["place"]):
        cells = [known.get((place, day), ("-", "")) for day in days]
        answer.append(
            {
                "place": place,
                "name": names[place],
                "days": "".join(letter for letter, _ in cells),
                "kinds": [kinds for _, kinds in cells],
            }
        )
    return answer


def _any_day(selection: Selection, store: LayerStore) -> Selection:
    return select(replace(selection.view, date_from=None, date_to=None), store)


def _days(selection: Selection, store: LayerStore) -> list[dt.date]:
    first, last = facets(store, selection.view.sources, selection.view.layers).days
    return [first + dt.timedelta(n) for n in range((last - first).days + 1)]
