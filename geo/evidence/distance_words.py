"""Read a distance as somebody writes it, with the tolerance of its words; see `distance`."""

import re

_UNITS_M = {"m": 1.0, "km": 1_000.0, "mi": 1_609.344, "nm": 1_852.0}
_UNIT = (
    r"(?P<nm>nautical\s+miles?|nmi?\b|sea\s+miles?)|(?P<mi>miles?|mi\b)"
    r"|(?P<km>kilomet(?:er|re)s?|km\b)|(?P<m>met(?:er|re)s?|m\b)"
)
_NUMBER = r"\d{1,3}(?:,\d{3})+(?!\d)|\d+(?:[.,]\d+)?"
_WRITTEN = re.compile(
    r"\s*(?P<about>about|around|some|roughly|approximately|approx\.?|ca?\.|~)?\s*"
    rf"(?P<first>{_NUMBER})(?:\s*(?:-|–|to|and)\s*(?P<last>{_NUMBER}))?\s*(?:{_UNIT})",
    re.IGNORECASE,
)
EXAMPLES = "“about 13 km”, “7 to 12 km” or “5 nautical miles”"


def parse_distance(text: str) -> dict[str, float] | None:
    """Return the numbers of a recipe in metres for words such as EXAMPLES; None for any others.

    Keys are those of `distance.Distance`: distance_m and tolerance_m, or min_m and max_m. What
    follows the unit, such as the same distance in another one, is not read.
    """
    found = _WRITTEN.match(text)
    if found is None:
        return None
    unit = next(metres for name, metres in _UNITS_M.items() if found[name])
    first, worth = _read(found["first"])
    if found["last"]:
        return {"min_m": round(first * unit, 1), "max_m": round(_read(found["last"])[0] * unit, 1)}
    tolerance = worth * unit * (1 if found["about"] else 0.5)
    return {"distance_m": round(first * unit, 1), "tolerance_m": round(tolerance, 1)}


def _read(digits: str) -> tuple[float, float]:
    """Return a number, and what its last digit is worth."""
    if re.fullmatch(r"\d{1,3}(?:,\d{3})+", digits):
        return float(digits.replace(",", "")), 1.0
    plain = digits.replace(",", ".")
    return float(plain), 10.0 ** -len(plain.partition(".")[2])
