"""A folder of files as a layer store."""

import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from geopandas import GeoDataFrame

from geo.errors import StoreError
from geo.store.bulk.index_builder import find_positions, forget_layers
from geo.store.bulk.row_stream import RowStream
from geo.store.core import api, errors
from geo.store.core.time_zone import check_time_zone
from geo.store.folder import atomic_files
from geo.store.folder.atomic_files import CATALOGUE, replace_files
from geo.store.folder.catalogue import CatalogueEntry, check_colour, update_catalogue_text
from geo.store.folder.folder_snapshot import FolderScanner, Snapshot
from geo.store.folder.layer_scan import LayerEntry, ScanLimits
from geo.store.folder.parquet_probe import ParquetProbe
from geo.store.folder.row_reads import close_file, read_batches, read_rows
from geo.store.formats.geoparquet_writer import plan_write
from geo.store.query.layer_cache import LayerCache
from geo.store.query.row_filter import FilterableRows, check_columns

_ATTEMPTS = 3


class FolderStore(api.LayerStore):
    """Layers in the files of one folder (:class:`geo.store.core.api.LayerStore`).

    Files: ``*.parquet``, ``*.geoparquet``, ``*.gpkg`` (each table a layer), ``*.geojson`` and,
    optionally, ``catalogue.json``. Layers are written as GeoParquet. A change in the folder is
    seen at the next call, by the files' modification time, size and inode.

    Files up to ``small_bytes`` are held decoded in ``cache`` (None: an own one of 256 MB). One that
    takes more than ``max_bytes`` when decoded is refused (GeoJSON: a tenth of it on disk). A broken
    file that changed within ``settle_seconds`` counts as being overwritten: it is a fault, and its
    last good copy is used if it is in memory. ``ours``: only this program writes there, so that
    Parquet files are not probed (`folder.parquet_probe`).
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
        self._folder = atomic_files.find_folder(folder)
        self._limits = ScanLimits(small_bytes, max_bytes)
        self._cache = cache if cache is not None else LayerCache(256 * 2**20)
        self._probe = None if ours else ParquetProbe()
        self._scanner = FolderScanner(
            self._folder, self._limits, self._cache, settle_seconds, self._probe
        )
        self._lock = threading.RLock()
        self._snapshot = Snapshot()
        self._unread: dict[str, tuple[LayerEntry, api.LayerFault]] = {}

    def layers(self) -> tuple[api.LayerInfo, ...]:
        """Every layer that can be read, in catalogue order, then by name."""
        return self._refresh().infos

    def layer(self, name: str) -> api.LayerInfo:
        """One layer."""
        return self._refresh().entry(name).info

    def faults(self) -> tuple[api.LayerFault, ...]:
        """The layers that exist and cannot be read."""
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

    def read(self, name: str, query: api.Query = api.EVERYTHING) -> GeoDataFrame:
        """Read rows of a layer (see `LayerStore.read`)."""
        check_columns(name, self._refresh().entry(name).columns, query)
        return self._fetch_rows(name, query).select(query)

    def read_positions(self, name: str, positions: np.ndarray) -> GeoDataFrame:
        """Read the rows at these positions (see `LayerStore.read_positions`)."""
        if len(positions) and positions.max() >= self.layer(name).rows:
            raise errors.replaced_error(name)
        rows = self._fetch_rows(name, api.EVERYTHING, positions).select(api.EVERYTHING)
        return rows if len(rows) == len(positions) else rows.iloc[positions]

    def batch_columns(self, name: str) -> tuple[str, ...] | None:
        """Return a layer's columns in order; None if it can only be read whole."""
        entry = self._refresh().entry(name)
        return entry.columns if entry.supports_batches else None

    def read_batches(
        self, name: str, columns: Sequence[str], *, places: bool = False
    ) -> Iterator[api.Batch]:
        """Yield these columns of all rows of a layer, in file order, each row once."""
        entry = self._refresh().entry(name)
        path = self._folder / entry.file
        try:
            yield from read_batches(entry, path, columns, self._limits, places=places)
        except Exception as error:  # a broken file may make a library raise anything
            raise errors.unreadable_error(errors.describe_fault(error, name, path)) from error

    def _fetch_rows(
        self, name: str, query: api.Query, positions: np.ndarray | None = None
    ) -> FilterableRows:
        """Return rows from the cache, or from the file, which may be replaced meanwhile."""
        for _ in range(_ATTEMPTS):
            entry = self._refresh().entry(name)
            held = self._cache.get(name, entry.info.version)
            if held is not None:
                return held
            path = self._folder / entry.file
            try:
                known = find_positions(self, entry.info, query) if positions is None else positions
                rows = read_rows(entry, path, query, self._limits, known)
            except Exception as error:  # a broken file may make a library raise anything
                fault = errors.describe_fault(error, name, path)
                if atomic_files.read_file_state(path) == entry.state:
                    break  # the file is not being replaced: a retry would fail again
                continue
            if entry.small:
                self._cache.put(name, entry.info.version, rows)
            self._unread.pop(name, None)
            return rows
        if (last := self._cache.get_any_version(name)) is not None:
            return last
        self._unread[name] = (entry, fault)
        raise errors.unreadable_error(fault)

    def write(
        self,
        name: str,
        rows: GeoDataFrame | RowStream,
        spec: api.LayerSpec = api.DETECT_ALL,
        *,
        new: bool = False,
    ) -> api.LayerInfo:
        """Create or replace a layer as ``<name>.parquet``, completely or not at all.

        If the old layer was alone in a file of another name, that file is removed. StoreError when
        the name, the rows or their CRS are invalid, the catalogue is broken, or a file cannot be
        written: the old layer is then unchanged.
        """
        api.check_name(name)
        named, zone = spec.named_columns, check_time_zone(spec.time_zone or "")
        write = plan_write(name, rows, named)
        with atomic_files.folder_lock(self._folder):
            before = self._refresh().entries.get(name)
            if new and (before or name in {fault.name for fault in self.faults()}):
                raise errors.name_exists_error(name)
            colour = before.info.colour if before else ""
            path = self._folder / f"{name}.parquet"
            title = spec.title or name
            entry = CatalogueEntry(
                name, title, path.name, None, named, spec.attribution, colour, zone
            )
            text = update_catalogue_text(self._folder, name, entry)
            replace_files({path: write, self._folder / CATALOGUE: text})
            if self._probe is not None:
                self._probe.mark_safe(atomic_files.read_file_state(path))
            if before and before.file != path.name and self._refresh().is_only_layer(before):
                (self._folder / before.file).unlink(missing_ok=True)
        return self.layer(name)

    def describe(
        self, name: str, *, title: str, label_column: str | None, colour: str = ""
    ) -> api.LayerInfo:
        """Change a layer's catalogue entry; its rows stay as they are.

        Raises StoreError when there is no such layer or column, the colour is invalid, or the
        catalogue is broken.
        """
        colour = check_colour(colour)
        with atomic_files.folder_lock(self._folder):
            snapshot = self._refresh()
            entry = snapshot.entry(name)
            errors.check_label_column(name, label_column, entry.columns)
            zones = {one.name: one.time_zone for one in snapshot.catalogue.entries}
            old = entry.info
            named = api.NamedColumns(id=old.id_column, time=old.time_columns, label=label_column)
            changed = CatalogueEntry(
                *(name, title or name, entry.file, entry.table, named, old.attribution, colour),
                zones.get(name, ""),
            )
            text = update_catalogue_text(self._folder, name, changed)
            replace_files({self._folder / CATALOGUE: text})
        return self.layer(name)

    def remove(self, name: str) -> None:
        """Delete a layer's file and its catalogue entry.

        Raises StoreError when its file has other layers too, or cannot be deleted.
        """
        with atomic_files.folder_lock(self._folder):
            snapshot = self._refresh()
            entry = snapshot.entries.get(name)
            broken = [fault.file for fault in snapshot.faults if fault.name == name]
            if entry is not None and not snapshot.is_only_layer(entry):
                msg = f"Layer {name!r} is one of several in {entry.file!r}, which stays as it is."
                raise StoreError(f"{msg} Take it out with the program that made the file.")
            file = entry.file if entry else broken[0] if broken else None
            if file is None or file == CATALOGUE:
                raise errors.not_found_error(name, snapshot.entries)
            text = update_catalogue_text(self._folder, name, None)
            atomic_files.delete_file(self._folder / file)
            if (self._folder / CATALOGUE).exists():
                replace_files({self._folder / CATALOGUE: text})

    def _refresh(self) -> Snapshot:
        """Return the folder's current snapshot; only files that changed are opened."""
        listing = atomic_files.list_files(self._folder)
        now = self._snapshot
        if now.is_current(listing):
            return now
        with self._lock:
            for _ in range(_ATTEMPTS):  # a file may be replaced during the scan
                listing = atomic_files.list_files(self._folder)
                if self._snapshot.is_current(listing):
                    break
                before = self._snapshot.listing
                self._snapshot = self._scanner.scan_folder(listing, self._snapshot)
                for name in before.keys() - listing.keys():
                    close_file(self._folder / name)
                forget_layers(self, self._snapshot.entries)
            return self._snapshot
