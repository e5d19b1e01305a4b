"""Setting text: wrap it by its measured width, make it smaller or cut it where it does not fit.

Sizes and widths are in one unit, whichever the renderer uses: pixels, inches or canvas units.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from typing import Generic, TypeVar

from geo.export.layout.metrics import FontMetrics
from geo.text.direction import keep_direction

ELLIPSIS = "…"
LONGEST_LINE = 400  # characters
ALL = 10_000  # lines: no limit
FontT = TypeVar("FontT", bound=FontMetrics)
_CLOSING = " ,;:.–-"  # not left before an ellipsis


@dataclass(frozen=True)
class TextBlock(Generic[FontT]):
    """Lines of one type size, and the text that they hold; `whole` if nothing was cut off.

    `leading` is the distance between baselines, in the unit of the size.
    """

    text: str
    lines: tuple[str, ...]
    font: FontT
    size: float
    leading: float
    whole: bool = True

    @property
    def height(self) -> float:
        """Height of all lines, with the leading of each."""
        return self.leading * len(self.lines)

    @property
    def width(self) -> float:
        """Width of the widest line."""
        return max((self.font.width(line) * self.size for line in self.lines), default=0.0)

    def baseline(self, top: float) -> float:
        """Return the y, growing downwards, of the baseline of a line whose top is given."""
        return top + (self.leading - self.size) / 2 + 0.79 * self.size


def wrap_text(
    text: str, font: FontT, size: float, width: float, *, most: int = ALL, leading: float = 1.3
) -> TextBlock[FontT]:
    """Return text in lines of at most `width`; at most `most` lines, the last one cut.

    `leading` is the distance between baselines, in type sizes.
    """
    shown = font.printable(text)
    lines, whole = _wrapped(shown, font, width / size, most)
    return TextBlock(shown if whole else " ".join(lines), lines, font, size, size * leading, whole)


def fit_text(
    text: str,
    font: FontT,
    sizes: Sequence[float],
    width: float,
    *,
    most: Sequence[int],
    leading: float = 1.3,
) -> TextBlock[FontT]:
    """Return text in the first size in which it is whole; in the last size, it may be cut.

    `most` is how many lines each size may take.
    """
    for size, lines in zip(sizes, most, strict=True):
        block = wrap_text(text, font, size, width, most=lines, leading=leading)
        if block.whole:
            break
    return block


def balanced_width(
    block: TextBlock[FontT], width: float, *, step: float = 1 / 256, least: float = 0.5
) -> float:
    """Return the smallest width that breaks a block into no more lines than it has.

    Widths are tried from `width` down to `least` in steps, as shares of `width`.
    """
    if len(block.lines) < 2 or not block.whole:
        return width

    def keeps_lines(steps: int) -> bool:
        narrow = width * (1 - steps * step) / block.size
        return len(_wrapped(block.text, block.font, narrow, ALL)[0]) <= len(block.lines)

    return width * (1 - find_most(0, max(0, round((1 - least) / step)), keeps_lines) * step)


def find_most(least: int, most: int, fits: Callable[[int], bool]) -> int:
    """Return the largest number that fits, by bisection; `least` fits in any case."""
    while least < most:
        middle = (least + most + 1) // 2
        least, most = (middle, most) if fits(middle) else (least, middle - 1)
    return least


def balance_lines(block: TextBlock[FontT], width: float) -> TextBlock[FontT]:
    """Return the same text in lines of about equal length."""
    narrow = balanced_width(block, width)
    if narrow == width:
        return block
    leading = block.leading / block.size
    return wrap_text(block.text, block.font, block.size, narrow, leading=leading)


@lru_cache(maxsize=4096)
def _wrapped(text: str, font: FontMetrics, width: float, most: int) -> tuple[tuple[str, ...], bool]:
    """Return lines of at most `width` ems, and whether they hold the whole text."""
    lines, whole = _split_into_lines(text, font, width, most)
    return keep_direction(lines, text), whole


def _split_into_lines(
    text: str, font: FontMetrics, width: float, most: int
) -> tuple[list[str], bool]:
    lines: list[str] = []
    rest = text.split(" ") if text else []
    while rest:
        if len(lines) == most:
            lines[-1] = _with_ellipsis(lines[-1], font, width)
            return lines, False
        count = _count_words(rest, font, width)
        if count:
            lines.append(" ".join(rest[:count]))
            rest = rest[count:]
        else:
            part = _count_letters(rest[0], font, width)
            lines.append(rest[0][:part])
            rest[0] = rest[0][part:]
    return lines, True


def _count_words(words: list[str], font: FontMetrics, width: float) -> int:
    """Return how many words go into one line.

    Words are measured one by one, since the same words are set in many sizes and widths; a line
    whose sum is close to the width is then measured as a whole.
    """
    space = font.advance(" ")
    wide, count = -space, 0
    for word in words:
        if len(word) > LONGEST_LINE:
            break
        wide += space + font.advance(word)
        near = 0.994 < wide / width < 1.006
        if (font.width(" ".join(words[: count + 1])) if near else wide) > width:
            break
        count += 1
    return count


def _count_letters(word: str, font: FontMetrics, width: float) -> int:
    """Return how many letters of a word that is too long go into one line: one at least."""
    wide = list(accumulate(font.advance(letter) for letter in word[:LONGEST_LINE]))
    count = max(1, bisect_right(wide, width))
    while count > 1 and font.width(word[:count]) > width:
        count -= 1
    return count


def _with_ellipsis(line: str, font: FontMetrics, width: float) -> str:
    """Return a line with an ellipsis at its end, no wider than `width` ems."""
    if line:
        line = line[: _count_letters(line, font, width)]
    while line and font.width(line.rstrip(_CLOSING) + ELLIPSIS) > width:
        line = line[:-1]
    return line.rstrip(_CLOSING) + ELLIPSIS


def cut_line(text: str, font: FontMetrics, size: float, width: float) -> str:
    """Return one line, cut at its end if it is wider than `width`."""
    shown = font.printable(text)
    if len(shown) <= LONGEST_LINE and font.width(shown) * size <= width:
        return shown
    head = shown[: _count_letters(shown, font, width / size)]
    return _with_ellipsis(head, font, width / size)


def cut_middle(text: str, font: FontMetrics, size: float, width: float) -> str:
    """Return one line, with its middle left out if it is wider than `width`."""
    shown = font.printable(text)
    if len(shown) <= LONGEST_LINE and font.width(shown) * size <= width:
        return shown

    def join_ends(kept: int) -> str:
        return f"{shown[:kept]}{ELLIPSIS}{shown[-kept:]}"

    most = min(len(shown), LONGEST_LINE) // 2
    kept = find_most(0, most, lambda letters: font.width(join_ends(letters)) * size <= width)
    return join_ends(kept) if kept else cut_line(shown, font, size, width)


def plan_lines(
    texts: Sequence[str],
    font: FontT,
    sizes: Sequence[float],
    width: float,
    *,
    most: Sequence[int],
    leading: float = 1.3,
    compact: int = 0,
) -> list[TextBlock[FontT]]:
    """Return sentences one below the other in the first size in which they fit.

    Where no size is small enough, the last lines are cut: an ellipsis ends what is shown.

    Parameters
    ----------
    most : sequence of int
        How many lines each size may take, all sentences together.
    compact : int
        If above 0, a size is also skipped if one of so many first sizes needs fewer lines.
    """
    tried = [
        [wrap_text(one, font, size, width, leading=leading) for one in texts] for size in sizes
    ]
    counts = [sum(len(one.lines) for one in blocks) for blocks in tried]
    fewest = min(counts[:compact], default=max(counts))
    fits = (n for n, count in enumerate(counts) if count <= min(fewest, most[n]))
    chosen = next(fits, len(sizes) - 1)
    return _cut_lines(texts, tried[chosen], width, most[chosen], leading)


def _cut_lines(
    texts: Sequence[str], blocks: list[TextBlock[FontT]], width: float, most: int, leading: float
) -> list[TextBlock[FontT]]:
    kept: list[TextBlock[FontT]] = []
    for text, block in zip(texts, blocks, strict=True):
        if most <= 0:
            break
        last = len(kept) == len(texts) - 1
        tail = "" if last or most > len(block.lines) else " …"
        if len(block.lines) > most or tail:
            block = wrap_text(
                text + tail, block.font, block.size, width, most=most, leading=leading
            )
        kept.append(block)
        most -= len(block.lines)
    return kept


def list_sources(
    sources: Sequence[str],
    label: str,
    more: str,
    font: FontT,
    size: float,
    width: float,
    *,
    most: int,
    leading: float = 1.3,
) -> tuple[TextBlock[FontT], int]:
    """Return a sentence that names as many sources as fit into `most` lines, and how many.

    It begins with `label`, and `more` follows the number of the sources that are left out.
    """

    def sentence(count: int) -> TextBlock[FontT]:
        rest = len(sources) - count
        tail = f"; and {rest} more{more}" if rest else ""
        text = f"{label} {'; '.join(sources[:count])}{tail}."
        return wrap_text(text, font, size, width, most=most, leading=leading)

    shown = find_most(1, len(sources), lambda count: sentence(count).whole)
    return sentence(shown), shown
