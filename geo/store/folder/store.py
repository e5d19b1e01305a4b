"""A folder of files as a layer store."""

import threading
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

import numpy as np
from geopandas import GeoDataFrame

from geo.errors import StoreError
from geo.store.bulk import batches
from geo.store.bulk.batches import Batch
from geo.store.bulk.row_stream import RowStream
from geo.store.core.api import LayerFault, LayerInfo, Query, check_name
from geo.store.core.errors import (
    describe_fault,
    name_exists_error,
    not_found_error,
    unreadable_error,
)
from geo.store.folder import atomic_files, catalogue
from geo.store.folder.atomic_files import CATALOGUE, text_writer
from geo.store.folder.catalogue import CatalogueEntry
from geo.store.folder.folder_snapshot import FolderScanner, Snapshot
from geo.store.folder.layer_scan import LayerEntry, ScanLimits
from geo.store.folder.parquet_probe import ParquetProbe
from geo.store.folder.row_reads import close_file, read_batches, read_rows, read_rows_at
from geo.store.formats.geoparquet_stream_writer import written
from geo.store.query.layer_cache import LayerCache
from geo.store.query.row_filter import FilterableRows, check_columns

_TRIES = 3
_EVERYTHING = Query()


class FolderStore:
    """Layers in the files of one folder (:class:`geo.store.core.api.LayerStore`).

    Files: ``*.parquet``, ``*.geoparquet``, ``*.gpkg`` (each table a layer), ``*.geojson`` and,
    if there is one, ``catalogue.json``. Layers are written as GeoParquet. A change in the folder
    is seen at the next call, by the files' time, size and inode.

    While a file is being written over (it is broken, and changed less than ``settle_seconds``
    ago) its last good copy is shown if it is in memory, and the fault is listed as well; after
    that the layer is gone until the file is whole, so that all processes show the same.

    Parameters
    ----------
    folder
        An existing folder.
    small_bytes
        Files up to this size are held decoded.
    cache
        Where decoded layers are held; one of its own, of 256 MB, when None.
    max_bytes
        A file that takes more when decoded is refused (GeoJSON: a tenth of it on disk).
    settle_seconds
        See above.
    ours
        Nobody else puts files there: none is tried by a child first (`folder.parquet_probe`).

    Raises
    ------
    StoreError
        When there is no such folder.
    """

    def __init__(
        self,
        folder: Path | str,
        *,
        small_bytes: int = 8 * 2**20,
        cache: LayerCache | None = None,
        max_bytes: int = 2 * 2**30,
        settle_seconds: float = 5.0,
        ours: bool = False,
    ) -> None:
        self._folder = Path(folder).expanduser().resolve()
        if not self._folder.is_dir():
            msg = (
                f"There is no layer folder {str(folder)!r}. Make it (mkdir -p), or name another "
                "one in STORE_URL."
            )
            raise StoreError(msg)
        self._limits = ScanLimits(small_bytes, max_bytes)
        self._cache = cache if cache is not None else LayerCache(256 * 2**20)
        self._trial = None if ours else ParquetProbe()
        self._looker = FolderScanner(
            self._folder, self._limits, self._cache, settle_seconds, self._trial
        )
        self._lock = threading.RLock()
        self._snapshot = Snapshot()
        self._unread: dict[str, tuple[LayerEntry, LayerFault]] = {}

    def layers(self) -> tuple[LayerInfo, ...]:
        """Every layer that can be read, in catalogue order, then by name."""
        return self._refresh().infos

    def layer(self, name: str) -> LayerInfo:
        """One layer.

        Raises
        ------
        LayerNotFoundError, LayerUnreadableError
        """
        return self._refresh().entry(name).info

    def faults(self) -> tuple[LayerFault, ...]:
        """What is there and cannot be read."""
        snapshot = self._refresh()
        late = (
            fault
            for entry, fault in list(self._unread.values())
            if snapshot.entries.get(entry.info.name) == entry
        )
        return (*snapshot.faults, *late)

    def version(self) -> str:
        """A short token over all layers and faults."""
        return self._refresh().version

    def read(self, name: str, query: Query = _EVERYTHING) -> GeoDataFrame:
        """Rows of a layer (see :meth:`geo.store.core.api.LayerStore.read`).

        Raises
        ------
        LayerNotFoundError, LayerUnreadableError
        StoreError
            When ``query.where`` names a column that the layer does not have.
        """
        check_columns(name, self._refresh().entry(name).columns, query)

        def some(entry: LayerEntry, path: Path) -> FilterableRows:
            return read_rows(
                entry, path, query, self._limits, batches.positions(self, entry.info, query)
            )

        return self._tried(name, some).select(query)

    def owner(self, name: str) -> "FolderStore":
        """Return this store: it holds its layers itself."""
        return self

    def take(self, name: str, positions: np.ndarray) -> GeoDataFrame:
        """Rows at these positions (see :func:`geo.store.bulk.batches.take`)."""
        some = partial(read_rows_at, positions=positions, limits=self._limits)
        rows = self._tried(name, some).select(_EVERYTHING)
        return rows if len(rows) == len(positions) else rows.iloc[positions]

    def partwise(self, name: str) -> tuple[str, ...] | None:
        """Return a layer's columns if it can be read in parts (`batches.partwise`)."""
        return self._refresh().entry(name).partwise

    def batches(self, name: str, columns: Sequence[str], *, places: bool) -> Iterator[Batch]:
        """Columns of all rows, some rows at a time (see :func:`geo.store.bulk.batches.batches`)."""
        entry = self._refresh().entry(name)
        path = self._folder / entry.file
        try:
            yield from read_batches(entry, path, columns, self._limits, places=places)
        except Exception as error:  # whatever a file makes a library raise: named below
            raise unreadable_error(describe_fault(error, name, path)) from error

    def _tried(
        self, name: str, read: Callable[[LayerEntry, Path], FilterableRows]
    ) -> FilterableRows:
        """Rows as held, or as read from the file, which may be replaced meanwhile."""
        for _ in range(_TRIES):
            entry = self._refresh().entry(name)
            held = self._cache.get(name, entry.info.version)
            if held is not None:
                return held
            path = self._folder / entry.file
            try:
                rows = read(entry, path)
            except Exception as error:  # whatever a file makes a library raise: named below
                fault = describe_fault(error, name, path)
                if atomic_files.read_file_state(path) == entry.state:
                    break  # not a replacement under way: a further try would find the same
                continue
            if entry.small:
                self._cache.put(name, entry.info.version, rows)
            self._unread.pop(name, None)
            return rows
        if (last := self._cache.get_any_version(name)) is not None:
            return last
        self._unread[name] = (entry, fault)
        raise unreadable_error(fault)

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
        """Make or replace a layer as ``<name>.parquet``; whole or not at all.

        Columns that are not named are guessed, as for a file that no catalogue names. A file
        that held the old layer under another name, and nothing else, is removed.

        Raises
        ------
        LayerExistsError
            With ``new``, when there is one of that name, even one of this very moment.
        StoreError
            When the name, the frame or its CRS is not fit, the catalogue is broken, or the disk
            does not take it; the old layer is still there.
        """
        check_name(name)
        columns = {"id": id_column, "time": time_columns, "label": label_column}
        said = {key: value or None for key, value in columns.items() if value is not None}
        write = written(name, frame, said)
        with atomic_files.folder_lock(self._folder):
            before = self._refresh().entries.get(name)
            if new and (before or name in {fault.name for fault in self.faults()}):
                raise name_exists_error(name)
            colour = before.info.colour if before else ""
            item = CatalogueEntry(
                name, title or name, f"{name}.parquet", None, said, attribution, colour
            )
            text = catalogue.update_catalogue_text(self._folder, name, item)
            fill = partial(self._fill, write)
            atomic_files.replace_files(
                {self._folder / item.file: fill, self._folder / CATALOGUE: text_writer(text)}
            )
            if (
                before is not None
                and before.file != item.file
                and self._refresh().is_only_layer(before)
            ):
                (self._folder / before.file).unlink(missing_ok=True)
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
        LayerNotFoundError, LayerUnreadableError
        StoreError
            When there is no such column, the colour is none, or the catalogue is broken.
        """
        colour = catalogue.check_colour(colour)
        with atomic_files.folder_lock(self._folder):
            entry = self._refresh().entry(name)
            if label_column is not None and label_column not in entry.columns:
                msg = f"Layer {name!r} has no column {label_column!r}. Choose one that it has."
                raise StoreError(msg)
            old = entry.info
            said = {"id": old.id_column, "time": old.time_columns, "label": label_column}
            item = CatalogueEntry(
                name, title or name, entry.file, entry.table, said, old.attribution, colour
            )
            text = catalogue.update_catalogue_text(self._folder, name, item)
            atomic_files.replace_files({self._folder / CATALOGUE: text_writer(text)})
        return self.layer(name)

    def remove(self, name: str) -> None:
        """Delete a layer's file and its entry in the catalogue.

        Raises
        ------
        LayerNotFoundError
        StoreError
            When its file holds other layers too, or cannot be deleted.
        """
        with atomic_files.folder_lock(self._folder):
            snapshot = self._refresh()
            entry = snapshot.entries.get(name)
            broken = [fault.file for fault in snapshot.faults if fault.name == name]
            if entry is not None and not snapshot.is_only_layer(entry):
                msg = (
                    f"Layer {name!r} is one of several in {entry.file!r}, which stays as it is. "
                    "Take it out with the program that made the file."
                )
                raise StoreError(msg)
            file = entry.file if entry else broken[0] if broken else None
            if file is None or file == CATALOGUE:
                raise not_found_error(name, snapshot.entries)
            text = catalogue.update_catalogue_text(self._folder, name, None)
            try:
                (self._folder / file).unlink(missing_ok=True)
            except OSError as error:
                msg = f"{file!r} cannot be deleted ({error.strerror}). Delete it by hand."
                raise StoreError(msg) from error
            if (self._folder / CATALOGUE).exists():
                atomic_files.replace_files({self._folder / CATALOGUE: text_writer(text)})

    def _fill(self, write: Callable[[Path], None], beside: Path) -> None:
        write(beside)
        if self._trial is not None:
            self._trial.mark_safe(atomic_files.read_file_state(beside))

    def _refresh(self) -> Snapshot:
        """The folder as it is; only files that changed since the last look are opened."""
        listing = atomic_files.list_files(self._folder)
        now = self._snapshot
        if now.is_current(listing):
            return now
        with self._lock:
            for _ in range(_TRIES):  # a file may be replaced while it is looked at
                listing = atomic_files.list_files(self._folder)
                if self._snapshot.is_current(listing):
                    break
                before = self._snapshot.listing
                self._snapshot = self._looker.scan_folder(listing, self._snapshot)
                for name in before.keys() - listing.keys():
                    close_file(self._folder / name)
                batches.forget(self, self._snapshot.entries)
            return self._snapshot
