"""The lines of a place's list: what was reported of each system, when.

Reports share a line only where they say the same of the same system, and nothing else was reported
of it in between. The browser's list follows the same rules: geo/frontend/src/claim_lines.js.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Generic, Protocol, TypeVar

from geo.evidence.day_precision import DAY, PossibleDays, format_days, join_days


class Listed(Protocol):
    """What a line needs of a claim."""

    @property
    def systems(self) -> tuple[str, ...]:
        """Systems that it names."""

    @property
    def subject(self) -> str:
        """What it is about, where it names no system."""

    @property
    def state(self) -> str:
        """What is said of it; may be empty."""

    @property
    def stance(self) -> str:
        """What it points to."""

    @property
    def count(self) -> str:
        """How many, in words; may be empty."""

    @property
    def days(self) -> PossibleDays:
        """The days on which it may hold."""


ListedT = TypeVar("ListedT", bound=Listed)


@dataclass(frozen=True)
class ClaimLine(Generic[ListedT]):
    """One line: a system, the claims that say the same of it, and their days as written."""

    system: str
    claims: tuple[ListedT, ...]
    days: PossibleDays


@dataclass(frozen=True)
class ShownDays:
    """The window (None for an open side), what its days are, and whether days have their year."""

    start: dt.date | None = None
    end: dt.date | None = None
    reported: bool = False
    years: bool = False


def join_claims(claims: Iterable[ListedT]) -> list[ClaimLine[ListedT]]:
    """Return the lines of some claims in record order, the latest days first."""
    named: dict[str, list[ListedT]] = {}
    for claim in claims:
        for system in claim.systems or ((claim.subject,) if claim.state else ()):
            named.setdefault(system, []).append(claim)
    lines: list[ClaimLine[ListedT]] = []
    for system, some in named.items():
        rank = {says: at for at, says in enumerate(dict.fromkeys(map(_statement, some)))}
        order = sorted(some, key=lambda one: (-_last(one.days), rank[_statement(one)]))
        for _, run in groupby(order, _statement):
            same = tuple(run)
            lines.append(ClaimLine(system, same, join_days(one.days for one in same)))
    return sorted(lines, key=lambda line: -_last(line.days))


def _statement(claim: Listed) -> tuple[str, ...]:
    """Return what a claim says, as far as a line shows it, and how exactly its day is known."""
    return (claim.stance, claim.state, claim.count, claim.days.kind)


def _last(days: PossibleDays) -> int:
    return days.last.toordinal() if days.last else 0


def name_common_days(lines: Sequence[ClaimLine[ListedT]], shown: ShownDays) -> tuple[str, str]:
    """Return what is written above the lines, and the days that no line repeats; "" for none."""
    texts = list(dict.fromkeys(format_days(line.days, years=shown.years) for line in lines))
    day = ""
    if shown.start and shown.start == shown.end:
        day = format_days(PossibleDays(DAY, shown.start, shown.end), years=shown.years)
    several = len(lines) > 1 and len(texts) == 1
    common = day if day in texts else texts[0] if several else ""
    if shown.reported and lines:
        return (f"reported {common}" if common else "days of reporting"), common
    return common, common
