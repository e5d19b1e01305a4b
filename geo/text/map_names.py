"""Which of its names a town, a region or a place has on the map: English, Arabic or both."""

from __future__ import annotations

from collections.abc import Mapping

ENGLISH, ARABIC, BOTH = "en", "ar", "both"
NAME_CHOICES: Mapping[str, str] = {ENGLISH: "English", ARABIC: "العربية", BOTH: "both"}
"""The values of a link's `names`, with their titles."""


def list_names(english: str, arabic: str | None, choice: str) -> tuple[str, ...]:
    """Return the lines of a name on the map; what has no Arabic name keeps its English one.

    Parameters
    ----------
    choice : str
        A key of NAME_CHOICES.
    """
    if not arabic or choice == ENGLISH:
        return (english,)
    return (arabic,) if choice == ARABIC else (english, arabic)
