"""Points whose longitude and latitude are swapped, as the frame of the case shows."""

from collections.abc import Iterator

from geo.evidence.base_geography import Town
from geo.evidence.case import Case
from geo.evidence.json_records import RecordFault, RecordTable
from geo.evidence.models import Place, Route
from geo.meridian import Box, list_boxes

_Named = tuple[str, str, str, float, float]  # file, record, field, longitude, latitude


def find_swapped_points(
    cases: RecordTable[Case],
    places: RecordTable[Place],
    routes: RecordTable[Route],
    towns: RecordTable[Town],
) -> Iterator[RecordFault]:
    """Yield a fault for each point outside of the frame that is within it when swapped."""
    points = [*_list_place_points(places), *_list_other_points(routes, towns)]
    for case in cases.records:
        for file, record, field, lon, lat in points:
            if not _is_within(lon, lat, case.frame) and _is_within(lat, lon, case.frame):
                why = "outside of the frame of case.json, and within it with the two swapped"
                remedy = "write longitude and latitude the other way round, or widen the frame"
                yield RecordFault(file, record, field, why, f"{lon:g}, {lat:g}", remedy)


def _list_place_points(places: RecordTable[Place]) -> Iterator[_Named]:
    for place in places.records:
        if place.lon is not None and place.lat is not None:
            yield places.file, place.id, "lon", place.lon, place.lat
        yield places.file, place.id, "label_lon", place.label_lon, place.label_lat


def _list_other_points(routes: RecordTable[Route], towns: RecordTable[Town]) -> Iterator[_Named]:
    for route in routes.records:
        for number, (lon, lat, _) in enumerate(route.points):
            yield routes.file, route.id, f"points.{number}", lon, lat
    for town in towns.records:
        yield towns.file, town.name, "lon", town.lon, town.lat


def _is_within(lon: float, lat: float, frame: Box) -> bool:
    return any(
        xmin <= lon <= xmax and ymin <= lat <= ymax for xmin, ymin, xmax, ymax in list_boxes(frame)
    )
