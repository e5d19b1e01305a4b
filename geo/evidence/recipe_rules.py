"""Validation rules of the recipes for outlines; see `geo.evidence.rules`."""

from collections.abc import Iterator

from geo.evidence.rules import Breach


def _check_bounds(bounds: tuple[float, float, float, float]) -> Iterator[Breach]:
    xmin, ymin, xmax, ymax = bounds
    crossing = xmin > xmax and xmax + 360 - xmin <= 180  # degrees of longitude
    if not (xmin < xmax or crossing) or ymin >= ymax:
        why = "the box has no extent, or crosses 180 degrees and is wider than half a turn"
        yield Breach("bounds", why, bounds, "write xmin, ymin, xmax, ymax in that order")


def _check_sector(
    inner_m: float, outer_m: float, bearing_from: float, bearing_to: float
) -> Iterator[Breach]:
    if inner_m >= outer_m:
        why = f"the inner radius is not below the outer one ({outer_m})"
        yield Breach("inner_m", why, inner_m, "swap or correct the two radii")
    if bearing_from == bearing_to:
        why = "the sector opens by no angle"
        yield Breach("bearing_to", why, bearing_to, "give two different true bearings")


BOUNDS_RULES = (_check_bounds,)
SECTOR_RULES = (_check_sector,)
