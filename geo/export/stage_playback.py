"""The playback of a scene on the stage, as plain data: each window with its words and its reports.

They come from the Selection of each window, so that the stage needs no rule of days of its own.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypedDict

from geo import summary
from geo.builtin_layers import find_store
from geo.errors import ExportError
from geo.export.played_days import explain_not_played, list_played_windows
from geo.large_layer import LargeLayerRows
from geo.mapping.legend import build_legend
from geo.selection import Selection, select
from geo.store import row_ids

if TYPE_CHECKING:
    from geo.export.slide import Slide
    from geo.store import LayerStore


class StageFrame(TypedDict):
    """A window: first and last ISO day, its words, and what is on its map.

    `counts` are those of the scene's legend, entry by entry; `questions` the ids of those that
    its reports touch, `ids` the reports; `layers` the rows of each further layer that is drawn
    from features, by name.
    """

    days: tuple[str, str]
    window: str
    counted: str
    counts: list[int]
    questions: list[str]
    ids: list[str]
    layers: dict[str, list[str]]


StagePlayback = TypedDict(
    "StagePlayback",
    {
        "days": int,
        "seconds": float,
        "loop": bool,
        "from": str,
        "to": str,
        "frames": list[StageFrame],
    },
)


def build_stage_playback(slide: Slide, store: LayerStore) -> StagePlayback | None:
    """Return the playback of a scene's slide; None where it has none that a stage can play.

    A stage has one map: Compare and pages without a map are not played.
    """
    view = slide.view
    if view.play is None or explain_not_played(slide):
        return None
    try:
        windows = list_played_windows(view, store)
    except ExportError:
        return None
    if view.date_to and windows[-1][1] > view.date_to:
        return None  # the map has no features of those days
    store = find_store(store, view.as_of)
    frames = []
    for start, end in windows:
        shown = replace(view, date_from=start, date_to=end).narrow_to_places(slide.page.places)
        frames.append(_build_frame(slide, select(shown, store), (str(start), str(end))))
    return {
        "days": view.play.days,
        "seconds": view.play.seconds,
        "loop": view.play.loop,
        "from": frames[0]["days"][0],
        "to": frames[-1]["days"][1],
        "frames": frames,
    }


def _build_frame(slide: Slide, selection: Selection, days: tuple[str, str]) -> StageFrame:
    found = {(one["group"], one["key"]): one["count"] for one in build_legend(selection)}
    window = summary.format_day_range(selection)
    return {
        "days": days,
        "window": f"{window[:1].upper()}{window[1:]}",
        "counted": summary.count_reports(selection),
        "counts": [found.get((one["group"], one["key"]), 0) for one in slide.legend],
        "questions": [one.id for one in slide.questions if one.id in selection.conflicts],
        "ids": list(selection.ids),
        "layers": {
            layer.name: list(row_ids(layer.frame, layer.info))
            for layer in selection.layers
            if not isinstance(layer, LargeLayerRows)
        },
    }
