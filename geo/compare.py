"""Compare the reports of two date windows, or of two states of the evidence, system by system.

"Not observed" is never "gone": a system that no report of the second window names may still be
there. Only a claim that itself says that something had left is reported as gone.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from geo.evidence.coverage import NO_DATA, tabulate_coverage
from geo.evidence.day_counts import OBSERVED_AXIS, format_days
from geo.evidence.record_changes import ReportChange, list_record_changes
from geo.lru_cache import LruCache
from geo.selection import Selection, select
from geo.store import LayerStore
from geo.view import View

APPEARED = "appeared"
NOT_OBSERVED = "not observed"
REPORTED_GONE = "reported as no longer there"
CHANGED = "changed state"
UNCHANGED = "named in both"
LEFT, RIGHT, BOTH = "left", "right", "left and right"
"""The first window, the second, and both: as their maps stand."""
CHANGES = (APPEARED, CHANGED, REPORTED_GONE, NOT_OBSERVED, UNCHANGED)
_record_changes: LruCache[tuple[ReportChange, ...]] = LruCache(20_000, most=32)
_COLUMNS = ("id", "evidence", "place", "place_name", "systems", "state")  # each costs time
_GONE_PREFIXES = ("left ", "gone", "much gone", "no longer", "withdrawn", "sailed")


@dataclass(frozen=True)
class Change:
    """The change of one system at one place between two windows.

    `change` is one of `CHANGES` and `words` its reason; `before` and `after` are ids of the claims
    that name the system in the first and in the second window.
    """

    place: str
    system: str
    change: str
    words: str
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True)
class Comparison:
    """Two Selections that differ in their days and state of the evidence, and what changed.

    `records` are the reports that one state has and the other has not, or has differently.
    """

    first: Selection
    second: Selection
    changes: tuple[Change, ...]
    records: tuple[ReportChange, ...] = ()

    @property
    def sides(self) -> dict[str, str]:
        """The side of each claim by its id: LEFT, RIGHT or BOTH."""
        left, right = frozenset(self.first.ids), frozenset(self.second.ids)
        return {
            name: BOTH if name in left and name in right else LEFT if name in left else RIGHT
            for name in (*self.first.ids, *self.second.ids)
        }

    def name_windows(self, view: View) -> View:
        """Return a view of the page that names both windows, so that a link shows the same."""
        first, second = self.first.view, self.second.view
        return replace(
            view,
            date_from=second.date_from,
            date_to=second.date_to,
            compare=first.date_from,
            compare_to=first.date_to,
            compare_as_of=first.as_of if first.as_of != second.as_of else None,
        )

    @property
    def same_days(self) -> bool:
        """Whether both windows have the same days, so that only the states differ."""
        first, second = self.first.view, self.second.view
        ends = (first.date_from, first.date_to), (second.date_from, second.date_to)
        return ends[0] == ends[1] and first.as_of != second.as_of

    @property
    def counts(self) -> dict[str, int]:
        """Number of systems by kind of change, in the order of `CHANGES`."""
        found = Counter(change.change for change in self.changes)
        return {name: found[name] for name in CHANGES if found[name]}


def resolve_windows(
    view: View, days: tuple[dt.date, dt.date], busy: Iterable[dt.date]
) -> tuple[View, View]:
    """Return the view of the first and of the second window.

    The view's own days are the second window; its `compare` and `compare_to` are the first. Where
    it names no days, the last two of the `busy` days (with reports) are compared, or two states of
    all days (`compare_as_of`). `days` are the first and last day that could be chosen.
    """
    known = sorted(day for day in busy if days[0] <= day <= days[1]) or [days[1]]
    states = view.compare_as_of is not None
    whole = view.windowed or states
    end = view.date_to or (days[1] if whole else known[-1])
    start = view.date_from or (days[0] if whole else end)
    earlier = [day for day in known if day < start] or [days[0]]
    other = view.compare or (min(start, end) if states else earlier[-1])
    until = view.compare_to or (end if states and not view.compare else other)
    second = replace(view, date_from=min(start, end), date_to=end)
    first = replace(second, date_from=other, date_to=max(until, other))
    return replace(first, as_of=view.compare_as_of or view.as_of), second


def find_windows(view: View, days: tuple[dt.date, dt.date], store: LayerStore) -> tuple[View, View]:
    """Return the two windows of a view; `days` are the first and last that could be chosen."""
    by_day = select(replace(view, date_from=None, date_to=None), store).days.by_day
    return resolve_windows(view, days, by_day)


def compare_windows(view: View, days: tuple[dt.date, dt.date], store: LayerStore) -> Comparison:
    """Compare the two windows of a view; `days` as those of `find_windows`."""
    return compare_views(*find_windows(view, days, store), store)


def compare_views(first: View, second: View, store: LayerStore) -> Comparison:
    """Compare two views that differ in their days and states, by system and place."""
    before, after = select(first, store), select(second, store)
    named_before, named_after = _group_by_system(before), _group_by_system(after)
    coverage = tabulate_coverage(after.rows)
    looked = set(coverage.loc[coverage["status"] != NO_DATA, "place"])
    changes = [
        _describe_change(key, named_before.get(key, []), named_after.get(key, []), after, looked)
        for key in sorted(set(named_before) | set(named_after), key=lambda key: (key[0], key[2]))
    ]
    changes.sort(key=lambda change: (change.place, CHANGES.index(change.change), change.system))
    key = (before.token, after.token)
    find = partial(list_record_changes, before.evidence, after.evidence, (*before.ids, *after.ids))
    records = _record_changes.get_or_compute(key, find, len)
    return Comparison(before, after, tuple(changes), records)


def _group_by_system(selection: Selection) -> dict[tuple[str, str, str], list[Any]]:
    """Return the claims by (place name, place id, system); background is no event of a day."""
    found: dict[tuple[str, str, str], list[Any]] = {}
    for row in selection.rows[[*_COLUMNS]].itertuples():
        if row.evidence == "background" or not isinstance(row.place, str):
            continue
        for system in row.systems:
            found.setdefault((row.place_name, row.place, system), []).append(row)
    return found


def _list_states(rows: list[Any]) -> list[str]:
    return list(dict.fromkeys(row.state for row in rows if isinstance(row.state, str)))


def _describe_change(
    key: tuple[str, str, str], old: list[Any], new: list[Any], after: Selection, looked: set[str]
) -> Change:
    place_name, place, system = key
    view = after.view
    days = format_days(view.date_from, view.date_to, view.axis)
    of = f"of {days}" if view.axis == OBSERVED_AXIS else days  # or "reported on 13 December"
    was, now = _list_states(old), _list_states(new)
    left = [state for state in now if state.startswith(_GONE_PREFIXES)]
    if left and (not old or was != now):
        as_reported = f"as reported for {days}" if view.axis == OBSERVED_AXIS else f"as {days}"
        kind, words = REPORTED_GONE, f"{left[0]}, {as_reported}"
    elif old and not new:
        kind = NOT_OBSERVED
        words = (
            f"not named in the reports {of}; that is no sign that it had gone"
            if place in looked
            else f"no report on the place {of.replace('of ', 'for ', 1)}"
        )
    elif new and not old:
        kind, words = APPEARED, "; ".join(now) or "named"
    elif now and was and not set(now) & set(was):  # a source more is no change of state
        kind, words = CHANGED, f"{'; '.join(was)} → {'; '.join(now)}"
    else:
        kind, words = UNCHANGED, "; ".join(now or was) or "named"
    ids = tuple(row.id for row in old), tuple(row.id for row in new)
    return Change(place_name, system, kind, words, *ids)
