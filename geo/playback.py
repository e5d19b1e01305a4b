"""Playback of days: its step, its speed, its form in a link, and its windows."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from geo.errors import ViewError

MOST_DAYS = 3660  # days of one step
LEAST_SECONDS, MOST_SECONDS = 0.1, 60.0  # of one window
PLAY_HINT = "days of a step, and seconds if wanted, such as 3d or 7d,0.5s,loop"
_WRITTEN = re.compile(r"([0-9]{1,4})d(?:,([0-9]{1,2}(?:\.[0-9]{1,2})?)s)?(,loop)?")
DayWindow = tuple[dt.date, dt.date]


@dataclass(frozen=True)
class Playback:
    """How days are played: `days` of each step, `seconds` that each is shown, over and over.

    Seconds are kept to two decimals.
    """

    days: int = 1
    seconds: float = 1.0
    loop: bool = False

    def __post_init__(self) -> None:
        if not 1 <= self.days <= MOST_DAYS:
            msg = f"A step of {self.days} days cannot be played; choose 1 to {MOST_DAYS}."
            raise ViewError(msg)
        # Written so that NaN is refused as well.
        if not LEAST_SECONDS <= self.seconds <= MOST_SECONDS:
            msg = (
                f"{self.seconds:g} seconds a step cannot be played; choose {LEAST_SECONDS:g} to "
                f"{MOST_SECONDS:g}."
            )
            raise ViewError(msg)
        object.__setattr__(self, "seconds", round(float(self.seconds), 2))

    @property
    def step(self) -> str:
        """The step in words: "day by day", "in steps of 3 days"."""
        return "day by day" if self.days == 1 else f"in steps of {self.days} days"


def parse_playback(text: str) -> Playback:
    """Parse "3d", "7d,0.5s" or "7d,0.5s,loop"; ValueError or ViewError for anything else."""
    found = _WRITTEN.fullmatch(text)
    if not found:
        msg = f"{text!r} is no playback; expected {PLAY_HINT}."
        raise ValueError(msg)
    return Playback(int(found[1]), float(found[2] or 1), bool(found[3]))


def format_playback(playback: Playback) -> str:
    """Write a playback as `parse_playback` reads it; a second a step is not written."""
    seconds = "" if playback.seconds == 1 else f",{playback.seconds:g}s"
    return f"{playback.days}d{seconds}{',loop' if playback.loop else ''}"


def list_windows(first: dt.date, last: dt.date, days: int) -> list[DayWindow]:
    """Return consecutive windows of so many days, both ends included, the last cut at `last`.

    There is none if `first` is after `last`.
    """
    length = (last - first).days
    ends = [(offset, min(offset + days - 1, length)) for offset in range(0, length + 1, days)]
    return [(first + dt.timedelta(start), first + dt.timedelta(end)) for start, end in ends]


def find_played_days(
    playback: Playback, window: tuple[dt.date | None, dt.date | None], days: DayWindow | None
) -> DayWindow | None:
    """Return the first and the last day that are played; None if nothing has a day.

    geo/frontend/src/player.js has the same rule.

    Parameters
    ----------
    window : tuple of date or None
        First and last day of the view; None leaves that end open.
    days : tuple of date, optional
        First and last day of the histogram.

    Returns
    -------
    tuple of date
        The window if it is longer than a step; else from its first day, or the histogram's, to
        the histogram's last.
    """
    start, end = window
    start = start or (days and min(days[0], end or days[0])) or end
    if start is None:
        return None
    if end and (end - start).days >= playback.days:
        return start, end
    return start, max(start, end or start, days[1] if days else start)
