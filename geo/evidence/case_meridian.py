"""The meridian about which the maps of the case are drawn."""

from geo.evidence.case import builtin_case
from geo.meridian import find_meridian


def find_case_meridian() -> float:
    """Return 0, or the middle of the case's frame if that crosses the 180th meridian."""
    return find_meridian(builtin_case().frame)
