"""What is found wrong while a file is read, gathered: nothing stops at the first fault."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd
from pyproj import CRS

from geo.ingest.base.limits import Limits
from geo.ingest.base.model import Detected, Level, Message, RejectedRow, Repair
from geo.ingest.base.safe_text import printable

_ROWS_NAMED = 5


@dataclass
class Diagnostics:
    """Messages, faults and offered repairs of one reading."""

    file: str
    limits: Limits
    wanted: frozenset[str] = frozenset()
    """Ids of the repairs that were chosen."""
    messages: list[Message] = field(default_factory=list)
    faults: list[RejectedRow] = field(default_factory=list)
    repairs: dict[str, Repair] = field(default_factory=dict)
    lost: int = 0
    """Rows that were set aside before there was a table."""
    faulty: int = 0
    """Faults found, listed or not."""
    guessed: Detected = field(default_factory=Detected)
    """What is known so far: also of a file that is refused half-way."""

    def add_message(self, level: Level, text: str) -> None:
        """Add a message once."""
        message = Message(level, text)
        if message not in self.messages:
            self.messages.append(message)

    def learn(self, **guesses: Any) -> None:
        """Note how the file is understood; see :class:`geo.ingest.base.model.Guess`."""
        self.guessed = replace(self.guessed, **guesses)

    def offer_repair(self, repair: str, what: str, rows: int) -> bool:
        """Offer a repair; return whether it was chosen, and then say that it is made."""
        if repair in self.wanted:
            self.add_message("info", f"Repaired, as chosen: {what} ({counted(rows, 'row')}).")
            return True
        self.repairs[repair] = Repair(repair, what, rows)
        return False

    def reject_line(
        self, layer: str, row: int, value: str, why: str, remedy: str, line: int | None = None
    ) -> None:
        """Report a row that does not even become part of a table."""
        self.lost += 1
        self.faulty += 1
        if self.lost <= self.limits.reported:
            one = RejectedRow(self.source(layer), row, "", printable(value), why, remedy, line)
            self.faults.append(one)

    def source(self, layer: str) -> str:
        """Return the file's name, with that of a layer in brackets."""
        return f"{self.file} ({layer})" if layer else self.file


@dataclass
class RawTable:
    """The rows of one layer, good and bad, with where they stand in the file."""

    name: str
    data: pd.DataFrame
    """The file's columns, without geometry; index 0, 1, 2 …"""
    rows: np.ndarray
    """Data row of each, from 1."""
    shapes: np.ndarray | None = None
    """shapely geometries or None, in ``crs``; None as a whole: they are in columns."""
    crs: CRS | None = None
    """None: the file does not name one."""
    lines: np.ndarray | None = None
    layers: np.ndarray | None = None
    """Name of the layer of each row, where several were put together."""
    bad: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=bool))
    """Rows that are set aside."""
    placeless: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=bool))
    """Rows of which it has been reported that they have no usable place."""
    latitude: str | None = None
    """The column of latitudes, where places came from two columns of degrees."""

    def __post_init__(self) -> None:
        """Begin with no bad row."""
        if len(self.bad) != len(self.data):
            self.bad = np.zeros(len(self.data), dtype=bool)
        if len(self.placeless) != len(self.data):
            self.placeless = np.zeros(len(self.data), dtype=bool)

    def set_aside(
        self,
        log: Diagnostics,
        where: np.ndarray | Sequence[int],
        column: str,
        values: Sequence[object] | np.ndarray | pd.Series | None,
        why: str | Sequence[str],
        remedy: str,
    ) -> None:
        """Set rows aside and report them, as many as the limit says.

        Parameters
        ----------
        where
            Positions, or one bool a row.
        values
            One a row of the table; None: the cells of ``column``.
        why
            One for all, or one a position.
        """
        at = np.asarray(where)
        at = np.flatnonzero(at) if at.dtype == bool else at.astype(int)
        if not len(at):
            return
        self.bad[at] = True
        log.faulty += len(at)
        cells = self.data[column] if values is None else values
        for number, position in enumerate(at[: log.limits.reported]):
            cell = cells.iloc[position] if isinstance(cells, pd.Series) else cells[position]
            layer = self.name if self.layers is None else str(self.layers[position])
            log.faults.append(
                RejectedRow(
                    log.source(layer),
                    int(self.rows[position]),
                    column,
                    printable(cell),
                    why if isinstance(why, str) else why[number],
                    remedy,
                    None if self.lines is None else int(self.lines[position]),
                )
            )

    def named(self, where: np.ndarray) -> str:
        """Return "row 3" or "rows 3, 7, 9 and 12 more" for a message; one bool a row."""
        numbers = self.rows[np.flatnonzero(where)]
        few = ", ".join(str(number) for number in numbers[:_ROWS_NAMED])
        more = len(numbers) - _ROWS_NAMED
        word = "row" if len(numbers) == 1 else "rows"
        return f"{word} {few}" + (f" and {more:,} more" if more > 0 else "")


def counted(number: int, noun: str, plural: str = "") -> str:
    """Return "1 row", "2 rows"."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def listed(names: Iterable[object], most: int = 8) -> str:
    """Return names in quotation marks, at most so many, for a message."""
    some = [printable(name, 60) for name in names]
    text = ", ".join(f"“{name}”" for name in some[:most])
    return text + (f" and {len(some) - most} more" if len(some) > most else "")
