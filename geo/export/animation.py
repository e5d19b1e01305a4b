"""The slides of an animated picture: one for each window of days that a view plays."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from geo.export.deck import Progress, ignore_progress
from geo.export.page_slide import build_page_slide
from geo.export.played_days import list_played_windows, widen_to_played_days
from geo.export.slide import PlayedDays, Slide
from geo.mapping.legend import LegendEntry
from geo.playback import Playback
from geo.text import formatting

if TYPE_CHECKING:
    from geo.briefing import Scene
    from geo.evidence import Evidence
    from geo.store import LayerStore
    from geo.view import View

_OF_LAYERS = ("layer", "shades")  # groups of the legend that every window has


@dataclass(frozen=True)
class Animation:
    """Slides in the order of their days, how they are played, and a text in place of them."""

    slides: tuple[Slide, ...]
    playback: Playback
    alt: str


def build_animation(
    view: View,
    store: LayerStore,
    evidence: Evidence,
    *,
    scene: Scene | None = None,
    address: str = "",
    progress: Progress = ignore_progress,
) -> Animation:
    """Build the slides of a view's playback; parameters as those of `build_slide`.

    Each has title, counts and sources of its own days. The rows of the legend are those of all
    days, so that they stay where they are; what a window has none of has no number.

    Raises
    ------
    geo.errors.ExportError
        If the view has no playback, or more windows than MOST_FRAMES.
    """
    windows = list_played_windows(view, store)
    assert view.play is not None
    still = widen_to_played_days(view, store)
    whole = build_page_slide(still, store, evidence, scene=scene, address=address)
    first, last = windows[0][0], windows[-1][1]
    slides = []
    for number, (start, end) in enumerate(windows):
        progress(number, 2 * len(windows))
        shown = replace(view, date_from=start, date_to=end)
        slide = build_page_slide(shown, store, evidence, scene=scene, address=address)
        played = PlayedDays(_find_share(start, end, first, last), whole.selection)
        legend = tuple(_fill_legend(whole.legend, slide.legend))
        slides.append(replace(slide, legend=legend, played=played, playing=""))
    span = formatting.format_span(first, last)
    count = "1 picture" if len(slides) == 1 else f"{len(slides)} pictures"
    alt = f"Animated map, {count} {view.play.step}, {span}. All days: {whole.alt}"
    return Animation(tuple(slides), view.play, alt)


def _find_share(start: dt.date, end: dt.date, first: dt.date, last: dt.date) -> tuple[float, float]:
    """Return where a window lies between the first and the last day, from 0 to 1."""
    length = (last - first).days + 1
    return (start - first).days / length, ((end - first).days + 1) / length


def _fill_legend(
    whole: tuple[LegendEntry, ...], shown: tuple[LegendEntry, ...]
) -> Iterator[LegendEntry]:
    """Yield the rows of the whole legend with the counts of those that are shown."""
    found = {(one["group"], one["key"]): one for one in shown}
    for entry in whole:
        if entry["group"] not in _OF_LAYERS:
            none: LegendEntry = {**entry, "count": 0}
            yield found.get((entry["group"], entry["key"]), none)
    yield from (one for one in shown if one["group"] in _OF_LAYERS)
