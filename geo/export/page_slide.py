"""Build the slide of a page: on Compare with both maps, their windows and what differs."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from geo.builtin_layers import find_evidence, find_store
from geo.compare import APPEARED, CHANGED, LEFT, NOT_OBSERVED, REPORTED_GONE, RIGHT, Comparison
from geo.evidence.rating_words import write_ratings
from geo.evidence.record_changes import NOT_THE_THING, WITHDRAWN, count_record_changes
from geo.export.data.cell_types import clean_text
from geo.export.page_rows import collect_page_rows, find_window, format_window, format_windows
from geo.export.slide import Block, Slide, build_slide
from geo.mapping.symbols import STANCE
from geo.page_registry import COMPARE, CONFLICTS, find_page
from geo.selection import select, select_claims
from geo.text import formatting

if TYPE_CHECKING:
    from geo.briefing import Scene
    from geo.evidence import Evidence
    from geo.evidence.vocabularies import VocabularyTable
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

    The slide of Conflicts has questions and answers instead of a map, unless it is that of a scene.
    The slide of Compare has both maps as `parts`. Its own view and selection are those of the right
    side, for a stage with one map.
    """
    path = find_page(view.page).path
    if path == CONFLICTS and scene is None:
        return _build_answers(view, store, evidence, address)
    if path != COMPARE:
        return build_slide(view, store, evidence, scene=scene, address=address)
    rows = collect_page_rows(view, store, evidence)
    found = rows.comparison
    assert found is not None
    chosen = rows.selection
    slide = build_slide(rows.view, store, evidence, scene=scene, address=address, selection=chosen)
    parts = []
    for side, selection in ((LEFT, found.first), (RIGHT, found.second)):
        start, end = find_window(selection)
        shown = replace(rows.view, date_from=start, date_to=end, as_of=selection.view.as_of)
        part = build_slide(shown, store, evidence, address=address)
        window = (selection.as_of or "now") if found.same_days else format_window(selection)
        headline = f"{side.capitalize()} side: {window}"
        part = replace(part, key=side, headline=headline, window=window, link=slide.link)
        parts.append(replace(part, counted=selection.plain_count))
    first, second = parts
    return replace(
        slide,
        selection=found.second,
        headline=slide.headline if scene else format_windows(found),
        lines=slide.lines if scene else tuple(map(clean_text, _list_differences(found))),
        window=format_windows(found),
        counted=f"{found.first.plain_count} on the left, {found.second.plain_count} on the right",
        unseen=clean_text(_describe_unseen(found)),
        parts=(first, second),
    )


def _build_answers(view: View, store: LayerStore, evidence: Evidence, address: str) -> Slide:
    """Return the slide of Conflicts: each question with its answers; each question is a part."""
    evidence = find_evidence(find_store(store, view.as_of)) if view.as_of else evidence
    rows = collect_page_rows(view, store, evidence)
    inside = frozenset(select(view, store).ids)
    parts = []
    for conflict in evidence.conflicts:
        answers = select_claims(conflict.claims, rows.selection, store)
        slide = build_slide(view, store, evidence, address=address, selection=answers)
        count = f"{answers.shown} {'report' if answers.shown == 1 else 'reports'}"
        parts.append(
            replace(
                slide,
                key=conflict.id,
                headline=clean_text(conflict.question),
                lines=(),
                window="Where sources differ",
                counted=f"{count}, without a verdict",
                blocks=tuple(
                    _describe_answer(row, row["id"] in inside, evidence.vocabulary_by_id)
                    for row in answers.rows.to_dict("records")
                ),
            )
        )
    whole = build_slide(view, store, evidence, address=address, selection=rows.selection)
    questions = "1 question" if len(parts) == 1 else f"{len(parts)} questions"
    return replace(
        whole,
        headline="Where sources differ",
        lines=("Each question beside the reports that answer it, without a verdict.",),
        window=questions,
        counted=f"{rows.selection.shown} reports answer them",
        parts=tuple(parts),
        blocks=tuple(one for part in parts for one in (Block(title=part.headline), *part.blocks)),
    )


def _describe_answer(row: dict[Hashable, Any], shown: bool, vocabularies: VocabularyTable) -> Block:
    outside = "" if shown else "; outside the filters of the view"
    note = (
        f"{STANCE[row['stance']].label}; "
        f"{formatting.format_when(row)}, {row['certainty']}; {row['reported']}; "
        f"{row['attributed_to']}; {row['id']}{outside}"
    )
    ratings = write_ratings(row, vocabularies)
    note = f"{note}. {ratings}" if ratings else note
    return Block(text=clean_text(str(row["says"])), note=clean_text(note), stance=row["stance"])


def _list_differences(found: Comparison) -> list[str]:
    """Return a sentence on each kind of change."""
    texts = []
    for kind, begin in _SENTENCES.items():
        names = sorted({one.system for one in found.changes if one.change == kind})
        if names:
            texts.append(f"{begin}: {_join_some(names)}.")
    texts += _list_record_changes(found)
    return texts or ["The reports of both sides name the same systems in the same state."]


def _list_record_changes(found: Comparison) -> list[str]:
    """Return a sentence on each kind of change between two states of the evidence."""
    texts = []
    for kind, count in count_record_changes(found.records).items():
        several = [one for one in found.records if one.kind == kind]
        names = _join_some([one.claim for one in several])
        words = f" {several[0].words}" if count == 1 else ""
        texts.append(f"{count} {'report' if count == 1 else 'reports'} {kind}: {names}.{words}")
    if any(one.kind == WITHDRAWN for one in found.records):
        texts.append(NOT_THE_THING)
    return texts


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
