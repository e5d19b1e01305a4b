"""A PostGIS database as a layer store."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import numpy as np
import sqlalchemy as sa
from geopandas import GeoDataFrame

from geo.errors import StoreError
from geo.store.bulk import batches
from geo.store.bulk.batches import Batch
from geo.store.bulk.external_sort import temporary_folder
from geo.store.bulk.row_stream import PART, RowStream
from geo.store.core.api import LayerFault, LayerInfo, Query, check_name
from geo.store.core.errors import name_exists_error, not_found_error, unreadable_error
from geo.store.folder import catalogue
from geo.store.folder.store import FolderStore
from geo.store.postgis import bulk_load, engine, rows, sql_filter
from geo.store.postgis.catalogue_monitor import PLACE, CatalogueMonitor, CatalogueState, TableEntry
from geo.store.postgis.catalogue_writer import CatalogueWriter
from geo.store.query.layer_cache import LayerCache
from geo.store.query.row_filter import FilterableRows, check_columns

log = logging.getLogger(__name__)
_TRIES = 3
_EVERYTHING = Query()


class PostgisStore:
    """Layers in the tables of one database (:class:`geo.store.core.api.LayerStore`).

    Filters run in the server; what they cannot say exactly is masked here. A layer is written in
    one transaction, into a table of its own. Every process that asks the same database gives the
    same versions. While the database does not answer, each layer that it holds is a fault; it is
    asked again by itself.

    Parameters
    ----------
    url
        ``postgresql://user@host/database``.
    waits
        Limits of time and of connections.
    small_bytes
        Layers up to this size are held decoded.
    cache_bytes
        Memory for all decoded layers together.

    Raises
    ------
    StoreError
        When the address cannot be understood. Nothing is connected yet.
    """

    def __init__(
        self,
        url: str,
        *,
        waits: engine.DatabaseTimeouts | None = None,
        small_bytes: int = 8 * 2**20,
        cache_bytes: int = 256 * 2**20,
    ) -> None:
        waits = waits or engine.DatabaseTimeouts()
        self._engine = engine.create_engine(url, waits)
        self._watch = CatalogueMonitor(self._engine, waits)
        self._small = small_bytes
        self._cache = LayerCache(cache_bytes)

    def close(self) -> None:
        """Give the connections back; the next question opens new ones."""
        self._engine.dispose()

    def layers(self) -> tuple[LayerInfo, ...]:
        """Every layer that can be read, in the order in which they came.

        Raises
        ------
        StoreAwayError
            When the database does not answer, and never did.
        """
        return self._watch.get_state().infos

    def layer(self, name: str) -> LayerInfo:
        """One layer.

        Raises
        ------
        LayerNotFoundError, LayerUnreadableError, StoreAwayError
        """
        return self._entry(name).info

    def faults(self) -> tuple[LayerFault, ...]:
        """The layers that are there and cannot be read: all of them, or none."""
        return self._watch.get_state().faults

    def version(self) -> str:
        """A short token over all layers and faults, the same in every process."""
        known = self._watch.get_state()
        told = repr((known.infos, known.faults))
        return hashlib.blake2b(told.encode(), digest_size=8).hexdigest()

    def read(self, name: str, query: Query = _EVERYTHING) -> GeoDataFrame:
        """Rows of a layer (see :meth:`geo.store.core.api.LayerStore.read`).

        Raises
        ------
        LayerNotFoundError, LayerUnreadableError, StoreAwayError
        StoreError
            When ``query.where`` names a column that the layer does not have.
        """

        def asked(entry: TableEntry) -> sa.Select:
            check_columns(name, entry.names, query)
            return sql_filter.build_select(entry, query)

        return self._prepared(name, asked).select(query)

    def owner(self, name: str) -> PostgisStore:
        """Return this store: it holds its layers itself."""
        return self

    def take(self, name: str, positions: np.ndarray) -> GeoDataFrame:
        """Rows at these positions, in their order (see :func:`geo.store.bulk.batches.take`)."""
        wanted = positions.tolist()
        found = self._prepared(
            name, lambda entry: sql_filter.select_positions(entry, wanted)
        ).select(_EVERYTHING)
        order = found.index.get_indexer(positions)
        if (order < 0).any():
            raise batches.replaced(name)
        return found.iloc[order]

    def partwise(self, name: str) -> tuple[str, ...] | None:
        """Return the columns of a layer, in order: each can be read in parts."""
        return tuple(one.name for one in self._entry(name).columns)

    def batches(self, name: str, columns: Sequence[str], *, places: bool) -> Iterator[Batch]:
        """Columns of all rows, some rows at a time (see :func:`geo.store.bulk.batches.batches`)."""
        entry = self._entry(name)
        check_columns(name, entry.names, Query(where=dict.fromkeys(columns, ())))
        for start in range(0, entry.info.rows, rows.BATCH):
            try:
                batch = rows.fetch_batch(self._engine, entry, columns, start, places=places)
            except engine.FAILURES as error:
                told = self._told(name, error)
                gone = engine.get_sqlstate(error) == engine.NO_TABLE
                raise (batches.replaced(name) if gone else told) from error
            yield batch

    def _prepared(self, name: str, asked: Callable[[TableEntry], sa.Select]) -> FilterableRows:
        """Rows as held, or from the server: all of a small layer, else those that are asked for."""
        for _ in range(_TRIES):
            entry = self._entry(name)
            version = entry.info.version
            held = self._cache.get(name, version)
            if held is not None:
                return held
            small = entry.size <= self._small
            statement = sql_filter.build_select(entry, None) if small else asked(entry)
            try:
                found = FilterableRows(rows.fetch_frame(self._engine, entry, statement), entry.info)
            except engine.FAILURES as error:
                told = self._told(name, error)
                if engine.get_sqlstate(error) != engine.NO_TABLE:
                    raise told from error
                continue  # it was written anew since the catalogue was read
            if small:
                self._cache.put(name, version, found)
            return found
        raise told

    def _told(self, name: str, error: Exception) -> StoreError:
        """Take note of what went wrong with a layer's rows; return it for a person."""
        if engine.is_away(error):
            self._watch.report_lost(error)
        elif engine.get_sqlstate(error) == engine.NO_TABLE:
            self._watch.invalidate()
        return unreadable_error(LayerFault(name, PLACE, *engine.explain(error)))

    def write(
        self,
        name: str,
        frame: GeoDataFrame | RowStream,
        *,
        title: str | None = None,
        id_column: str | None = None,
        time_columns: tuple[str, str] | tuple[()] | None = None,
        label_column: str | None = None,
        attribution: str = "",
        new: bool = False,
    ) -> LayerInfo:
        """Make or replace a layer in one transaction: whole or not at all.

        What a layer is (its columns' types, its kind, extent and days, the columns that are not
        named) is what a folder would make of the frame.

        Raises
        ------
        LayerExistsError
            With ``new``, when there is one of that name, even one of this very moment.
        StoreError
            When the name, the frame or its CRS is not fit, or the database does not take it; the
            old layer is still there.
        """
        check_name(name)
        rows_at_once = frame.rows if isinstance(frame, RowStream) else PART
        with temporary_folder() as beside:
            folder = FolderStore(beside)
            info = folder.write(
                name,
                frame,
                title=title,
                id_column=id_column,
                time_columns=time_columns,
                label_column=label_column,
                attribution=attribution,
            )
            for what, text in {"title": info.title, "attribution": attribution}.items():
                if "\x00" in text:
                    msg = f"Layer {name!r} cannot be written: its {what} has a NUL. Take that out."
                    raise StoreError(msg)
            ready = bulk_load.plan_load(info, RowStream.of(folder, info, rows=rows_at_once))
            with self._writer(f"Layer {name!r} is not written.") as writer:
                if new and writer.holds(name):
                    raise name_exists_error(name)
                entry = bulk_load.load_rows(writer.connection, info, ready)
                if not writer.put(entry, new=new):
                    raise name_exists_error(name)
        return self.layer(name)

    def describe(
        self, name: str, *, title: str, label_column: str | None, colour: str = ""
    ) -> LayerInfo:
        """Change what the catalogue says of a layer; its rows stay as they are.

        Parameters
        ----------
        name, title
        label_column
            One of its columns, or None.
        colour
            "#rrggbb", or empty.

        Raises
        ------
        LayerNotFoundError, LayerUnreadableError, StoreAwayError
        StoreError
            When there is no such column, the colour is none, or the account may not write.
        """
        colour = catalogue.check_colour(colour)
        entry = self._entry(name)
        if label_column is not None and label_column not in entry.names:
            msg = f"Layer {name!r} has no column {label_column!r}. Choose one that it has."
            raise StoreError(msg)
        with self._writer(f"Layer {name!r} stays as it was.") as writer:
            writer.describe(name, title=title or name, label_column=label_column, colour=colour)
        return self.layer(name)

    def remove(self, name: str) -> None:
        """Take a layer away, with its rows.

        Raises
        ------
        LayerNotFoundError, StoreAwayError
        StoreError
            When the account may not write.
        """
        with self._writer(f"Layer {name!r} is not removed.") as writer:
            if not writer.remove(name):
                raise not_found_error(name, self._watch.get_state().entries)

    @contextmanager
    def _writer(self, otherwise: str) -> Iterator[CatalogueWriter]:
        """One transaction that writes; its failures are said in words, after ``otherwise``."""
        try:
            with self._engine.begin() as connection:
                bulk_load.become_loader(connection)
                yield CatalogueWriter(connection)
        except engine.FAILURES as error:
            raise engine.to_store_error(error, otherwise) from error
        self._watch.invalidate()
        try:
            with self._engine.begin() as connection:
                bulk_load.become_loader(connection)
                CatalogueWriter(connection).sweep()
        except engine.FAILURES as error:  # the layer is written all the same
            log.warning("layer database: old rows are still there (%s)", type(error).__name__)

    def _entry(self, name: str) -> TableEntry:
        known: CatalogueState = self._watch.get_state()
        entry = known.entries.get(name)
        if entry is None:
            raise not_found_error(name, known.entries)
        if known.trouble:
            raise unreadable_error(LayerFault(name, PLACE, *known.trouble))
        return entry
