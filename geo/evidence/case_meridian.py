"""The meridian about which the maps of the case are drawn."""

from functools import lru_cache


@lru_cache(maxsize=1)
def find_case_meridian() -> float:
    """Return 0, or the middle of the case's frame if that crosses the 180th meridian."""
    return 0.0
