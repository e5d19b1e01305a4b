"""What a process knows of the database's layers, and whether the database is there.

One small question, the counter of ``briefing_map.state``, tells whether the catalogue changed. Its
answer holds for a moment. A database that does not answer is left alone for a moment, too; until
it is back its layers count as unreadable, so that nothing old is shown as if it were new.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import sqlalchemy as sa
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from geo.errors import StoreAwayError
from geo.store.core.api import LayerFault, LayerInfo
from geo.store.folder.catalogue import CatalogueEntry
from geo.store.postgis.column_codec import StoredColumn, decode_columns, encode_columns
from geo.store.postgis.engine import FAILURES, DatabaseTimeouts, explain, get_sqlstate
from geo.store.postgis.schema import HEAD, layer_table, layers, migrated, state

log = logging.getLogger(__name__)
PLACE = "database"
_OTHER_VERSION = (
    "The tables of the layer database are of another version ({found}) than the program ({own}).",
    "Run python -m geo store-upgrade with the newer of the two programs, and use that one.",
)


@dataclass(frozen=True)
class TableEntry:
    """A layer, its table, the columns of that, its size (bytes as sent), a hash of its content."""

    info: LayerInfo
    table: sa.Table
    columns: tuple[StoredColumn, ...]
    size: int
    content: str

    @property
    def names(self) -> frozenset[str]:
        """Names of the layer's columns, without its place."""
        return frozenset(one.name for one in self.columns)


@dataclass(frozen=True)
class CatalogueState:
    """The catalogue as it was last read. ``trouble``: why it cannot be asked now, and a remedy."""

    revision: int | None = None
    entries: Mapping[str, TableEntry] = field(default_factory=dict)
    trouble: tuple[str, str] | None = None

    @property
    def infos(self) -> tuple[LayerInfo, ...]:
        """The layers that can be read now."""
        return () if self.trouble else tuple(entry.info for entry in self.entries.values())

    @property
    def faults(self) -> tuple[LayerFault, ...]:
        """The layers that are there and cannot be read now."""
        if not self.trouble:
            return ()
        names = list(self.entries) or [PLACE]
        return tuple(LayerFault(name, PLACE, *self.trouble) for name in names)


class CatalogueMonitor:
    """Keeps what is known fresh. Safe for threads; one of them asks, the others wait for it."""

    def __init__(self, engine: sa.Engine, waits: DatabaseTimeouts) -> None:
        self._engine = engine
        self._waits = waits
        self._lock = threading.Lock()
        self._known = CatalogueState()
        self._until = float("-inf")

    def get_state(self) -> CatalogueState:
        """What is known now.

        Raises
        ------
        StoreAwayError
            When the database does not answer, and never did: what it holds is not known, and
            something else might be shown in its place.
        """
        # While it is away only the one that asks waits for the answer.
        if time.monotonic() >= self._until and self._lock.acquire(blocking=not self._known.trouble):
            try:
                if time.monotonic() >= self._until:
                    self._ask()
            finally:
                self._lock.release()
        known = self._known
        if known.trouble and known.revision is None:
            raise StoreAwayError(" ".join(known.trouble))
        return known

    def invalidate(self) -> None:
        """Ask anew at the next question."""
        self._until = float("-inf")

    def report_lost(self, error: Exception) -> None:
        """Take note that the database went away in the middle of an answer."""
        with self._lock:
            self._went(error)

    def _ask(self) -> None:
        try:
            with self._engine.connect() as connection:
                connection = connection.execution_options(isolation_level="AUTOCOMMIT")
                revision = connection.scalar(sa.select(state.c.revision))
            if revision != self._known.revision or self._known.trouble:
                self._came(self._read())
        except PoolTimeoutError as error:
            if self._known.revision is None:
                self._went(error)
            self._until = time.monotonic() + self._waits.look  # there, and busy
        except FAILURES as error:
            self._went(error)
        else:
            held = self._waits.again if self._known.trouble else self._waits.look
            self._until = time.monotonic() + held

    def _came(self, known: CatalogueState) -> None:
        if self._known.trouble and not known.trouble:
            log.warning("layer database: it answers again")
        self._known = known

    def _went(self, error: Exception) -> None:
        if not self._known.trouble:
            log.warning("layer database: %s (%s)", type(error).__name__, get_sqlstate(error))
        self._known = replace(self._known, trouble=explain(error))
        self._until = time.monotonic() + self._waits.again

    def _read(self) -> CatalogueState:
        """Counter and catalogue of one moment."""
        with self._engine.connect() as connection:
            connection = connection.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )
            found = connection.scalar(sa.select(migrated.c.version_num))
            if found != HEAD:
                why, remedy = _OTHER_VERSION
                return replace(self._known, trouble=(why.format(found=found, own=HEAD), remedy))
            revision = connection.scalar(sa.select(state.c.revision))
            rows = connection.execute(sa.select(layers).order_by(layers.c.place, layers.c.name))
            return CatalogueState(revision, {row.name: to_entry(row) for row in rows})


def to_entry(row: sa.Row) -> TableEntry:
    """Return a layer out of its row in the catalogue."""
    sides = (row.west, row.south, row.east, row.north)
    times = None if row.time_from is None else (row.time_from, row.time_to)
    said = {"id": row.id_column, "time": times, "label": row.label_column}
    item = CatalogueEntry(row.name, row.title, "", None, said, row.attribution, row.colour)
    info = LayerInfo(
        name=row.name,
        title=row.title,
        geometry=row.geometry,
        extent=None if None in sides else sides,
        date_from=row.date_from,
        date_to=row.date_to,
        rows=row.rows,
        version=f"{row.content}{item.token}",
        id_column=row.id_column,
        time_columns=times,
        label_column=row.label_column,
        attribution=row.attribution,
        colour=row.colour,
    )
    columns = decode_columns(row.columns, row.types)
    table = layer_table(row.table_name, [one.as_column() for one in columns])
    return TableEntry(info, table, columns, row.size, row.content)


def to_row(entry: TableEntry) -> dict[str, object]:
    """Return a layer's row in the catalogue, but for its place among the layers."""
    info = entry.info
    names, types = encode_columns(entry.columns)
    sides = dict(zip(("west", "south", "east", "north"), info.extent or (None,) * 4, strict=True))
    start, end = info.time_columns or (None, None)
    same = ("name", "title", "geometry", "date_from", "date_to", "rows", "id_column",
            "label_column", "attribution", "colour")  # fmt: skip
    return {
        **{name: getattr(info, name) for name in same},
        **sides,
        "table_name": entry.table.name,
        "size": entry.size,
        "content": entry.content,
        "time_from": start,
        "time_to": end,
        "columns": names,
        "types": types,
    }
