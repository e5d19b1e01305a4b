"""A PostGIS database as a layer store."""

from __future__ import annotations

import hashlib
import logging
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import shapely
from geopandas import GeoDataFrame, GeoSeries

from geo.errors import LayerExistsError, StoreError
from geo.store import catalogue, frames
from geo.store.cache import LayerCache
from geo.store.faults import FileFaultError, not_found, unreadable
from geo.store.folder import FolderStore
from geo.store.mask import Prepared, check_columns
from geo.store.postgis import connecting, filters, forms, loading
from geo.store.postgis.catalogued import Writer
from geo.store.postgis.known import PLACE, Entry, Known, Watch
from geo.store.protocol import LayerFault, LayerInfo, Query, check_name

log = logging.getLogger(__name__)
_TRIES = 3
_EVERYTHING = Query()


class PostgisStore:
    """Layers in the tables of one database (:class:`geo.store.protocol.LayerStore`).

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
        waits: connecting.Waits | None = None,
        small_bytes: int = 8 * 2**20,
        cache_bytes: int = 256 * 2**20,
    ) -> None:
        waits = waits or connecting.Waits()
        self._engine = connecting.engine(url, waits)
        self._watch = Watch(self._engine, waits)
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
        return self._watch.now().infos

    def layer(self, name: str) -> LayerInfo:
        """One layer.

        Raises
        ------
        LayerNotFoundError, LayerUnreadableError, StoreAwayError
        """
        return self._entry(name).info

    def faults(self) -> tuple[LayerFault, ...]:
        """The layers that are there and cannot be read: all of them, or none."""
        return self._watch.now().faults

    def version(self) -> str:
        """A short token over all layers and faults, the same in every process."""
        known = self._watch.now()
        told = repr((known.infos, known.faults))
        return hashlib.blake2b(told.encode(), digest_size=8).hexdigest()

    def read(self, name: str, query: Query = _EVERYTHING) -> GeoDataFrame:
        """Rows of a layer (see :meth:`geo.store.protocol.LayerStore.read`).

        Raises
        ------
        LayerNotFoundError, LayerUnreadableError, StoreAwayError
        StoreError
            When ``query.where`` names a column that the layer does not have.
        """
        for _ in range(_TRIES):
            entry = self._entry(name)
            check_columns(name, entry.names, query)
            held = self._cache.get(name, entry.info.version)
            if held is not None:
                return held.select(query)
            small = entry.size <= self._small
            try:
                rows = self._fetch(entry, None if small else query)
            except connecting.FAILURES as error:
                fault = LayerFault(name, PLACE, *connecting.in_words(error))
                if connecting.is_away(error):
                    self._watch.lost(error)
                elif connecting.state_of(error) == connecting.NO_TABLE:
                    self._watch.forget()  # it was written anew since the catalogue was read
                    continue
                raise unreadable(fault) from error
            if small:
                self._cache.put(name, entry.info.version, rows)
            return rows.select(query)
        raise unreadable(fault)

    def write(
        self,
        name: str,
        frame: GeoDataFrame,
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
        with tempfile.TemporaryDirectory() as scratch:
            folder = FolderStore(scratch)
            info = folder.write(name, frame, title=title, id_column=id_column,
                                time_columns=time_columns, label_column=label_column,
                                attribution=attribution)  # fmt: skip
            rows = folder.read(name)
        for what, text in {"title": info.title, "attribution": attribution}.items():
            if "\x00" in text:
                msg = f"Layer {name!r} cannot be written: its {what} has a NUL. Take that out."
                raise StoreError(msg)
        with self._writer(f"Layer {name!r} is not written.") as writer:
            if new and writer.holds(name):
                raise _taken(name)
            entry = loading.load(writer.connection, info, rows)
            if not writer.put(entry, new=new):
                raise _taken(name)
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
        try:
            colour = catalogue.check_colour(colour)
        except FileFaultError as error:
            raise StoreError(f"{error.why} {error.remedy}") from error
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
                raise not_found(name, self._watch.now().entries)

    @contextmanager
    def _writer(self, otherwise: str) -> Iterator[Writer]:
        """One transaction that writes; its failures are said in words, after ``otherwise``."""
        try:
            with self._engine.begin() as connection:
                loading.as_loader(connection)
                yield Writer(connection)
        except connecting.FAILURES as error:
            raise connecting.as_store_error(error, otherwise) from error
        self._watch.forget()
        try:
            with self._engine.begin() as connection:
                loading.as_loader(connection)
                Writer(connection).sweep()
        except connecting.FAILURES as error:  # the layer is written all the same
            log.warning("layer database: old rows are still there (%s)", type(error).__name__)

    def _entry(self, name: str) -> Entry:
        known: Known = self._watch.now()
        entry = known.entries.get(name)
        if entry is None:
            raise not_found(name, known.entries)
        if known.trouble:
            raise unreadable(LayerFault(name, PLACE, *known.trouble))
        return entry

    def _fetch(self, entry: Entry, query: Query | None) -> Prepared:
        """Rows from the server, at least those of the query, tidy."""
        with self._engine.connect() as connection:
            connection = connection.execution_options(postgresql_readonly=True)
            cursor: Any = connection.execute(filters.statement(entry, query)).cursor
            fetched = cursor.fetchall()  # plain tuples: nothing of them needs SQLAlchemy
        positions, places, *values = zip(*fetched, strict=True) if fetched else _nothing(entry)
        arrays = [forms.received(*one) for one in zip(entry.columns, values, strict=True)]
        table = pa.table(arrays, [one.name for one in entry.columns])
        data = table.to_pandas(date_as_object=False, ignore_metadata=True)
        data.index = pd.Index(np.array(positions, dtype="int64"))
        with np.errstate(invalid="ignore"):  # a coordinate that is NaN
            shapes = shapely.from_wkb(np.array(places, dtype=object))
        raw = GeoDataFrame(data, geometry=GeoSeries(shapes, index=data.index, crs=frames.WGS84))
        tidy = frames.tidy(raw, entry.info.id_column, entry.info.time_columns)
        return Prepared(tidy, entry.info)


def _nothing(entry: Entry) -> list[tuple]:
    return [()] * (2 + len(entry.columns))


def _taken(name: str) -> LayerExistsError:
    return LayerExistsError(f"There is a layer {name!r} already. Choose another name.")
