"""Finds a value that occurs in more than one row, without holding all values."""

from collections.abc import Callable, Iterable

import numpy as np
import pandas as pd


def find_duplicate(parts: Callable[[], Iterable[pd.Series]]) -> str | None:
    """Return the first text that occurred before; None if all are different.

    ``parts`` returns the texts in batches; it is called again only if two hashes are equal.
    Missing values are ignored.
    """
    # 8 bytes a text; only texts with equal hashes are compared
    none = np.empty(0, dtype=np.uint64)
    hashes = np.concatenate([none, *(_hash_texts(_to_texts(one)) for one in parts())])
    hashes.sort()
    repeated = np.unique(hashes[1:][hashes[1:] == hashes[:-1]])
    if not len(repeated):
        return None
    seen: set[str] = set()
    for texts in map(_to_texts, parts()):
        repeats: list[str] = texts[np.isin(_hash_texts(texts), repeated)].tolist()
        for text in repeats:
            if text in seen:
                return text
            seen.add(text)
    return None


def _to_texts(column: pd.Series) -> np.ndarray:
    texts: np.ndarray = column.dropna().to_numpy(dtype=object)
    return texts


def _hash_texts(texts: np.ndarray) -> np.ndarray:
    hashes: np.ndarray = pd.util.hash_array(texts, categorize=False)
    return hashes
