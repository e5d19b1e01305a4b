"""Setting text: wrapped by its measured width, made smaller or cut where it would not fit."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate

from geo.export.image.fonts import Face, advance, ems, printable

MORE = "…"
LONGEST = 400  # letters that may stand in one line


@dataclass(frozen=True)
class Block:
    """Lines of one size.

    Attributes
    ----------
    size, leading : float
        Of the letters, and from one line's foot to the next, in pixels.
    whole : bool
        Whether nothing was cut off.
    """

    lines: tuple[str, ...]
    face: Face
    size: float
    leading: float
    whole: bool = True

    @property
    def height(self) -> float:
        """From the top of the first line's room to the end of the last one's, in pixels."""
        return self.leading * len(self.lines)

    @property
    def width(self) -> float:
        """Of the widest line, in pixels."""
        return max((ems(line, self.face) * self.size for line in self.lines), default=0.0)


def block(
    text: str, face: Face, size: float, width: float, *, most: int = 99, leading: float = 1.3
) -> Block:
    """Return text in lines no wider than `width` pixels; what goes beyond `most` lines is cut."""
    lines, whole = _wrapped(printable(text, face), face, width / size, most)
    return Block(lines, face, size, size * leading, whole)


def fitted(
    text: str,
    face: Face,
    sizes: tuple[float, ...],
    width: float,
    *,
    most: tuple[int, ...],
    leading: float = 1.3,
) -> Block:
    """Return text in the largest of some sizes in which it is whole; in the last, it may be cut.

    Parameters
    ----------
    sizes : tuple of float
        From the largest to the smallest, pixels.
    most : tuple of int
        How many lines each size may take.
    """
    tried = block(text, face, sizes[0], width, most=most[0], leading=leading)
    for size, lines in zip(sizes, most, strict=True):
        tried = block(text, face, size, width, most=lines, leading=leading)
        if tried.whole:
            return tried
    return tried


def balanced(one: Block, width: float) -> Block:
    """Return the same lines broken so that they are about as long as each other."""
    if len(one.lines) < 2 or not one.whole:
        return one
    text = " ".join(one.lines)
    low, high = 0.5 * width, width
    best = one
    for _ in range(7):
        middle = (low + high) / 2
        tried = block(text, one.face, one.size, middle, leading=one.leading / one.size)
        if len(tried.lines) <= len(one.lines):
            best, high = tried, middle
        else:
            low = middle
    return best


@lru_cache(maxsize=4096)
def _wrapped(text: str, face: Face, width: float, most: int) -> tuple[tuple[str, ...], bool]:
    lines: list[str] = []
    rest = text.split(" ") if text else []
    while rest:
        if len(lines) == most:
            lines[-1] = _closed(lines[-1], face, width)
            return tuple(lines), False
        taken = _words(rest, face, width)
        if taken:
            lines.append(" ".join(rest[:taken]))
            rest = rest[taken:]
        else:
            part = _letters(rest[0], face, width)
            lines.append(rest[0][:part])
            rest[0] = rest[0][part:]
    return tuple(lines), True


def _words(words: list[str], face: Face, width: float) -> int:
    """Return how many words go into one line.

    Words are measured one by one, since the same words are set in many sizes and widths; a line
    that comes near its room is then measured as a whole.
    """
    space = advance(" ", face)
    wide, count = -space, 0
    for word in words:
        if len(word) > LONGEST:
            break
        wide += space + advance(word, face)
        near = 0.994 < wide / width < 1.006
        if (ems(" ".join(words[: count + 1]), face) if near else wide) > width:
            break
        count += 1
    return count


def _letters(word: str, face: Face, width: float) -> int:
    """Return how many letters of a word that is too long go into one line: one at least."""
    wide = list(accumulate(advance(letter, face) for letter in word[:LONGEST]))
    count = max(1, bisect_right(wide, width))
    while count > 1 and ems(word[:count], face) > width:
        count -= 1
    return count


def _closed(line: str, face: Face, width: float) -> str:
    """Return a line with an ellipsis at its end, no wider than `width`."""
    if line:
        line = line[: _letters(line, face, width)]
    while line and ems(line.rstrip(" ,;:.") + MORE, face) > width:
        line = line[:-1]
    return line.rstrip(" ,;:.") + MORE


def cut(text: str, face: Face, size: float, width: float) -> str:
    """Return one line, cut at its end if it is wider than `width` pixels."""
    text = printable(text, face)
    if len(text) <= LONGEST and ems(text, face) * size <= width:
        return text
    return _closed(text[: _letters(text, face, width / size)], face, width / size)


def cut_inside(text: str, face: Face, size: float, width: float) -> str:
    """Return one line, with its middle left out if it is wider than `width` pixels."""
    text = printable(text, face)
    if len(text) <= LONGEST and ems(text, face) * size <= width:
        return text
    low, high = 0, min(len(text), LONGEST) // 2
    while low < high:
        middle = (low + high + 1) // 2
        if ems(_inside(text, middle), face) * size <= width:
            low = middle
        else:
            high = middle - 1
    return _inside(text, low) if low else cut(text, face, size, width)


def _inside(text: str, kept: int) -> str:
    return f"{text[:kept]}{MORE}{text[-kept:]}" if kept else MORE
