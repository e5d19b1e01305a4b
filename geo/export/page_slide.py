"""Build the slide of a page: on Compare with both maps, their windows and what differs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from geo.compare import APPEARED, CHANGED, LEFT, NOT_OBSERVED, REPORTED_GONE, RIGHT, Comparison
from geo.export.data.cell_types import clean_text
from geo.export.page_rows import collect_page_rows, find_window, format_window
from geo.export.slide import Slide, build_slide
from geo.page_registry import COMPARE, find_page

if TYPE_CHECKING:
    from geo.briefing import Scene
    from geo.evidence import Evidence
    from geo.store import LayerStore
    from geo.view import View

_NAMED = 8  # systems in a sentence, at most
_SENTENCES = {
    APPEARED: "In the reports of the right side only",
    CHANGED: "Another state on the right side",
    REPORTED_GONE: "Reported as no longer there",
}


def build_page_slide(
    view: View,
    store: LayerStore,
    evidence: Evidence,
    *,
    scene: Scene | None = None,
    address: str = "",
) -> Slide:
    """Build the slide of a view's page; parameters as those of `build_slide`.

    The slide of Compare has both maps as `parts`. Its own view and selection are those of the right
    side, for a stage with one map.
    """
    if find_page(view.page).path != COMPARE:
        return build_slide(view, store, evidence, scene=scene, address=address)
    rows = collect_page_rows(view, store, evidence)
    found = rows.comparison
    assert found is not None
    chosen = rows.selection
    slide = build_slide(rows.view, store, evidence, scene=scene, address=address, selection=chosen)
    parts = []
    for side, selection in ((LEFT, found.first), (RIGHT, found.second)):
        start, end = find_window(selection)
        shown = replace(rows.view, date_from=start, date_to=end)
        part = build_slide(shown, store, evidence, address=address)
        parts.append(replace(part, key=side, window=format_window(selection), link=slide.link))
    first, second = parts
    return replace(
        slide,
        selection=found.second,
        headline=slide.headline if scene else f"{first.window} beside {second.window}",
        lines=slide.lines if scene else tuple(map(clean_text, _list_differences(found))),
        window=f"{first.window} beside {second.window}",
        counted=f"{found.first.report_count} on the left, {found.second.report_count} on the right",
        unseen=clean_text(_describe_unseen(found)),
        parts=(first, second),
    )


def _list_differences(found: Comparison) -> list[str]:
    """Return a sentence on each kind of change."""
    texts = []
    for kind, begin in _SENTENCES.items():
        names = sorted({one.system for one in found.changes if one.change == kind})
        if names:
            texts.append(f"{begin}: {_join_some(names)}.")
    return texts or ["The reports of both sides name the same systems in the same state."]


def _describe_unseen(found: Comparison) -> str:
    names = sorted({one.system for one in found.changes if one.change == NOT_OBSERVED})
    if not names:
        return ""
    return (
        f"{_join_some(names)}: named on the left, not in the reports of the right side. No sign "
        "that they had gone."
    )


def _join_some(names: Sequence[str]) -> str:
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more
