"""Options of `claims add` for a distance from a point, in place of a spot."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from geo.evidence.distance import WINDS, find_bearings
from geo.evidence.distance_words import EXAMPLES, parse_distance

if TYPE_CHECKING:
    from geo.ledger.models import Fields

_UNNAMED = "the point"
DISTANCE_OPTIONS = (
    click.Option(["--distance", "far"], help=f"How far, as the source writes it: {EXAMPLES}."),
    click.Option(
        ["--direction"], type=click.Choice(WINDS), multiple=True,
        help="Where it is from there; may repeat with a neighbour. Default: all round.",
    ),
    click.Option(["--seaward"], is_flag=True, help="Leave out what is land on the base map."),
    click.Option(["--measured-from"], help="A position. Default: the place's own point."),
    click.Option(["--measured-from-name"], help="What is at that position."),
)  # fmt: skip


def build_distance(
    far: str | None, winds: tuple[str, ...], sea: bool, spot: str | None, name: str | None
) -> Fields:
    """Return the fields of a claim that the options of a distance become; none without them.

    Without `--measured-from` the recipe has no centre, and it becomes the place of the claim.
    """
    if far is None:
        if winds or sea or spot or name:
            msg = "A direction, --seaward or --measured-from needs --distance: say how far it is."
            raise click.UsageError(msg)
        return {}
    numbers = parse_distance(far)
    if numbers is None:
        raise click.UsageError(f"No distance can be read in {far!r}. Write {EXAMPLES}.")
    recipe: Fields = {**numbers, "words": " ".join(far.split()), "seaward": bool(sea)}
    if winds:
        bearings = find_bearings(winds)
        if bearings is None:
            msg = f"The directions {', '.join(winds)} are not side by side. Give neighbours."
            raise click.UsageError(msg)
        recipe |= dict(zip(("bearing_from", "bearing_to"), bearings, strict=True))
    if spot:
        lat, lon = _read_point(spot)
        recipe["centre"] = {"name": name or _UNNAMED, "lon": lon, "lat": lat}
    elif name:
        raise click.UsageError("--measured-from-name needs --measured-from: give its position.")
    return {"distance": recipe, "location_class": "distance"}


def _read_point(text: str) -> tuple[float, float]:
    from geo.ingest.detect.coordinate_formats import is_mgrs, make_mgrs_parser
    from geo.ingest.detect.coordinate_pairs import parse_pair

    lat, lon, why = (make_mgrs_parser() if is_mgrs(text) else parse_pair)(text.strip())
    if why or abs(lat) > 90 or abs(lon) > 180:
        msg = f"No position can be read in {text!r}. Write it as 35.4011, 35.9487, or as MGRS."
        raise click.UsageError(msg)
    return round(lat, 6), round(lon, 6)
