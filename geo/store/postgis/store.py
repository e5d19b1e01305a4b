"""A PostGIS database as a layer store."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import numpy as np
from geopandas import GeoDataFrame

from geo.errors import StoreError
from geo.store.bulk.external_sort import temporary_folder
from geo.store.bulk.row_stream import CHUNK_ROWS, RowStream
from geo.store.core import api, errors
from geo.store.folder.catalogue import check_colour
from geo.store.folder.store import FolderStore
from geo.store.postgis import bulk_load, engine, sql_filter
from geo.store.postgis import rows as database_rows
from geo.store.postgis.catalogue_monitor import PLACE, CatalogueMonitor, TableEntry
from geo.store.postgis.catalogue_writer import CatalogueWriter
from geo.store.query.layer_cache import LayerCache
from geo.store.query.row_filter import FilterableRows, check_columns

log = logging.getLogger(__name__)
_ATTEMPTS = 3


class PostgisStore(api.LayerStore):
    """Layers in the tables of one database (:class:`geo.store.core.api.LayerStore`).

    The server filters rows; what SQL cannot express exactly is filtered in memory. A layer is
    written in one transaction, into a new table. Every process on the same database returns the
    same versions. While the database does not answer, each of its layers is a fault; the store
    reconnects by itself. Layers up to ``small_bytes`` are held decoded, in ``cache_bytes`` for all
    of them together. StoreError when the URL, ``postgresql://user@host/database``, is invalid;
    nothing is connected yet.
    """

    def __init__(
        self,
        url: str,
        *,
        timeouts: engine.DatabaseTimeouts | None = None,
        small_bytes: int = 8 * 2**20,
        cache_bytes: int = 256 * 2**20,
    ) -> None:
        timeouts = timeouts or engine.DatabaseTimeouts()
        self._engine = engine.create_engine(url, timeouts)
        self._monitor = CatalogueMonitor(self._engine, timeouts)
        self._small = small_bytes
        self._cache = LayerCache(cache_bytes)

    def close(self) -> None:
        """Close all connections; the next query opens new ones."""
        self._engine.dispose()

    def layers(self) -> tuple[api.LayerInfo, ...]:
        """Every layer that can be read, in the order of their creation."""
        return self._monitor.get_state().infos

    def layer(self, name: str) -> api.LayerInfo:
        """One layer."""
        return self._get_entry(name).info

    def faults(self) -> tuple[api.LayerFault, ...]:
        """The layers that exist and cannot be read: all of them, or none."""
        return self._monitor.get_state().faults

    def version(self) -> str:
        """A short token over all layers and faults, the same in every process."""
        state = self._monitor.get_state()
        text = repr((state.infos, state.faults))
        return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()

    def read(self, name: str, query: api.Query = api.EVERYTHING) -> GeoDataFrame:
        """Read rows of a layer (see `LayerStore.read`)."""
        return self._fetch_rows(name, query).select(query)

    def read_positions(self, name: str, positions: np.ndarray) -> GeoDataFrame:
        """Read the rows at these positions (see `LayerStore.read_positions`)."""
        found = self._fetch_rows(name, api.EVERYTHING, positions).select(api.EVERYTHING)
        order = found.index.get_indexer(positions)
        if (order < 0).any():
            raise errors.replaced_error(name)
        return found.iloc[order]

    def batch_columns(self, name: str) -> tuple[str, ...] | None:
        """Return the columns of a layer in order: each can be read in batches."""
        return self._get_entry(name).names

    def read_batches(
        self, name: str, columns: Sequence[str], *, places: bool = False
    ) -> Iterator[api.Batch]:
        """Yield these columns of all rows of a layer, in file order, each row once."""
        entry = self._get_entry(name)
        check_columns(name, entry.names, api.Query(where=dict.fromkeys(columns, ())))
        for start in range(0, entry.info.rows, database_rows.BATCH):
            try:
                batch = database_rows.fetch_batch(
                    self._engine, entry, columns, start, places=places
                )
            except engine.FAILURES as error:
                failure = self._handle_failure(name, error)
                gone = engine.get_sqlstate(error) == engine.NO_TABLE
                raise (errors.replaced_error(name) if gone else failure) from error
            yield batch

    def _fetch_rows(
        self, name: str, query: api.Query, positions: np.ndarray | None = None
    ) -> FilterableRows:
        """Return rows from the cache or the server: a small layer whole, else the selected rows."""
        for _ in range(_ATTEMPTS):
            entry = self._get_entry(name)
            held = self._cache.get(name, entry.info.version)
            if held is not None:
                return held
            small = entry.size <= self._small
            if small:
                statement = sql_filter.build_select(entry, None)
            elif positions is not None:
                statement = sql_filter.select_positions(entry, positions.tolist())
            else:
                check_columns(name, entry.names, query)
                statement = sql_filter.build_select(entry, query)
            try:
                frame = database_rows.fetch_frame(self._engine, entry, statement)
            except engine.FAILURES as error:
                failure = self._handle_failure(name, error)
                if engine.get_sqlstate(error) != engine.NO_TABLE:
                    raise failure from error
                continue  # the layer was replaced since the catalogue was read
            found = FilterableRows(frame, entry.info)
            if small:
                self._cache.put(name, entry.info.version, found)
            return found
        raise failure

    def _handle_failure(self, name: str, error: Exception) -> StoreError:
        """Update the catalogue's state after an error; return the error to raise."""
        if engine.is_away(error):
            self._monitor.report_lost(error)
        elif engine.get_sqlstate(error) == engine.NO_TABLE:
            self._monitor.invalidate()
        return errors.unreadable_error(api.LayerFault(name, PLACE, *engine.explain(error)))

    def write(
        self,
        name: str,
        rows: GeoDataFrame | RowStream,
        spec: api.LayerSpec = api.DETECT_ALL,
        *,
        new: bool = False,
    ) -> api.LayerInfo:
        """Create or replace a layer in one transaction: completely or not at all.

        Its types, kind, extent, days and detected columns are those that a folder would give it.
        StoreError when the name, the rows or their CRS are invalid, or the database refuses them:
        the old layer is then unchanged.
        """
        api.check_name(name)
        chunk_rows = rows.rows if isinstance(rows, RowStream) else CHUNK_ROWS
        with temporary_folder() as path:
            folder = FolderStore(path)
            info = folder.write(name, rows, spec)
            for what in ("title", "attribution"):
                if "\x00" in getattr(info, what):
                    msg = f"Layer {name!r} cannot be written: its {what} has a NUL. Take that out."
                    raise StoreError(msg)
            plan = bulk_load.plan_load(info, RowStream.from_store(folder, info, rows=chunk_rows))
            with self._open_writer(f"Layer {name!r} is not written.") as writer:
                if new and writer.holds(name):
                    raise errors.name_exists_error(name)
                entry = bulk_load.load_rows(writer.connection, info, plan)
                if not writer.put(entry, new=new):
                    raise errors.name_exists_error(name)
        return self.layer(name)

    def describe(
        self, name: str, *, title: str, label_column: str | None, colour: str = ""
    ) -> api.LayerInfo:
        """Change a layer's catalogue entry; its rows stay as they are.

        Raises StoreError when there is no such layer or column, the colour is invalid, or the
        account may not write.
        """
        colour = check_colour(colour)
        entry = self._get_entry(name)
        errors.check_label_column(name, label_column, entry.names)
        with self._open_writer(f"Layer {name!r} stays as it was.") as writer:
            writer.describe(name, title=title or name, label_column=label_column, colour=colour)
        return self.layer(name)

    def remove(self, name: str) -> None:
        """Delete a layer with its rows; StoreError when the account may not write."""
        with self._open_writer(f"Layer {name!r} is not removed.") as writer:
            if not writer.remove(name):
                raise errors.not_found_error(name, self._monitor.get_state().entries)

    @contextmanager
    def _open_writer(self, otherwise: str) -> Iterator[CatalogueWriter]:
        """Open a writing transaction; ``otherwise`` begins the message of its failure."""
        try:
            with self._engine.begin() as connection:
                bulk_load.become_loader(connection)
                yield CatalogueWriter(connection)
        except engine.FAILURES as error:
            raise engine.to_store_error(error, otherwise) from error
        self._monitor.invalidate()
        try:
            with self._engine.begin() as connection:
                bulk_load.become_loader(connection)
                CatalogueWriter(connection).drop_unused_tables()
        except engine.FAILURES as error:  # the layer is written all the same
            log.warning("layer database: old rows are still there (%s)", type(error).__name__)

    def _get_entry(self, name: str) -> TableEntry:
        state = self._monitor.get_state()
        entry = state.entries.get(name)
        if entry is None:
            raise errors.not_found_error(name, state.entries)
        if state.problem:
            raise errors.unreadable_error(api.LayerFault(name, PLACE, *state.problem))
        return entry
