"""The state of the evidence that is shown, in words: "as of 3 May 2024"."""

import datetime as dt
import re

from geo.text.formatting import format_day

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def describe_as_of(as_of: str | None, changed_at: dt.datetime | None) -> str:
    """Return "as of …" for the state that a view names; "" for the present.

    Parameters
    ----------
    as_of : str
        An ISO day, whose end is meant, or the name of a state.
    changed_at : datetime, optional
        When that state began; None before the first change, when it is the case as it was given.
    """
    if as_of is None:
        return ""
    if _DAY.fullmatch(as_of):
        return f"as of {format_day(dt.date.fromisoformat(as_of))}"
    if changed_at is None:
        return "as of the start"
    at = changed_at.astimezone(dt.UTC)  # as in the history, where moments are in UTC
    return f"as of {format_day(at.date())}, {at:%H:%M} UTC"
