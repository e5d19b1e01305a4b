"""The order of places along a Hilbert curve, from plain numbers."""

import numpy as np

_LEVEL = 16  # the curve goes through 2**16 by 2**16 cells
_AT_ONCE = 2**18  # rows


def curve_order(middles: np.ndarray) -> np.ndarray:
    """Return the positions of rows along a curve over all of them, those without a place last.

    Parameters
    ----------
    middles
        (rows, 2), x first; NaN where there is none.
    """
    far = np.full(len(middles), 2 ** (2 * _LEVEL), dtype=np.uint64)
    placed = ~np.isnan(middles[:, 0])
    if placed.any():
        low, high = np.nanmin(middles, axis=0), np.nanmax(middles, axis=0)
        for start in range(0, len(middles), _AT_ONCE):
            some = placed[start : start + _AT_ONCE]
            cells = _cells(middles[start : start + _AT_ONCE][some], low, high)
            far[start : start + _AT_ONCE][some] = _distance(*cells.T)
    return np.argsort(far, kind="stable")


def _cells(middles: np.ndarray, low: np.ndarray, high: np.ndarray) -> np.ndarray:
    most, wide = 2**_LEVEL - 1, high - low
    with np.errstate(divide="ignore", invalid="ignore"):
        cells = (middles - low) * (most / wide)
    return np.where(wide == 0, 0, np.clip(cells, 0, most)).astype(np.uint32)


def _distance(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Steps along the curve from its beginning, the low corner, to each cell.

    From the largest squares to the smallest: which quarter it is, and then the quarter turned so
    that the curve runs through it as it does through the whole.
    """
    steps: np.ndarray = np.zeros(len(x), dtype=np.uint64)
    for bit in reversed(range(_LEVEL)):
        right, upper = (x >> bit) & 1, (y >> bit) & 1
        steps = steps << np.uint64(2) | (3 * right) ^ upper
        turn = (1 - upper) * (x ^ y)  # to swap x and y in the two lower quarters
        x, y = x ^ turn, y ^ turn
        flip = ((1 - upper) & right) * np.uint32(2**_LEVEL - 1)
        x, y = x ^ flip, y ^ flip
    return steps
