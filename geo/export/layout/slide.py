"""The words above and below the map of a slide: sentences, and the list of sources."""

from __future__ import annotations

from collections.abc import Sequence

from geo.export.layout.text import FontT, TextBlock, find_most, wrap_text


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
