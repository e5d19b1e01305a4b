"""Whether a value stands in more than one row, without holding all values."""

from collections.abc import Callable, Iterable

import numpy as np
import pandas as pd


def find_duplicate(parts: Callable[[], Iterable[pd.Series]]) -> str | None:
    """Return the first text that was there before, None when all are different.

    Parameters
    ----------
    parts
        Gives the texts, some at a time; asked a second time only where two of them may be equal.
        What is missing is passed over.
    """
    # 8 bytes a text; those of which two have the same number are compared themselves
    numbers = np.concatenate([*(_numbers(_texts(one)) for one in parts()), _numbers(_NOTHING)])
    numbers.sort()
    again = np.unique(numbers[1:][numbers[1:] == numbers[:-1]])
    if not len(again):
        return None
    seen = set()
    for one in parts():
        texts = _texts(one)
        for text in texts[np.isin(_numbers(texts), again)]:
            if text in seen:
                return text
            seen.add(text)
    return None


_NOTHING = np.empty(0, dtype=object)


def _texts(column: pd.Series) -> np.ndarray:
    return column.dropna().to_numpy(dtype=object)


def _numbers(texts: np.ndarray) -> np.ndarray:
    return pd.util.hash_array(texts, categorize=False)
