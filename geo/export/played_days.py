"""Which days a view plays: its windows, the view of all of them, and what is said about it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from geo.builtin_layers import find_store
from geo.errors import ExportError
from geo.mapping.histogram import find_play_days
from geo.playback import DayWindow, list_windows
from geo.text import formatting

if TYPE_CHECKING:
    from geo.export.slide import Slide
    from geo.store import LayerStore
    from geo.view import View

MOST_FRAMES = 120
MOST_ROWS = 2_000  # reports of a scene that is played on a stage


def list_played_windows(view: View, store: LayerStore) -> list[DayWindow]:
    """Return the windows that a view plays, as an animated picture shows them.

    Raises
    ------
    geo.errors.ExportError
        If the view has no playback, or more windows than MOST_FRAMES.
    """
    days = find_play_days(view, find_store(store, view.as_of))
    if view.play is None or days is None:
        msg = (
            "This view has no playback, so there is nothing to animate; add its step to the link, "
            "such as play=1d for day by day or play=7d for weeks."
        )
        raise ExportError(msg)
    first, last = days
    length = (last - first).days + 1
    if length > MOST_FRAMES * view.play.days:
        msg = (
            f"{length:,} days {view.play.step} are {-(-length // view.play.days):,} pictures; an "
            f"animated picture has at most {MOST_FRAMES}. Choose a step of at least "
            f"{-(-length // MOST_FRAMES)} days (play={-(-length // MOST_FRAMES)}d), or fewer days."
        )
        raise ExportError(msg)
    return list_windows(first, last, view.play.days)


def widen_to_played_days(view: View, store: LayerStore) -> View:
    """Return a view with all days that it plays; unchanged without a playback or without days."""
    days = find_play_days(view, find_store(store, view.as_of)) if view.windowed else None
    if days is None:
        return view
    start, end = days
    return replace(
        view,
        date_from=min(view.date_from or start, start),
        date_to=max(view.date_to or end, end),
    )


def explain_not_played(slide: Slide) -> str:
    """Return why a stage does not play a slide, whatever its days; empty if it can."""
    if slide.parts or slide.blocks:
        return "A scene is played on one map."
    if slide.selection.shown > MOST_ROWS:
        return f"It has {slide.selection.shown:,} reports, and at most {MOST_ROWS:,} are played."
    return ""


def describe_playback(slide: Slide, store: LayerStore) -> str:
    """Return the sentence on the playback of a scene for what does not move; empty without one."""
    play = slide.view.play
    if play is None:
        return ""
    why = explain_not_played(slide)
    try:
        windows = [] if why else list_played_windows(slide.view, store)
    except ExportError as error:
        why = str(error)
    if why:
        return f"Not played on the stage. {why}"
    days = formatting.format_span(windows[0][0], windows[-1][1])
    return f"All its days are shown here; on the stage they are played {play.step}, {days}."
