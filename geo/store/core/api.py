"""The interface of every layer store: what it is asked, and what it returns."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol, TypeAlias, TypedDict, cast

import numpy as np
import pandas as pd
import pyarrow as pa
from geopandas import GeoDataFrame

from geo.errors import StoreError
from geo.text.escaping import replace_surrogates

Box: TypeAlias = tuple[float, float, float, float]
Allowed: TypeAlias = tuple[tuple[str, tuple[object, ...]], ...]

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]*")


@dataclass(frozen=True)
class LayerInfo:
    """What is known of a layer without reading its rows. Equal when every field is equal."""

    name: str
    """``[a-z0-9][a-z0-9_-]*``, from the catalogue or the file's stem."""
    title: str
    geometry: str
    """``"point"``, ``"line"``, ``"polygon"``, ``"mixed"`` or ``"none"``."""
    extent: Box | None
    """(xmin, ymin, xmax, ymax), EPSG:4326; None when no row has a geometry."""
    date_from: date | None
    date_to: date | None
    rows: int
    version: str
    """A short token that changes with the content of the file and with its catalogue entry. It
    is a content hash for files up to 64 MB, so that copies of a folder on other machines have
    the same one, and always in a database."""
    id_column: str | None
    """None: the id is the row's position in the file, as text (see :func:`row_ids`)."""
    time_columns: tuple[str, str] | None
    """(from, to); both the same for instants."""
    label_column: str | None
    attribution: str
    colour: str = ""
    """Drawing colour, ``#rrggbb``; empty: the map chooses one."""
    time_zone: str = "UTC"
    """IANA name of the zone in which days are cut, and in which times with a zone are returned."""


class NamedColumns(TypedDict, total=False):
    """Columns that somebody named; a missing key is detected, None means no such column."""

    id: str | None
    time: tuple[str, str] | None
    label: str | None


def find_missing_column(named: NamedColumns, columns: Collection[str]) -> str | None:
    """Return the first named column that is not among ``columns``, or None."""
    used = [named.get("id"), named.get("label"), *(named.get("time") or ())]
    return next((one for one in used if one is not None and one not in columns), None)


@dataclass(frozen=True)
class LayerSpec:
    """How a written layer is described.

    A column left as None is detected, as for a file without a catalogue entry; an empty name
    (or tuple) means that there is no such column.
    """

    title: str | None = None
    """The layer's name when None."""
    id_column: str | None = None
    time_columns: tuple[str, str] | tuple[()] | None = None
    label_column: str | None = None
    attribution: str = ""
    time_zone: str | None = None
    """IANA name of the zone in which days are cut; None: the case's (`core.time_zone`)."""

    @property
    def named_columns(self) -> NamedColumns:
        """The columns that are not to be detected."""
        given = {"id": self.id_column, "time": self.time_columns, "label": self.label_column}
        named = {role: column or None for role, column in given.items() if column is not None}
        return cast(NamedColumns, named)


@dataclass(frozen=True)
class LayerFault:
    """A layer that exists and cannot be read; the other layers are not affected."""

    name: str
    file: str
    """The file's name without its folder."""
    why: str
    remedy: str


@dataclass(frozen=True)
class Query:
    """Which rows of a layer are wanted. Every condition is optional; all of them must hold.

    A list, mapping or datetime argument is converted to its plain, hashable form, so that a
    query can be a dictionary key. Dates: see :mod:`geo.store.core.date_window`. StoreError is
    raised when the window runs backwards, or the box is not (xmin, ymin, xmax, ymax).
    """

    date_from: date | None = None
    date_to: date | None = None
    """First and last day wanted, both included; None leaves that side open."""
    undated: bool = True
    """Whether a window keeps undated rows. Without a window they are always kept."""
    ids: tuple[str, ...] | None = None
    bbox: Box | None = None
    """(xmin, ymin, xmax, ymax), EPSG:4326. Keeps rows whose geometry intersects it, and no row
    without a geometry or with a coordinate that is not finite."""
    where: Mapping[str, tuple[object, ...]] | Allowed = field(default=())
    """Column -> allowed values. On a column of lists any member counts; None allows an empty
    cell; a date allows any time on that day."""
    time_columns: tuple[str, str] | None = None
    """(from, to): other columns than the layer's own whose days the window is of."""

    def __post_init__(self) -> None:
        """Normalise the arguments."""
        for name in ("date_from", "date_to"):
            value = getattr(self, name)
            object.__setattr__(self, name, value.date() if isinstance(value, datetime) else value)
        if self.date_from and self.date_to and self.date_from > self.date_to:
            msg = (
                f"The window {self.date_from.isoformat()!r} to {self.date_to.isoformat()!r} runs "
                "backwards: no day is in it. Swap the two ends."
            )
            raise StoreError(msg)
        if self.ids is not None:
            object.__setattr__(self, "ids", tuple(str(one) for one in _to_values(self.ids)))
        if self.bbox is not None:
            object.__setattr__(self, "bbox", _parse_box(self.bbox))
        pairs = self.where.items() if isinstance(self.where, Mapping) else self.where
        object.__setattr__(self, "where", tuple((name, _to_values(some)) for name, some in pairs))

    @property
    def allowed(self) -> Allowed:
        """``where`` in its plain form, pairs of (column, allowed values)."""
        return cast(Allowed, self.where)

    @property
    def windowed(self) -> bool:
        """Whether a date window is set."""
        return self.date_from is not None or self.date_to is not None

    def find_time_columns(self, info: LayerInfo) -> tuple[str, str] | None:
        """Return the columns whose days the window is of; None if the layer has none."""
        return self.time_columns or info.time_columns


EVERYTHING = Query()
DETECT_ALL = LayerSpec()


@dataclass(frozen=True)
class Batch:
    """Consecutive rows: columns as an Arrow table, geometries as WKB (EPSG:4326), null if none.

    ``places`` is None where geometries were not requested.
    """

    data: pa.Table
    places: pa.Array | None


class LayerStore(Protocol):
    """A collection of layers. Thread-safe; hashable by identity."""

    def __hash__(self) -> int:
        """Identify the store, so that results computed from it can be cached."""
        return object.__hash__(self)

    def layers(self) -> tuple[LayerInfo, ...]:
        """Every layer that can be read, in catalogue order, then by name."""

    def layer(self, name: str) -> LayerInfo:
        """One layer; raises LayerNotFoundError or LayerUnreadableError."""

    def faults(self) -> tuple[LayerFault, ...]:
        """The layers that exist and cannot be read, each with a remedy."""

    def read(self, name: str, query: Query = ...) -> GeoDataFrame:
        """Read rows of a layer, EPSG:4326, in file order.

        The frame has the layer's columns and ``geometry`` (x = longitude, y = latitude). The index
        is the row's position in the file. The id column is text, time columns are datetimes if
        every value is a date, times with a zone are in the layer's zone, lists are tuples, nested
        objects are JSON text. The caller may change the frame: nothing else shares its data.

        Raises as `layer` does, and StoreError when ``query.where`` names a column that the layer
        does not have.
        """

    def find_owner(self, name: str) -> LayerStore:
        """Return the store that holds a layer itself, so that what is computed is shared."""
        return self

    def batch_columns(self, name: str) -> tuple[str, ...] | None:
        """Return a layer's columns in order; None if it can only be read whole."""

    def read_batches(
        self, name: str, columns: Sequence[str], *, places: bool = False
    ) -> Iterator[Batch]:
        """Yield these columns of all rows of a layer, in file order, each row once."""

    def read_positions(self, name: str, positions: np.ndarray) -> GeoDataFrame:
        """Read the rows at these positions (ascending), in the form that `read` returns.

        LayerUnreadableError is raised also when the layer was replaced by one with fewer rows.
        """

    def write(
        self, name: str, rows: GeoDataFrame, spec: LayerSpec = ..., *, new: bool = False
    ) -> LayerInfo:
        """Create or replace a layer, completely or not at all.

        LayerExistsError is raised with ``new``, when a layer of that name exists; StoreError when
        the rows cannot be stored: an existing layer is then unchanged.
        """

    def remove(self, name: str) -> None:
        """Delete a layer."""

    def version(self) -> str:
        """A short token that changes when any layer or fault changes."""

    def shared_version(self) -> str:
        """The version of the layers that every reader sees: that of a link."""
        return self.version()


def row_ids(frame: GeoDataFrame, info: LayerInfo) -> pd.Series:
    """Return the id of every row of a frame that a store read, as text, on the frame's index."""
    if info.id_column is None:
        return pd.Series(frame.index.astype(str), index=frame.index, dtype="str")
    return frame[info.id_column]


def check_name(name: object) -> str:
    """Return ``name`` if it is a valid layer name, else raise StoreError."""
    if not isinstance(name, str) or len(name) > 100 or not _NAME.fullmatch(name):
        msg = (
            f"{name!r} cannot name a layer: a name has up to 100 of a-z, 0-9, '-' and '_', and "
            "begins with a letter or digit. Choose such a name and put the rest in the title."
        )
        raise StoreError(msg)
    return name


def is_finite_box(box: Box | None) -> bool:
    """Whether there is a box and all of its sides are finite."""
    return box is not None and all(math.isfinite(side) for side in box)


def _parse_box(box: Iterable[float]) -> Box:
    try:
        xmin, ymin, xmax, ymax = (float(number) for number in box)
        good = xmin <= xmax and ymin <= ymax  # False for NaN
    except (TypeError, ValueError):
        good = False
    if not good:
        msg = (
            f"{box!r} is not a box: it takes four numbers (xmin, ymin, xmax, ymax) in degrees, "
            "longitude first, the smaller of each pair first."
        )
        raise StoreError(msg)
    return xmin, ymin, xmax, ymax


def _to_values(some: object) -> tuple[object, ...]:
    """Return values as a tuple; a single value, such as a text, becomes a tuple of itself.

    A text with a lone surrogate (as a link may carry) is dropped: no stored value equals it.
    """
    several = isinstance(some, Iterable) and not isinstance(some, (str, bytes))
    values = tuple(cast(Iterable[object], some)) if several else (some,)
    return tuple(v for v in values if not isinstance(v, str) or replace_surrogates(v) == v)
