"""What is collected while a file is read: rows, messages, rejected rows, repairs, detections."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from pyproj import CRS

from geo.ingest.base import model
from geo.ingest.base.limits import Limits
from geo.ingest.base.model import ImportOptions, Level
from geo.ingest.base.safe_text import format_count, printable

_ROWS_NAMED = 5
Rows = np.ndarray | Sequence[int]
"""Positions, or one bool a row."""


@dataclass
class Diagnostics:
    """The state of one import; an import does not stop at the first fault."""

    file: str
    limits: Limits
    options: ImportOptions = field(default_factory=ImportOptions)
    messages: list[model.Message] = field(default_factory=list)
    rejected: list[model.RowFault] = field(default_factory=list)
    """At most ``limits.reported`` for each check."""
    undated: list[model.RowFault] = field(default_factory=list)
    """Faults of rows that are kept without a date; at most ``limits.reported`` for each check."""
    repairs: dict[str, model.Repair] = field(default_factory=dict)
    rejected_lines: int = 0
    """Rows that were rejected before there was a table."""
    fault_count: int = 0
    """All faults, whether they are in ``rejected`` or not."""
    detected: model.Detected = field(default_factory=model.Detected)
    """What is detected so far, also for a file that is rejected later."""
    encoding: str = ""
    delimiter: str = ""
    layers: tuple[str, ...] = ()
    """Set by readers, and part of ``detected`` once the file is read. ``layers`` has the names of
    all layers with rows, where not all are read."""

    def warn(self, text: str) -> None:
        """Add a warning unless it is there already."""
        self.add_message("warning", text)

    def inform(self, text: str) -> None:
        """Add a message that is no warning unless it is there already."""
        self.add_message("info", text)

    def add_message(self, level: Level, text: str) -> None:
        """Add a message unless it is there already."""
        message = model.Message(level, text)
        if message not in self.messages:
            self.messages.append(message)

    def offer_repair(self, repair: str, what: str, rows: int) -> bool:
        """Offer a repair; if it was chosen, report it as made, and return whether it was."""
        made = repair in self.options.repairs
        if made:
            self.inform(f"As chosen: {what} ({format_count(rows, 'row')}).")
        self.repairs[repair] = model.Repair(repair, what, rows, made)
        return made

    def reject_line(
        self, row: int, value: str, why: str, remedy: str, line: int | None = None
    ) -> None:
        """Reject a row that cannot become part of a table."""
        self.rejected_lines += 1
        self.fault_count += 1
        if self.rejected_lines <= self.limits.reported:
            value = printable(value)
            self.rejected.append(model.RowFault(self.file, row, "", value, why, remedy, line))


@dataclass
class RawTable:
    """The rows of one layer, with their position in the file."""

    name: str
    data: pd.DataFrame
    """The file's columns, without geometry; index 0, 1, 2 …"""
    rows: np.ndarray
    """Number of each data row, from 1."""
    geometries: np.ndarray | None = None
    """shapely geometries or None, in ``crs``; None as a whole: coordinates are in columns."""
    crs: CRS | None = None
    """None: the file does not name one."""
    lines: np.ndarray | None = None
    layers: np.ndarray | None = None
    """Layer of each row, where several layers were combined."""
    rejected: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=bool))
    no_geometry: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=bool))
    """Rows already reported to have no usable geometry."""
    open_rings: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=bool))
    """Rows with a ring that did not end where it began, and was closed."""
    latitude_column: str | None = None
    """Set where the geometries were built from two columns of degrees."""

    def __post_init__(self) -> None:
        if len(self.rejected) != len(self.data):
            self.rejected, self.no_geometry = np.zeros((2, len(self.data)), dtype=bool)
        if len(self.open_rings) != len(self.data):
            self.open_rings = np.zeros(len(self.data), dtype=bool)

    def reject_rows(
        self,
        log: Diagnostics,
        where: Rows,
        column: str,
        why: str | Sequence[str],
        remedy: str,
        value_at: Callable[[int], object] | None = None,
    ) -> None:
        """Reject rows and report them, up to the limit.

        ``why`` is one reason for all, or one for each rejected row. ``value_at`` returns the
        faulty value at a position; None: the cells of ``column``.
        """
        at = np.asarray(where)
        at = np.flatnonzero(at) if at.dtype == bool else at.astype(int)
        if not len(at):
            return
        self.rejected[at] = True
        log.fault_count += len(at)
        log.rejected += self._list_faults(log, at, column, why, remedy, value_at)

    def keep_undated(
        self, log: Diagnostics, at: np.ndarray, column: str, why: Sequence[str], remedy: str
    ) -> None:
        """Report faulty dates of rows at positions; a row that is rejected already stays so."""
        faults = self._list_faults(log, at, column, why, remedy, None)
        for position, fault in zip(at.tolist(), faults, strict=False):
            (log.rejected if self.rejected[position] else log.undated).append(fault)

    def _list_faults(
        self,
        log: Diagnostics,
        at: np.ndarray,
        column: str,
        why: str | Sequence[str],
        remedy: str,
        value_at: Callable[[int], object] | None,
    ) -> list[model.RowFault]:
        value_at = value_at or self.data[column].array.__getitem__
        faults = []
        for number, position in enumerate(at[: log.limits.reported].tolist()):
            layer = self.name if self.layers is None else str(self.layers[position])
            faults.append(
                model.RowFault(
                    f"{log.file} ({printable(layer)})" if layer else log.file,
                    int(self.rows[position]),
                    column,
                    printable(value_at(position)),
                    why if isinstance(why, str) else why[number],
                    remedy,
                    None if self.lines is None else int(self.lines[position]),
                    printable(layer, 60),
                )
            )
        return faults

    def reject_geometries(
        self,
        log: Diagnostics,
        where: Rows,
        why: str | Sequence[str],
        remedy: str,
        value_at: Callable[[int], object] = lambda _: "",
    ) -> None:
        """Reject rows for their geometry, so that no later check reports it again."""
        self.reject_rows(log, where, "geometry", why, remedy, value_at)
        self.no_geometry[where] = True

    def describe_rows(self, where: np.ndarray) -> str:
        """Return "row 3", "rows 3, 7 and 12 more" or "row 3 of “South”" for a mask of rows."""
        at = np.flatnonzero(where)
        more = len(at) - _ROWS_NAMED
        runs: list[tuple[str, list[str]]] = []
        for position in at[:_ROWS_NAMED]:
            layer = "" if self.layers is None else printable(self.layers[position], 60)
            if not runs or runs[-1][0] != layer:
                runs.append((layer, []))
            runs[-1][1].append(str(self.rows[position]))
        few = ", ".join(
            ", ".join(numbers) + (f" of “{layer}”" if layer else "") for layer, numbers in runs
        )
        word = "row" if len(at) == 1 else "rows"
        return f"{word} {few}" + (f" and {more:,} more" if more > 0 else "")
