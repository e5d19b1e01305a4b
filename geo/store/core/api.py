"""What a layer store is: the questions it answers and the shapes of its answers."""

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Protocol, TypeAlias

import pandas as pd
from geopandas import GeoDataFrame

from geo.errors import StoreError

if TYPE_CHECKING:
    from geo.store.bulk.row_stream import RowStream

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
    """(xmin, ymin, xmax, ymax), EPSG:4326; None when no row has a place."""
    date_from: date | None
    date_to: date | None
    rows: int
    version: str
    """A short token that changes when the content of the file, or what the catalogue says of
    it, changes. For files up to 64 MB it is a hash of the content, so that copies of a folder
    on other machines have the same one; in a database it always is."""
    id_column: str | None
    """None: the row's position in the file, as text, is the id (see :func:`row_ids`)."""
    time_columns: tuple[str, str] | None
    """(from, to); both the same for instants."""
    label_column: str | None
    attribution: str
    colour: str = ""
    """What it is drawn in, ``#rrggbb``; empty leaves the choice to the map."""


@dataclass(frozen=True)
class LayerFault:
    """A layer that is there and cannot be read; the other layers are not touched by it."""

    name: str
    file: str
    """The file's name only, without its folder."""
    why: str
    remedy: str


@dataclass(frozen=True)
class Query:
    """Which rows of a layer are wanted. Everything is optional, and all of it must hold.

    A list, a mapping or a datetime that is passed in is turned into its plain, hashable form,
    so that a query can be a key. Dates: see :mod:`geo.store.core.date_window`.

    Raises
    ------
    StoreError
        When the window runs backwards, or the box is not (xmin, ymin, xmax, ymax).
    """

    date_from: date | None = None
    date_to: date | None = None
    """First and last day wanted, both included; None leaves that side open."""
    undated: bool = True
    """Whether rows with neither end are kept. Without a window they are, whatever this says."""
    ids: tuple[str, ...] | None = None
    bbox: Box | None = None
    """(xmin, ymin, xmax, ymax), EPSG:4326. A row is in it when its geometry touches it; a row
    without a geometry, or with a coordinate that is not finite, never is."""
    where: Mapping[str, tuple[object, ...]] | Allowed = field(default=())
    """Column -> allowed values. On a column of lists any member counts; None allows an empty
    cell; a date allows any time on that day."""

    def __post_init__(self) -> None:
        """Normalise what a caller may pass, once, here."""
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
            object.__setattr__(self, "ids", tuple(str(one) for one in _values(self.ids)))
        if self.bbox is not None:
            object.__setattr__(self, "bbox", _box(self.bbox))
        pairs = self.where.items() if isinstance(self.where, Mapping) else self.where
        object.__setattr__(self, "where", tuple((name, _values(some)) for name, some in pairs))

    @property
    def allowed(self) -> Allowed:
        """``where`` in its plain form, pairs of (column, allowed values)."""
        return self.where  # type: ignore[return-value]

    @property
    def windowed(self) -> bool:
        """Whether a date window is set."""
        return self.date_from is not None or self.date_to is not None


class LayerStore(Protocol):
    """Where layers live. Safe to share between threads; hashable, by identity.

    One that holds big layers has the methods of `batches.PartwiseStore` too; from any
    other they are read whole, once a version.
    """

    def __hash__(self) -> int:
        """Tell stores apart, so that what was computed from one can be remembered by it."""
        ...

    def layers(self) -> tuple[LayerInfo, ...]:
        """Every layer that can be read, in catalogue order, then by name."""

    def layer(self, name: str) -> LayerInfo:
        """One layer; LayerNotFoundError or LayerUnreadableError when there is none to read."""

    def faults(self) -> tuple[LayerFault, ...]:
        """The layers that are there and cannot be read, and what to do about each."""

    def read(self, name: str, query: Query = ...) -> GeoDataFrame:
        """Rows of a layer, EPSG:4326, in file order.

        Returns
        -------
        GeoDataFrame
            The layer's columns and ``geometry`` (x = longitude, y = latitude). The index is
            the row's position in the file. The id column is text, time columns are datetimes
            wherever every value is a date, lists are tuples, nested objects are JSON text.
            The frame is the caller's own: changing it changes nothing else.

        Raises
        ------
        LayerNotFoundError, LayerUnreadableError
        StoreError
            When ``query.where`` names a column that the layer does not have.
        """

    def write(
        self,
        name: str,
        frame: "GeoDataFrame | RowStream",
        *,
        title: str | None = None,
        id_column: str | None = None,
        time_columns: tuple[str, str] | tuple[()] | None = None,
        label_column: str | None = None,
        attribution: str = "",
        new: bool = False,
    ) -> LayerInfo:
        """Make or replace a layer, whole or not at all; StoreError says what cannot be stored.

        Its rows come as a frame, or as parts of one that is never held whole.

        With ``new``, a layer of that name that is there already stays: LayerExistsError.

        A column that is not named is guessed, as for a file that no catalogue names; an empty
        name says that there is none.
        """

    def remove(self, name: str) -> None:
        """Take a layer away."""

    def version(self) -> str:
        """A short token over all layers; changes when any layer does."""


def row_ids(frame: GeoDataFrame, info: LayerInfo) -> pd.Series:
    """The id of every row of a frame that a store read, as text, on the frame's index."""
    if info.id_column is None:
        return pd.Series(frame.index.astype(str), index=frame.index, dtype="str")
    return frame[info.id_column]


def check_name(name: str) -> str:
    """Return ``name`` if it can name a layer, else raise StoreError."""
    if not isinstance(name, str) or len(name) > 100 or not _NAME.fullmatch(name):
        msg = (
            f"{name!r} cannot name a layer: a name has up to 100 of a-z, 0-9, '-' and '_', and "
            "begins with a letter or digit. Choose such a name and put the rest in the title."
        )
        raise StoreError(msg)
    return name


def _box(box: object) -> Box:
    try:
        xmin, ymin, xmax, ymax = (float(number) for number in box)  # type: ignore[attr-defined]
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


def _values(some: object) -> tuple[object, ...]:
    """Values as a tuple; one alone means itself: a text is not a list of letters.

    A text with half a character (a lone surrogate, as a link may carry) is left out: no stored
    value can be equal to it.
    """
    several = isinstance(some, Iterable) and not isinstance(some, (str, bytes))
    values = tuple(some) if several else (some,)  # type: ignore[arg-type]
    return tuple(value for value in values if not isinstance(value, str) or _is_text(value))


def _is_text(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def is_finite_box(box: Box | None) -> bool:
    """Whether there is a box, and all of its sides are finite."""
    return box is not None and all(math.isfinite(side) for side in box)
