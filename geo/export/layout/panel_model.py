"""Input and result of the plan of a side panel: content, styles, sections."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic

from geo.export.layout.text import ALL, FontT, TextBlock
from geo.mapping.legend import LegendEntry

KNOWN, DIFFER, UNSEEN = "How well it is known", "Where sources differ", "Not observed"


@dataclass(frozen=True)
class PanelContent:
    """What a panel says: legend, questions with answers, what only earlier reports name."""

    legend: tuple[LegendEntry, ...] = ()
    questions: tuple[tuple[str, str], ...] = ()
    unseen: str = ""


@dataclass(frozen=True)
class Attempt:
    """How much of a panel is shown; `size` is for the function that returns the styles.

    Numbers of questions, of rows of the groups that may be shortened, and of lines of each
    question or answer and of what is not observed; groups of the legend that are left out.
    """

    size: float
    questions: int
    rows: int = ALL
    answer_lines: int = ALL
    unseen_lines: int = ALL
    without: tuple[str, ...] = ()


@dataclass(frozen=True)
class TextStyle(Generic[FontT]):
    """How one kind of text is set; lengths are in the renderer's unit.

    Attributes
    ----------
    leading : float
        Distance between baselines, in type sizes.
    before, after : float
        Space above and below; at the head of a section there is none above.
    spaced : bool
        Whether it is set in spaced capitals, which take 1.12 times the width.
    """

    font: FontT
    size: float
    colour: str = "ink"
    leading: float = 1.3
    before: float = 0.0
    after: float = 0.0
    indent: float = 0.0
    spaced: bool = False


@dataclass(frozen=True)
class PanelStyle(Generic[FontT]):
    """How a panel is set.

    Attributes
    ----------
    title : str
        Heading of the legend; empty where each of its groups has a heading of its own.
    headed, shortened : tuple of str
        Groups of the legend with a heading; those whose rows may be left out.
    paired, flowing, dotted : tuple of str
        Groups in two columns where they fit, one after the other in lines, or as one line of
        signs whose heading names the first and the last.
    sign, narrow_sign : float
        From the left edge of a row to its label; narrow for entries side by side.
    count_gap : float
        Space between a label and its count at the right edge; below 0, the count follows it.
    pair_gap, dot_step : float
        Space between two entries side by side; from one dot to the next, at most.
    row, row_pad, shade_height : float
        Least height of a row, what is added to the height of its label, and room for the scale
        of a layer that is drawn as density.
    section_gap, widest_gap : float
        Least and largest space between two sections.
    some_left, no_questions : str
        What replaces rows, or some or all questions, that are left out; `{n}` is their number.
    """

    heading: TextStyle[FontT]
    legend_heading: TextStyle[FontT]
    group: TextStyle[FontT]
    label: TextStyle[FontT]
    question: TextStyle[FontT]
    answer: TextStyle[FontT]
    unseen: TextStyle[FontT]
    more: TextStyle[FontT]
    sign: float
    row: float
    row_pad: float
    section_gap: float
    title: str = KNOWN
    headed: tuple[str, ...] = ()
    shortened: tuple[str, ...] = ("layer",)
    paired: tuple[str, ...] = ()
    flowing: tuple[str, ...] = ()
    dotted: tuple[str, ...] = ()
    label_lines: int = 1
    count_gap: float = -1.0
    narrow_sign: float = 0.0
    shade_height: float = 0.0
    pair_gap: float = 0.0
    dot_step: float = 0.0
    widest_gap: float = 0.0
    question_gap: float = 0.0
    some_left: str = "and {n} more"
    no_questions: str = "{n} questions"
    nothing: str = ""


@dataclass(frozen=True)
class PanelText(Generic[FontT]):
    """A text of the panel: its role, and its top from that of its section."""

    role: str
    block: TextBlock[FontT]
    style: TextStyle[FontT]
    y: float


@dataclass(frozen=True)
class PanelEntry(Generic[FontT]):
    """An entry of the legend: a sign, its label, its count; the box is that of the row."""

    entry: LegendEntry
    label: TextBlock[FontT]
    count: str
    x: float
    y: float
    width: float
    height: float
    sign: float = 0.0  # from its left edge to its label


@dataclass(frozen=True)
class Section(Generic[FontT]):
    """A part of the panel: its items, and its top from that of its column."""

    title: str
    items: tuple[PanelText[FontT] | PanelEntry[FontT], ...]
    height: float
    top: float = 0.0


@dataclass(frozen=True)
class PanelPlan(Generic[FontT]):
    """The sections of each column, with the attempt and the style that they are set in."""

    columns: tuple[tuple[Section[FontT], ...], ...]
    attempt: Attempt
    style: PanelStyle[FontT]

    @property
    def height(self) -> float:
        """Height of the highest column."""
        bottoms = [column[-1].top + column[-1].height for column in self.columns if column]
        return max(bottoms, default=0.0)
