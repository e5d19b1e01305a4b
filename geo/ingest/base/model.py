"""What reading somebody's file comes to: rows, guesses, and everything that was wrong, in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

if TYPE_CHECKING:
    import pandas as pd
    from geopandas import GeoDataFrame

from geo.errors import GeoError

Verdict: TypeAlias = Literal["accept", "accept-with-warning", "reject"]
Level: TypeAlias = Literal["info", "warning", "error"]

NOTATIONS = ("decimal", "dms", "mgrs", "wkt", "pair", "xy")
"""What ``Choices.notation`` may be; see :class:`Guess`."""
SHAPES = ("ACLED", "MarineCadastre AIS", "OpenSky states", "NASA FIRMS", "GeoConfirmed")
"""What ``Choices.shape`` may be, beside "" for none."""


class FileRejectedError(GeoError):
    """A file as a whole cannot be taken: why, and what to do."""

    def __init__(self, why: str, remedy: str) -> None:
        super().__init__(f"{why} {remedy}")
        self.why = why
        self.remedy = remedy


@dataclass(frozen=True)
class Message:
    """One thing to say of the file. A warning or an error is never only information."""

    level: Level
    text: str


@dataclass(frozen=True)
class RejectedRow:
    """One fault of one row that is therefore not among the accepted ones."""

    file: str
    """The file's name; where it has several layers, the layer's in brackets behind it."""
    row: int
    """Data row of its layer, from 1; the header does not count."""
    field: str
    """The column, or "geometry"; empty where the whole row is meant."""
    value: str
    """What stands there, cut after 200 characters."""
    why: str
    remedy: str
    line: int | None = None
    """Where the row stands, from 1: the line of a text file, the row of a workbook's sheet; None
    for other files."""


@dataclass(frozen=True)
class Repair:
    """A change that can be made; it is made only when ``Choices.repairs`` names its id."""

    id: str
    what: str
    rows: int
    """How many rows it would change or bring back."""


@dataclass(frozen=True)
class Detected:
    """How the file was understood; each of these can be set otherwise through Choices."""

    format: str = ""
    shape: str = ""
    """A known kind of table: "ACLED", "MarineCadastre AIS", "OpenSky states", "NASA FIRMS",
    "GeoConfirmed"; empty when it is none of them."""
    layers: tuple[str, ...] = ()
    """Every layer, sheet or folder of the file that holds rows."""
    layers_read: tuple[str, ...] = ()
    coordinates: tuple[str, ...] = ()
    """(latitude, longitude) or (x, y) columns, or one column that holds both."""
    notation: str = ""
    """"decimal", "dms", "mgrs", "wkt", "pair" (latitude and longitude in one cell), "xy"."""
    crs: str = ""
    """The system that the coordinates were in, such as EPSG:32637; the frame is in EPSG:4326."""
    date_from: str | None = None
    date_to: str | None = None
    """Columns of the first and the last day; the same for instants."""
    day_first: bool | None = None
    """How 03/04/2024 was read: True 3 April, False 4 March; None when no date asked for it."""
    time_zone: str | None = None
    """Of times that name none themselves; None when there is no time of day."""
    label: str | None = None
    id: str | None = None
    encoding: str = ""
    delimiter: str = ""
    columns: tuple[str, ...] = ()
    """Every column of the frame but the geometry, in order: what Choices may name."""


@dataclass(frozen=True)
class ImportOptions:
    """What a person says instead of the guesses. None leaves a guess; "" says there is none.

    Equal when every field is equal.
    """

    layer: str | None = None
    shape: str | None = None
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

    def as_dict(self) -> dict[str, Any]:
        """Return the choices as plain values for JSON."""
        return asdict(self)

    @classmethod
    def from_dict(cls, said: Mapping[str, Any]) -> ImportOptions:
        """Return choices from what :meth:`as_dict` gave; unknown names are left out."""
        known = {one.name for one in fields(cls)}
        plain: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value
            for name, value in said.items()
            if name in known
        }
        return cls(**plain)


@dataclass(frozen=True, eq=False)
class ImportResult:
    """What came of a file. Equal only to itself."""

    name: str
    """The file's name as it was given: a text of somebody else."""
    verdict: Verdict
    frame: GeoDataFrame
    """Accepted rows, EPSG:4326, x = longitude: the file's columns as they stand, and
    ``geometry``. Index 0, 1, 2 …"""
    times: pd.DataFrame
    """On the frame's index: ``from`` and ``to`` as datetimes (UTC where any row has a time of
    day with a zone), NaT where undated; without columns when no date column was found."""
    messages: tuple[Message, ...] = ()
    set_aside: tuple[RejectedRow, ...] = ()
    """One entry a fault, in the order of the rows, at most as many as the setting says."""
    set_aside_rows: int = 0
    """How many rows were set aside, whether listed or not."""
    guessed: Detected = field(default_factory=Detected)
    repairs: tuple[Repair, ...] = ()

    @property
    def accepted(self) -> int:
        """Number of accepted rows."""
        return len(self.frame)

    def as_layer(self) -> tuple[GeoDataFrame, tuple[str, str] | None]:
        """Return a frame that a store can write, and its time columns.

        Columns that mix kinds of values become text. Where a store would not understand the
        date columns as they stand, two columns with the dates as they were read are put behind.
        """
        from geo.ingest.to_store import as_layer

        return as_layer(self)
