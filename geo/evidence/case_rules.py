"""Rules of the case beyond the types of its fields; see `geo.evidence.rules`.

The rules of lists check records that are valid by themselves, and skip plain data.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Annotated, Protocol, TypeAlias
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from geo.case_file import ALL, FIXED_PAGES
from geo.evidence.rules import Breach

Box: TypeAlias = tuple[float, float, float, float]
Days: TypeAlias = tuple[date, date]
RESERVED_PATHS = frozenset(FIXED_PAGES) | {
    *("features", "tiles", "map", "copies", "health", "ready", "metrics"),
    *("static", "media", "component", "auth", "oauth2callback", "app"),
}
"""Paths that a page of a case cannot have: other pages, and addresses that the server answers."""


class _SetLike(Protocol):
    id: str
    default: bool


class _PageLike(Protocol):
    path: str
    places: tuple[str, ...]


def _check_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ValueError, OSError, LookupError) as error:
        why = "not the IANA name of a time zone"
        raise PydanticCustomError("time_zone", "{why}", {"why": why}) from error
    return name


def _check_path(path: str) -> str:
    if path in RESERVED_PATHS:
        why = "another page or the server itself has this path"
        raise PydanticCustomError("reserved_path", "{why}", {"why": why})
    return path


def _check_set_id(name: str) -> str:
    if name == ALL:
        why = f"{ALL!r} means all sets together"
        raise PydanticCustomError("reserved_id", "{why}", {"why": why})
    return name


def _check_page_bounds(bounds: Box | None) -> Iterator[Breach]:
    yield from _check_box("bounds", bounds)


def _check_frame(frame: Box) -> Iterator[Breach]:
    yield from _check_box("frame", frame)


def _check_study_area(study_area: Box | None) -> Iterator[Breach]:
    yield from _check_box("study_area", study_area)


def _check_box(field: str, bounds: Box | None) -> Iterator[Breach]:
    if bounds is not None and (bounds[0] == bounds[2] or bounds[1] >= bounds[3]):
        remedy = "write xmin, ymin, xmax, ymax in that order (xmin above xmax crosses 180°)"
        yield Breach(field, "the box has no extent", bounds, remedy)


def _check_default_days(default_days: Days | None) -> Iterator[Breach]:
    if default_days is not None and (None in default_days or default_days[0] > default_days[1]):
        remedy = "write two days as YYYY-MM-DD, the earlier one first, or null"
        yield Breach("default_days", "these are no first and last day", default_days, remedy)


def _check_source_sets(source_sets: Sequence[_SetLike]) -> Iterator[Breach]:
    sets = [one for one in source_sets if not isinstance(one, dict)]
    for name, count in Counter(one.id for one in sets).items():
        if count > 1:
            remedy = "give each set an id of its own"
            yield Breach("source_sets", "two sets have this id", name, remedy)
    chosen = [one.id for one in sets if one.default]
    if len(chosen) > 1:
        why, remedy = "only one set can be shown at first", "keep one, or none to show all of them"
        yield Breach("source_sets", why, ", ".join(chosen), remedy)


def _check_pages(pages: Sequence[_PageLike]) -> Iterator[Breach]:
    given = [one for one in pages if not isinstance(one, dict)]
    for path, count in Counter(one.path for one in given).items():
        if count > 1:
            remedy = "give each page a path of its own"
            yield Breach("pages", "two pages have this path", path, remedy)
    if given and given[0].places:
        why, remedy = "the first page is about all places", "name no places there"
        yield Breach("pages", why, ", ".join(given[0].places), remedy)


def _check_crs(crs: Sequence[str]) -> Iterator[Breach]:
    if not crs:
        return
    from pyproj import CRS
    from pyproj.exceptions import CRSError

    for code in crs:
        try:
            CRS.from_user_input(code)
        except CRSError:
            remedy = "write codes such as EPSG:32637, or leave it out"
            yield Breach("crs", "no such coordinate system", code, remedy)


Zone = Annotated[str, AfterValidator(_check_zone)]
"""An IANA name of a time zone."""
PagePath = Annotated[
    str,
    Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=40),
    AfterValidator(_check_path),
]
SetId = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9-]*$"), AfterValidator(_check_set_id)]
PAGE_RULES = (_check_page_bounds,)
CASE_RULES = (
    _check_crs,
    _check_frame,
    _check_study_area,
    _check_default_days,
    _check_source_sets,
    _check_pages,
)
