"""The plan of the side panel: how well it is known, where sources differ, what is not observed.

Picture, PowerPoint page and stage each bring their styles, and a list of attempts from the most
to the least that can be shown; the first attempt that fits is used.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Generic

from geo.export.layout.panel_model import (
    DIFFER,
    KNOWN,
    UNSEEN,
    Attempt,
    PanelContent,
    PanelEntry,
    PanelPlan,
    PanelStyle,
    PanelText,
    Section,
    TextStyle,
)
from geo.export.layout.text import ALL, FontT, wrap_text
from geo.mapping.legend import LegendEntry
from geo.mapping.symbols import LEGEND_GROUPS


def count_text(entry: LegendEntry) -> str:
    """Return the count of an entry as it is written; empty for none."""
    return f"{entry['count']:,}" if entry["count"] else ""


def plan_panel(
    content: PanelContent,
    attempts: Iterable[Attempt],
    style_of: Callable[[Attempt], PanelStyle[FontT]],
    widths: Sequence[float],
    height: float,
    *,
    lead: Section[FontT] | None = None,
) -> PanelPlan[FontT]:
    """Return the first attempt that fits, or the last one.

    Parameters
    ----------
    attempts : iterable of Attempt
        From the most to the least that can be shown; at least one.
    widths : sequence of float
        Of one column, or of two side by side.
    height : float
        Of each column.
    lead : Section, optional
        What is above all else in the first column.
    """
    for attempt in attempts:
        style = style_of(attempt)
        columns = _plan_columns(content, attempt, style, widths, lead)
        plan = PanelPlan(tuple(_stack(one, style, height) for one in columns), attempt, style)
        if plan.height <= height:
            break
    return plan


def _plan_columns(
    content: PanelContent,
    attempt: Attempt,
    style: PanelStyle[FontT],
    widths: Sequence[float],
    lead: Section[FontT] | None,
) -> list[list[Section[FontT]]]:
    known = _Builder(content, attempt, style, widths[0]).plan_legend()
    differ = _Builder(content, attempt, style, widths[-1]).plan_questions()
    unseen = _Builder(content, attempt, style, widths[-1]).plan_unseen()
    first = [one for one in (lead, known) if one]
    second = [differ] if differ else []
    rest = [unseen] if unseen else []
    if len(widths) == 1:
        return [[*first, *second, *rest]]
    if _height(first) < _height(second):
        return [[*first, *rest], second]
    return [first, [*second, *rest]]


def _height(sections: Sequence[Section[FontT]]) -> float:
    return sum(section.height for section in sections)


def _stack(
    sections: Sequence[Section[FontT]], style: PanelStyle[FontT], height: float
) -> tuple[Section[FontT], ...]:
    """Return sections one below the other; where there is room, they stand farther apart."""
    gaps = max(len(sections) - 1, 1)
    spare = (height - _height(sections) - style.section_gap * (len(sections) - 1)) / gaps
    gap = style.section_gap + min(max(spare, 0.0), max(style.widest_gap - style.section_gap, 0.0))
    top, stacked = 0.0, []
    for section in sections:
        stacked.append(replace(section, top=top))
        top += section.height + gap
    return tuple(stacked)


@dataclass
class _Builder(Generic[FontT]):
    """Plans one section, its items one below the other."""

    content: PanelContent
    attempt: Attempt
    style: PanelStyle[FontT]
    width: float
    y: float = 0.0
    items: list[PanelText[FontT] | PanelEntry[FontT]] = field(default_factory=list)

    def plan_legend(self) -> Section[FontT] | None:
        """Return how well it is known: the groups of the legend."""
        style, legend = self.style, self.content.legend
        groups = {
            group: [entry for entry in legend if entry["group"] == group]
            for group in LEGEND_GROUPS
            if group not in self.attempt.without
        }
        if style.title and (style.nothing or any(groups.values())):
            self._add_text("heading", style.title, style.legend_heading)
        if not any(groups.values()):
            plain = replace(style.answer, size=style.label.size, indent=0.0)
            self._add_text("nothing", style.nothing, plain)
        left, hidden = self.attempt.rows, 0
        for group, entries in groups.items():
            shown = entries[:left] if group in style.shortened else entries
            if group in style.shortened:
                left, hidden = left - len(shown), hidden + len(entries) - len(shown)
            if entries and group in style.headed:
                self._add_text("group", _group_title(group, entries, style), style.group)
            for row in self._plan_rows(group, shown):
                self.items += [replace(one, y=self.y + one.y) for one in row]
                self.y += max(one.y + one.height for one in row)
        if hidden:
            plain = replace(style.more, before=0.0)
            self._add_text("more", style.some_left.format(n=hidden), plain)
        return self._section(style.title or KNOWN)

    def plan_questions(self) -> Section[FontT] | None:
        """Return where sources differ: questions with their answers."""
        style, questions, attempt = self.style, self.content.questions, self.attempt
        if questions:
            self._add_text("heading", DIFFER, style.heading)
        most = attempt.answer_lines
        for position, (question, answers) in enumerate(questions[: attempt.questions]):
            gap = style.question_gap if position else 0.0
            self._add_text("question", question, style.question, most=most, gap=gap)
            self._add_text("answer", answers, style.answer, most=most)
        hidden = len(questions) - attempt.questions
        if hidden > 0:
            text = style.some_left if attempt.questions else style.no_questions
            one = not attempt.questions and hidden == 1
            text = text.replace("questions", "question") if one else text
            self._add_text("more", text.format(n=hidden), style.more)
        return self._section(DIFFER)

    def plan_unseen(self) -> Section[FontT] | None:
        """Return what is not observed."""
        if self.content.unseen:
            self._add_text("heading", UNSEEN, self.style.heading)
            most = self.attempt.unseen_lines
            self._add_text("unseen", self.content.unseen, self.style.unseen, most=most)
        return self._section(UNSEEN)

    def _add_text(
        self, role: str, text: str, style: TextStyle[FontT], *, most: int = ALL, gap: float = 0.0
    ) -> None:
        """Add a text, unless it is empty; `gap` is space above it beyond that of its style."""
        stretch = 1.12 if style.spaced else 1.0
        block = wrap_text(
            text.upper() if style.spaced else text,
            style.font,
            style.size * stretch,
            self.width - style.indent,
            most=most,
            leading=style.leading / stretch,
        )
        if not block.lines:
            return
        self.y += style.before + gap if self.items else 0.0
        self.items.append(PanelText(role, replace(block, size=style.size), style, self.y))
        self.y += block.height + style.after

    def _section(self, title: str) -> Section[FontT] | None:
        return Section(title, tuple(self.items), self.y) if self.items else None

    def _plan_rows(self, group: str, entries: list[LegendEntry]) -> list[list[PanelEntry[FontT]]]:
        """Return the rows of a group, each of one entry or of several side by side."""
        style, legend = self.style, self.content.legend
        narrow = replace(style, sign=style.narrow_sign) if style.narrow_sign else style
        half = (self.width - style.pair_gap) / 2
        if not entries:
            return []
        if group in style.flowing:
            return [_flow_entries(entries, narrow, self.width)]
        if group in style.dotted:
            step = min(style.dot_step, (self.width - 0.06 * style.dot_step) / len(entries))
            dot = partial(PanelEntry, label=wrap_text("", style.label.font, style.label.size, step))
            dot = partial(dot, y=0.0, width=step, height=style.row)
            return [[dot(one, count=count_text(one), x=n * step) for n, one in enumerate(entries)]]
        if group in style.paired and all(_width_of(one, narrow) <= half for one in entries):
            made = [_plan_row(one, narrow, half, _count_room(one, style)) for one in entries]
            made[1::2] = [replace(one, x=half + style.pair_gap) for one in made[1::2]]
            return [made[at : at + 2] for at in range(0, len(made), 2)]
        widest = max(_count_room(one, style) for one in legend) + style.count_gap
        shaded = [one["key"] for one in legend if one["group"] == "shades" and group == "layer"]
        rows = []
        for one in entries:
            room = widest if style.count_gap >= 0 else _count_room(one, style)
            row = _plan_row(one, style, self.width, room)
            extra = style.shade_height * (one["key"] in shaded)
            rows.append([replace(row, height=row.height + extra)])
        return rows


def _group_title(group: str, entries: Sequence[LegendEntry], style: PanelStyle[FontT]) -> str:
    if group not in style.dotted:
        return LEGEND_GROUPS[group]
    ends = dict.fromkeys(entry["label"].lower() for entry in (entries[0], entries[-1]))
    return f"{LEGEND_GROUPS[group]}: {' … '.join(ends)}"


def _count_room(entry: LegendEntry, style: PanelStyle[FontT]) -> float:
    """Return the width of a count, with the space before it where it follows its label."""
    if style.count_gap >= 0:
        return style.label.font.width(f"{entry['count']:,}") * style.label.size
    count = count_text(entry)
    return style.label.font.width(f" {count}" if count else "") * style.label.size


def _width_of(entry: LegendEntry, style: PanelStyle[FontT]) -> float:
    """Return the width of an entry in one line."""
    label = style.label.font.printable(entry["label"])
    width = style.label.font.width(f"{label} {entry['count']:,}") * style.label.size
    return style.sign + width + max(style.count_gap, 0.0)


def _plan_row(
    entry: LegendEntry, style: PanelStyle[FontT], width: float, count_room: float
) -> PanelEntry[FontT]:
    text = style.label
    room, most = width - style.sign - count_room, style.label_lines
    label = wrap_text(entry["label"], text.font, text.size, room, most=most, leading=text.leading)
    height = max(style.row, max(label.height, label.leading) + style.row_pad)
    return PanelEntry(entry, label, count_text(entry), 0.0, 0.0, width, height, style.sign)


def _flow_entries(
    entries: Sequence[LegendEntry], style: PanelStyle[FontT], width: float
) -> list[PanelEntry[FontT]]:
    """Return entries one after the other, in as many lines as they take."""
    made: list[PanelEntry[FontT]] = []
    x = y = 0.0
    for entry in entries:
        own = min(_width_of(entry, style) * 1.0001, width)  # more than its label, when rounded
        one = _plan_row(entry, style, own, _count_room(entry, style))
        if x and x + own > width:
            x, y = 0.0, y + one.height
        made.append(replace(one, x=x, y=y))
        x += own + style.pair_gap
    return made
