"""Keeps a copy of the database's catalogue, and monitors whether the database answers.

The counter in ``briefing_map.state`` shows whether the catalogue changed. Its value is cached
briefly. A database that does not answer is not asked again for a moment; until it answers, its
layers count as unreadable, so that old rows are not shown as current.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from geo.errors import StoreAwayError
from geo.store.core.api import LayerFault, LayerInfo, NamedColumns
from geo.store.folder.catalogue import CatalogueEntry
from geo.store.postgis.column_codec import StoredColumn, decode_columns, encode_columns
from geo.store.postgis.engine import FAILURES, DatabaseTimeouts, explain, get_sqlstate
from geo.store.postgis.schema import HEAD, layer_table, layers, migrated, state

log = logging.getLogger(__name__)
PLACE = "database"
_SHARED = [one.name for one in fields(LayerInfo) if one.name in layers.c]
_OTHER_VERSION = (
    "The tables of the layer database are of another version ({found}) than the program ({own}).",
    "Run python -m geo store-upgrade with the newer of the two programs, and use that one.",
)


@dataclass(frozen=True)
class TableEntry:
    """A layer, its table and columns, its size in bytes of CSV, and its content hash."""

    info: LayerInfo
    table: sa.Table
    columns: tuple[StoredColumn, ...]
    size: int
    content: str

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the layer's columns in order, without the geometry."""
        return tuple(one.name for one in self.columns)


@dataclass(frozen=True)
class CatalogueState:
    """The catalogue as it was last read. ``problem``: why it cannot be read now, and a remedy."""

    revision: int | None = None
    entries: Mapping[str, TableEntry] = field(default_factory=dict)
    problem: tuple[str, str] | None = None

    @property
    def infos(self) -> tuple[LayerInfo, ...]:
        """The layers that can be read now."""
        return () if self.problem else tuple(entry.info for entry in self.entries.values())

    @property
    def faults(self) -> tuple[LayerFault, ...]:
        """The layers that exist and cannot be read now."""
        if not self.problem:
            return ()
        names = list(self.entries) or [PLACE]
        return tuple(LayerFault(name, PLACE, *self.problem) for name in names)


class CatalogueMonitor:
    """Refreshes the catalogue's state. Thread-safe; one thread asks, the others wait for it."""

    def __init__(self, engine: sa.Engine, timeouts: DatabaseTimeouts) -> None:
        self._engine = engine
        self._timeouts = timeouts
        self._lock = threading.Lock()
        self._state = CatalogueState()
        self._until = float("-inf")

    def get_state(self) -> CatalogueState:
        """Return the current state.

        Raises StoreAwayError when the database has never answered: its layers are not known, so
        that other layers might be shown in their place.
        """
        # While the database is away, only the thread that asks waits for the answer.
        if time.monotonic() >= self._until and self._lock.acquire(blocking=not self._state.problem):
            try:
                if time.monotonic() >= self._until:
                    self._update()
            finally:
                self._lock.release()
        now = self._state
        if now.problem and now.revision is None:
            raise StoreAwayError(" ".join(now.problem))
        return now

    def invalidate(self) -> None:
        """Ask the database again at the next call."""
        self._until = float("-inf")

    def report_lost(self, error: Exception) -> None:
        """Record that the database stopped answering."""
        with self._lock:
            self._set_problem(error)

    def _update(self) -> None:
        try:
            with self._engine.connect() as connection:
                connection = connection.execution_options(isolation_level="AUTOCOMMIT")
                revision = connection.scalar(sa.select(state.c.revision))
            if revision != self._state.revision or self._state.problem:
                before, self._state = self._state, self._read_catalogue()
                if before.problem and not self._state.problem:
                    log.warning("layer database: it answers again")
        except PoolTimeoutError as error:
            if self._state.revision is None:
                self._set_problem(error)
            self._until = time.monotonic() + self._timeouts.look  # the database is there, and busy
        except FAILURES as error:
            self._set_problem(error)
        else:
            held = self._timeouts.again if self._state.problem else self._timeouts.look
            self._until = time.monotonic() + held

    def _set_problem(self, error: Exception) -> None:
        if not self._state.problem:
            log.warning("layer database: %s (%s)", type(error).__name__, get_sqlstate(error))
        self._state = replace(self._state, problem=explain(error))
        self._until = time.monotonic() + self._timeouts.again

    def _read_catalogue(self) -> CatalogueState:
        """Read counter and catalogue in one transaction."""
        with self._engine.connect() as connection:
            connection = connection.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )
            found = connection.scalar(sa.select(migrated.c.version_num))
            if found != HEAD:
                why, remedy = _OTHER_VERSION
                return replace(self._state, problem=(why.format(found=found, own=HEAD), remedy))
            revision = connection.scalar(sa.select(state.c.revision))
            rows = connection.execute(sa.select(layers).order_by(layers.c.place, layers.c.name))
            return CatalogueState(revision, {row.name: to_entry(row) for row in rows})


def to_entry(row: sa.Row[Any]) -> TableEntry:
    """Return a layer from its row in the catalogue."""
    sides = (row.west, row.south, row.east, row.north)
    times = None if row.time_from is None else (row.time_from, row.time_to)
    named = NamedColumns(id=row.id_column, time=times, label=row.label_column)
    about = row.attribution, row.colour, row.time_zone
    entry = CatalogueEntry(row.name, row.title, "", None, named, *about)
    info = LayerInfo(
        **{one: getattr(row, one) for one in _SHARED},
        extent=None if None in sides else sides,
        version=f"{row.content}{entry.token}",
        time_columns=times,
    )
    columns = decode_columns(row.columns, row.types)
    table = layer_table(row.table_name, [one.as_column() for one in columns])
    return TableEntry(info, table, columns, row.size, row.content)


def to_row(entry: TableEntry) -> dict[str, object]:
    """Return a layer's row in the catalogue, without its place in the order."""
    info = entry.info
    names, types = encode_columns(entry.columns)
    sides = dict(zip(("west", "south", "east", "north"), info.extent or (None,) * 4, strict=True))
    start, end = info.time_columns or (None, None)
    return {
        **{one: getattr(info, one) for one in _SHARED},
        **sides,
        "table_name": entry.table.name,
        "size": entry.size,
        "content": entry.content,
        "time_from": start,
        "time_to": end,
        "columns": names,
        "types": types,
    }
