"""The data classes of an import: options, detected properties, result, rejected rows."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, Self, TypeAlias

from geo.errors import GeoError

if TYPE_CHECKING:
    import pandas as pd
    from geopandas import GeoDataFrame

Verdict: TypeAlias = Literal["accept", "accept-with-warning", "reject"]
Level: TypeAlias = Literal["info", "warning", "error"]


class FileRejectedError(GeoError):
    """A file is rejected as a whole; the message gives the cause and the remedy."""

    def __init__(self, why: str, remedy: str) -> None:
        super().__init__(f"{why} {remedy}")
        self.why = why
        self.remedy = remedy


@dataclass(frozen=True)
class Message:
    """A message about the file as a whole."""

    level: Level
    text: str


@dataclass(frozen=True)
class RowFault:
    """One fault of one row, for which the row is rejected, or kept without its date."""

    file: str
    """The file's name; where it has several layers, followed by the layer's in brackets."""
    row: int
    """Data row of its layer, from 1; the header does not count."""
    field: str
    """The column, or "geometry"; empty for the whole row."""
    value: str
    """The faulty value, cut after 200 characters."""
    why: str
    remedy: str
    line: int | None = None
    """Line of a text file or row of a sheet, from 1; None for other formats."""
    layer: str = ""
    """Layer, sheet or folder of the row; empty where the file has none with a name."""

    @property
    def place(self) -> str:
        """The row's number and layer, such as "3 of “South”"."""
        return f"{self.row} of “{self.layer}”" if self.layer else f"{self.row}"


@dataclass(frozen=True)
class Repair:
    """A repair that is offered, or was made because ``ImportOptions.repairs`` has its id."""

    id: str
    what: str
    rows: int
    """Number of rows that it would change or accept."""
    made: bool = False


@dataclass(frozen=True)
class Detected:
    """What was detected in the file; each can be overridden by ImportOptions."""

    format: str = ""
    schema: str = ""
    """One of SCHEMA_NAMES; empty if the columns match none."""
    layers: tuple[str, ...] = ()
    """Every layer, sheet or folder that has rows."""
    layers_read: tuple[str, ...] = ()
    coordinates: tuple[str, ...] = ()
    """(latitude, longitude) or (x, y) columns, or one column that holds both."""
    other_coordinates: tuple[tuple[str, ...], ...] = ()
    """Columns that hold coordinates as well, best first; they can be chosen instead."""
    notation: str = ""
    """"decimal", "dms", "mgrs", "wkt", "pair" (latitude and longitude in one cell), "lonlat" (the
    same, longitude first), "xy"."""
    crs: str = ""
    """CRS of the coordinates in the file, such as EPSG:32637; the frame is in EPSG:4326."""
    date_from: str | None = None
    date_to: str | None = None
    """Columns of the first and the last day; the same column for instants."""
    day_first: bool | None = None
    """How 03/04/2024 was read: True 3 April, False 4 March; None without such dates."""
    time_zone: str | None = None
    """Time zone in which days are cut; None without times of day. Times that name no zone are in
    it too, unless the schema or the column's name says UTC."""
    label: str | None = None
    id: str | None = None
    encoding: str = ""
    delimiter: str = ""
    columns: tuple[str, ...] = ()
    """Every column of the frame except the geometry, in order."""


@dataclass(frozen=True)
class ImportOptions:
    """What a user sets in place of the detected values.

    None keeps the detected value; "" means none. Equal when every field is equal.
    """

    layer: str | None = None
    schema: str | None = None
    coordinates: tuple[str, ...] | None = None
    notation: str | None = None
    crs: str | None = None
    date_from: str | None = None
    date_to: str | None = None
    day_first: bool | None = None
    time_zone: str | None = None
    label: str | None = None
    id: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    repairs: tuple[str, ...] = ()

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """Return options from the output of ``asdict``, also after a round trip through JSON."""
        return cls(**{name: lists_to_tuples(value) for name, value in values.items()})


@dataclass(frozen=True, eq=False)
class ImportResult:
    """The result of importing one file. Equal only to itself."""

    name: str
    """The file's name as the user gave it: untrusted text."""
    verdict: Verdict
    frame: "GeoDataFrame"
    """Accepted rows, EPSG:4326, x = longitude: the file's columns unchanged, and ``geometry``.
    Index 0, 1, 2 …"""
    times: "pd.DataFrame"
    """On the frame's index: ``from`` and ``to`` as datetimes (UTC if any row has a time of day),
    NaT where undated; no columns if no date column was detected."""
    messages: tuple[Message, ...] = ()
    rejected: tuple[RowFault, ...] = ()
    """One entry for each fault, in row order, up to ``Limits.reported``."""
    rejected_count: int = 0
    """Number of rejected rows, listed or not."""
    detected: Detected = field(default_factory=Detected)
    repairs: tuple[Repair, ...] = ()
    undated: tuple[RowFault, ...] = ()
    """One entry for each date that is unreadable, partial or reversed, in row order, up to
    ``Limits.reported``: the row is kept without it."""

    @property
    def accepted(self) -> int:
        """Number of accepted rows."""
        return len(self.frame)


def lists_to_tuples(value: Any) -> Any:
    """Return a JSON value with its lists as tuples, nested ones too."""
    return tuple(map(lists_to_tuples, value)) if isinstance(value, list) else value
