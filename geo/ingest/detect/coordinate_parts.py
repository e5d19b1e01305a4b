"""Coordinates that are split over columns: minutes, seconds and direction beside degrees."""

import pandas as pd

from geo.ingest.base.column_types import cells_as_text
from geo.ingest.detect.coordinate_names import fold, read_name, split_name
from geo.ingest.detect.coordinate_text import plain_cells

_MINUTES = frozenset(("min", "mins", "minute", "minutes", "minuten", "mn"))
_SECONDS = frozenset(("sec", "secs", "second", "seconds", "sekunden", "ss"))
_DIRECTIONS = frozenset(("ref", "hem", "hemi", "hemisphere", "dir", "direction", "indicator"))
_ROLES = (("minutes", _MINUTES), ("seconds", _SECONDS), ("direction", _DIRECTIONS))
_MAXIMUM = frozenset(("max", "maximum"))
_SIDES = {"lat": ("n", "s"), "lon": ("e", "w")}


def find_parts(data: pd.DataFrame, column: str) -> dict[str, str]:
    """Return the columns "minutes", "seconds" and "direction" that belong to a column of degrees.

    Minutes are beside whole degrees only, and never where there is a maximum as well.
    """
    axis = read_name(column)
    if axis is None or axis.axis not in _SIDES:
        return {}
    found: dict[str, str] = {}
    bounds = False
    for name in data.columns:
        words = split_name(name)
        for role, known in (
            ("minutes", _MINUTES),
            ("seconds", _SECONDS),
            ("direction", _DIRECTIONS),
        ):
            hit = known.intersection(words)
            bare = read_name(" ".join(word for word in words if word not in hit))
            if hit and bare and (bare.axis, bare.rest) == (axis.axis, axis.rest):
                found.setdefault(role, name)
        bounds |= bool(_MAXIMUM.intersection(words))
        sides = [word for word in words if word not in _DIRECTIONS]
        if sorted("".join(sides)) == sorted(_SIDES[axis.axis]) and len(sides) <= 2:
            found.setdefault("direction", name)
    if "direction" in found and not _is_direction(data[found["direction"]], axis.axis):
        del found["direction"]
    if bounds or not _is_whole(data[column]):
        found = {role: name for role, name in found.items() if role == "direction"}
    return found


def join_parts(data: pd.DataFrame, column: str) -> list[str]:
    """Return the cells of a column of degrees, with those of its parts, as text."""
    parts = find_parts(data, column)
    cells = _cells(data[column])
    if not parts:
        return cells
    minutes, seconds, direction = (
        _cells(data[parts[role]]) if role in parts else [""] * len(data)
        for role in ("minutes", "seconds", "direction")
    )
    return [
        " ".join(
            part
            for part in (
                f"{cell}°" if cell and minute else cell,
                f"{minute}'" if cell and minute else "",
                f'{second}"' if cell and minute and second else "",
                side[:1] if cell and cell[0] not in "-" else "",
            )
            if part
        )
        for cell, minute, second, side in zip(cells, minutes, seconds, direction, strict=True)
    ]


def _cells(column: pd.Series) -> list[str]:
    return [cell.removesuffix(".0") for cell in plain_cells(column)]


def _is_direction(column: pd.Series, axis: str) -> bool:
    cells = [fold(cell)[:1] for cell in cells_as_text(column) if cell]
    return bool(cells) and all(cell in (*_SIDES[axis], "o") for cell in cells)


def _is_whole(column: pd.Series) -> bool:
    return all(cell.lstrip("-").isdecimal() for cell in _cells(column) if cell)
