"""The column: how well it is known, where sources differ, what was not observed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from geo.export.image.display_list import Box, DisplayList, width_of
from geo.export.image.fonts import MEDIUM, SANS, SERIF, Face
from geo.export.image.header import write_block
from geo.export.image.icons import swatch, unequal
from geo.export.layout.text import TextBlock, wrap_text
from geo.mapping.symbols import LEGEND_GROUPS

if TYPE_CHECKING:
    from geo.export.slide import Question, Slide

SCALES = (1.14, 1.07, 1.0, 0.94, 0.88, 0.82, 0.77, 0.72, 0.67, 0.62)
COMFORTABLE = 0.88  # in this size, questions are counted before letters get smaller still
KNOWN, DIFFER, UNSEEN = "How well it is known", "Where sources differ", "Not observed"
INDENT = 44.0  # units from the column's edge to the text behind a sign
ROW = 22.0


@dataclass(frozen=True)
class Piece:
    """Something in the column: how high it is, and how it is drawn from its upper left corner."""

    height: float
    draw: Callable[[DisplayList, float, float], None]


@dataclass(frozen=True)
class Plan:
    """What goes into the column's parts, and in which size."""

    parts: tuple[tuple[Piece, ...], ...]
    fits: bool

    @property
    def height(self) -> float:
        """Of the highest part, pixels."""
        return max(map(_height, self.parts), default=0.0)


def planned(slide: Slide, widths: Sequence[float], height: float, unit: float) -> Plan:
    """Return the column's content, as large and as whole as the room allows.

    Letters get a little smaller first; then the last questions are counted instead of shown;
    then letters get smaller still; at the very end further layers are counted as well.

    Parameters
    ----------
    widths : sequence of float
        Of each part, pixels: one beside the map, two below it.
    height, unit : float
        Pixels.
    """
    tried = None
    for scale, questions, layers in _attempts(slide):
        tried = _plan(slide, widths, height, unit * scale, questions, layers)
        if tried.fits:
            return tried
    assert tried is not None
    return tried


def _attempts(slide: Slide) -> Iterator[tuple[float, int, int]]:
    asked = len(slide.questions)
    layers = sum(entry["group"] == "layer" for entry in slide.legend)
    for scale in SCALES:
        fewest = asked if scale > COMFORTABLE else min(asked, 2 if scale > 0.7 else 1)
        for questions in range(asked if scale == COMFORTABLE else fewest, fewest - 1, -1):
            yield scale, questions, layers
    yield from ((SCALES[-1], 0, shown) for shown in range(layers, -1, -1))


def _plan(
    slide: Slide, widths: Sequence[float], height: float, unit: float, questions: int, layers: int
) -> Plan:
    first, last = widths[0], widths[-1]
    known = _known(slide.legend, first, unit, layers)
    differ = _differ(slide.questions, last, unit, questions) if slide.questions else []
    unseen = [_head(UNSEEN, last, unit)] if slide.unseen else []
    if slide.unseen:
        unseen += _paragraph(slide.unseen, SANS, 21, last, unit)
    if len(widths) == 1:
        parts = [_stacked((known, differ, unseen), unit)]
    elif _height(known) < _height(differ):
        parts = [_stacked((known, unseen), unit), differ]
    else:
        parts = [known, _stacked((differ, unseen), unit)]
    plan = Plan(tuple(map(tuple, parts)), True)
    return plan if plan.height <= height else Plan(plan.parts, False)


def _height(pieces: Sequence[Piece]) -> float:
    return sum(piece.height for piece in pieces)


def _stacked(sections: Sequence[list[Piece]], unit: float) -> list[Piece]:
    """Return the sections that hold something, one below the other."""
    pieces: list[Piece] = []
    for section in sections:
        pieces += [_space(27 * unit)] if pieces and section else []
        pieces += section
    return pieces


def draw_column(sheet: DisplayList, plan: Plan, boxes: Sequence[Box]) -> None:
    """Draw the column's parts, each from the top of its box; what goes beyond is left out."""
    for part, (x0, y0, _, y1) in zip(plan.parts, boxes, strict=True):
        y = y0
        for piece in part:
            if y + piece.height > y1 + 1:
                break
            piece.draw(sheet, x0, y)
            y += piece.height


def _space(height: float) -> Piece:
    return Piece(height, lambda sheet, x, y: None)


def _head(text: str, width: float, unit: float) -> Piece:
    one = wrap_text(text, SERIF, 25 * unit, width, leading=1.2)

    def draw(sheet: DisplayList, x: float, y: float) -> None:
        write_block(sheet, one, x, y, "ink")

    return Piece(one.height + 9 * unit, draw)


def _paragraph(
    text: str,
    face: Face,
    size: float,
    width: float,
    unit: float,
    *,
    indent: float = 0.0,
    colour: str = "ink",
) -> list[Piece]:
    """Return the lines of a paragraph, each a piece."""
    one = wrap_text(text, face, size * unit, width - indent, leading=1.3)

    def line_of(line: str) -> Piece:
        single = TextBlock(line, (line,), one.font, one.size, one.leading)

        def draw(sheet: DisplayList, x: float, y: float) -> None:
            write_block(sheet, single, x + indent, y, colour)

        return Piece(one.leading, draw)

    return [line_of(line) for line in one.lines]


def _known(legend: Sequence[dict[str, Any]], width: float, unit: float, layers: int) -> list[Piece]:
    pieces = [_head(KNOWN, width, unit)]
    counts = [f"{entry['count']:,}" for entry in legend]
    kept = max((width_of(one, SANS, ROW * unit) for one in counts), default=0.0) + 12 * unit
    groups = {
        group: [entry for entry in legend if entry["group"] == group] for group in LEGEND_GROUPS
    }
    if not any(groups.values()):
        return [*pieces, *_paragraph("Nothing is shown.", SANS, ROW, width, unit, colour="muted")]
    for group, entries in groups.items():
        if not entries:
            continue
        if group != "place":  # KNOWN is its heading
            pieces.append(_space(10 * unit))
            head = _certain(entries) if group == "certainty" else LEGEND_GROUPS[group]
            pieces += _paragraph(head, SANS, 18, width, unit, colour="faint")
            pieces.append(_space(2 * unit))
        if group == "certainty":
            pieces.append(_dots(entries, width, unit))
            continue
        if group == "stance" and _widest(entries, unit) <= width / 2 - 14 * unit:
            pieces += [_pair(entries[at : at + 2], width, unit) for at in range(0, len(entries), 2)]
            continue
        shown = entries[:layers] if group == "layer" else entries
        pieces += [_row(entry, width, unit, kept) for entry in shown]
        if len(shown) < len(entries):
            more = f"and {len(entries) - len(shown)} more"
            pieces += _paragraph(more, SANS, 20, width, unit, indent=INDENT * unit, colour="muted")
    return pieces


def _certain(entries: Sequence[dict[str, Any]]) -> str:
    """Return what the row of dots means: from the strongest shown to the weakest."""
    names = [str(entry["label"]).lower() for entry in (entries[0], entries[-1])]
    return f"{LEGEND_GROUPS['certainty']}: {' … '.join(dict.fromkeys(names))}"


def _widest(entries: Sequence[dict[str, Any]], unit: float) -> float:
    return (
        max(
            INDENT * unit + width_of(f"{entry['label']} {entry['count']:,}", SANS, ROW * unit)
            for entry in entries
        )
        + 8 * unit
    )


def _pair(entries: Sequence[dict[str, Any]], width: float, unit: float) -> Piece:
    """Return one or two short rows beside each other."""
    half = width / 2 - 14 * unit
    rows = [
        _row(entry, half, unit, width_of(f"{entry['count']:,}", SANS, ROW * unit))
        for entry in entries
    ]

    def draw(sheet: DisplayList, x: float, y: float) -> None:
        for row, at in zip(rows, (x, x + width - half), strict=False):
            row.draw(sheet, at, y)

    return Piece(max(row.height for row in rows), draw)


def _row(entry: dict[str, Any], width: float, unit: float, kept: float) -> Piece:
    """Return a sign, its meaning, and its number, for which `kept` pixels are kept free."""
    size = ROW * unit
    count = f"{entry['count']:,}" if entry["count"] else ""
    text = wrap_text(
        str(entry["label"]), SANS, size, width - INDENT * unit - kept, most=2, leading=1.2
    )
    high = max(text.height, text.leading)
    height = max(1.48 * size, high + 0.28 * size)

    def draw(sheet: DisplayList, x: float, y: float) -> None:
        top = y + (height - high) / 2
        swatch(sheet, entry, x + 15 * unit, top + text.leading / 2, 27 * unit)
        write_block(sheet, text, x + INDENT * unit, top, "ink")
        foot = top + (text.leading - size) / 2 + 0.79 * size
        sheet.write(count, x + width, foot, SANS, size, "muted", align="right")

    return Piece(height, draw)


def _dots(entries: Sequence[dict[str, Any]], width: float, unit: float) -> Piece:
    """Return certainty as one row of dots with their numbers, from the strongest on."""
    size = ROW * unit
    step = min(66 * unit, (width - 4 * unit) / len(entries))
    dot = min(27 * unit, 0.55 * step)

    def draw(sheet: DisplayList, x: float, y: float) -> None:
        middle = y + 0.72 * size
        for position, entry in enumerate(entries):
            at = x + position * step
            swatch(sheet, entry, at + 0.31 * dot + 2 * unit, middle, dot)
            text = f"{entry['count']:,}"
            at += 0.62 * dot + 7 * unit
            room = step - 0.62 * dot - 14 * unit
            small = min(size, size * room / max(width_of(text, SANS, size), 1e-6))
            sheet.write(text, at, middle + 0.33 * small, SANS, small, "muted")

    return Piece(1.48 * size, draw)


def _differ(questions: Sequence[Question], width: float, unit: float, shown: int) -> list[Piece]:
    pieces = [_head(DIFFER, width, unit)]
    indent = INDENT * unit
    for position, one in enumerate(questions[:shown]):
        if position:
            pieces.append(_space(12 * unit))
        asked = _paragraph(one.question, MEDIUM, 21, width, unit, indent=indent)
        pieces += [_marked(asked[0], unit), *asked[1:]] if asked else []
        pieces += _paragraph(one.answers, SANS, 20, width, unit, indent=indent, colour="muted")
    rest = len(questions) - shown
    if rest:
        more = f"and {rest} more" if shown else f"{rest} {'question' if rest == 1 else 'questions'}"
        pieces.append(_space(8 * unit))
        pieces += _paragraph(more, SANS, 20, width, unit, indent=indent, colour="muted")
    return pieces


def _marked(first: Piece, unit: float) -> Piece:
    def draw(sheet: DisplayList, x: float, y: float) -> None:
        unequal(sheet, x + 15 * unit, y + first.height / 2, 30 * unit, "ink")
        first.draw(sheet, x, y)

    return Piece(first.height, draw)
