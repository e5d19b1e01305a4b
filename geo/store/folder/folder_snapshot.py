"""A folder's layers at one moment, updated from the previous snapshot."""

import hashlib
import math
import time
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from geo.store.core.api import LayerFault, LayerInfo
from geo.store.core.errors import not_found_error, unreadable_error
from geo.store.folder.atomic_files import CATALOGUE, FileState
from geo.store.folder.catalogue import Catalogue, load_catalogue
from geo.store.folder.layer_scan import LayerEntry, ScanLimits, Scanned, scan_file
from geo.store.folder.parquet_probe import FATAL, ParquetProbe
from geo.store.query.layer_cache import LayerCache

_MISSING = (
    "The catalogue names this file, but no such layer file is in the folder.",
    "Put it there, or take it out of the catalogue.",
)


@dataclass(frozen=True)
class Snapshot:
    """The folder as it was when it was last scanned."""

    listing: dict[str, FileState] = field(default_factory=dict)
    catalogue: Catalogue = field(default_factory=Catalogue)
    scanned: dict[str, tuple[object, Scanned]] = field(default_factory=dict)
    """File -> (key, result): the result is valid while the key is the same."""
    entries: dict[str, LayerEntry] = field(default_factory=dict)
    infos: tuple[LayerInfo, ...] = ()
    faults: tuple[LayerFault, ...] = ()
    until: float = -math.inf
    """When to scan again even if nothing changes, seconds since 1970."""

    @cached_property
    def version(self) -> str:
        """A short token over all layers and faults."""
        text = repr((self.infos, self.faults))
        return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()

    def is_current(self, listing: dict[str, FileState]) -> bool:
        """Whether the snapshot describes a folder with these files."""
        return listing == self.listing and time.time() < self.until

    def entry(self, name: str) -> LayerEntry:
        """Return a layer's entry, or raise LayerNotFoundError or LayerUnreadableError."""
        if name in self.entries:
            return self.entries[name]
        fault = next((one for one in self.faults if one.name == name), None)
        raise unreadable_error(fault) if fault else not_found_error(name, self.entries)

    def is_only_layer(self, entry: LayerEntry) -> bool:
        """Whether a layer is the only one in its file."""
        scanned = self.scanned.get(entry.file, (None, Scanned()))[1]
        return len(scanned.entries) + len(scanned.faults) == 1


@dataclass(frozen=True)
class FolderScanner:
    """Scans a store's folder; puts decoded rows of small layers into the cache."""

    folder: Path
    limits: ScanLimits
    cache: LayerCache
    settle_seconds: float
    probe: ParquetProbe | None
    """Tests Parquet files of other writers; None: there are no other writers."""

    def scan_folder(self, listing: dict[str, FileState], old: Snapshot) -> Snapshot:
        """Return a snapshot of these files; open only those that changed since the old one."""
        known = old.catalogue
        if listing.get(CATALOGUE) != old.listing.get(CATALOGUE):
            state = listing.get(CATALOGUE)
            known = load_catalogue(self.folder, state) if state else Catalogue()
        scanned = self._scan_files(listing, known, old)
        found = [one for _, one in scanned.values()]
        entries, faults = _resolve_names(known, [entry for one in found for entry in one.entries])
        files = listing.keys() - {CATALOGUE}
        missing = (item for item in known.entries if item.file not in files)
        missing_faults = (LayerFault(item.name, item.file, *_MISSING) for item in missing)
        faults = [*known.faults, *missing_faults, *faults]
        faults += [fault for one in found for fault in one.faults]
        kept, until = self._keep_unsettled(listing, {fault.file for fault in faults}, entries, old)
        entries |= kept
        self.cache.keep_only(set(entries))
        order = {item.name: number for number, item in enumerate(known.entries)}
        infos = sorted(
            (entry.info for entry in entries.values()),
            key=lambda info: (order.get(info.name, len(order)), info.name),
        )
        return Snapshot(listing, known, scanned, entries, tuple(infos), tuple(faults), until)

    def _scan_files(
        self, listing: dict[str, FileState], known: Catalogue, old: Snapshot
    ) -> dict[str, tuple[object, Scanned]]:
        paths = {self.folder / file: state for file, state in listing.items()}
        fatal = self.probe.find_fatal(paths) if self.probe else set()
        scanned: dict[str, tuple[object, Scanned]] = {}
        for path, state in paths.items():
            if path.name == CATALOGUE:
                continue
            named = tuple(entry for entry in known.entries if entry.file == path.name)
            key = (state, named)
            held = old.scanned.get(path.name)
            if held is None or held[0] != key:
                seen = replace(state, problem=FATAL) if path in fatal else state
                held = (key, scan_file(path, seen, named, self.limits, self.cache))
            scanned[path.name] = held
        return scanned

    def _keep_unsettled(
        self,
        listing: dict[str, FileState],
        broken: set[str],
        entries: dict[str, LayerEntry],
        old: Snapshot,
    ) -> tuple[dict[str, LayerEntry], float]:
        """Return the last good entries of files that are being overwritten, and until when."""
        kept, until = {}, math.inf
        for name, entry in old.entries.items():
            if name in entries or entry.file not in broken or entry.file not in listing:
                continue
            settled = listing[entry.file].changed_at + self.settle_seconds
            if time.time() < settled and self.cache.get_any_version(name) is not None:
                kept[name] = entry
                until = min(until, settled)
        return kept, until


def _resolve_names(
    known: Catalogue, found: Iterable[LayerEntry]
) -> tuple[dict[str, LayerEntry], list[LayerFault]]:
    """Return layers by name. A catalogue entry hides another file with the same name."""
    catalogued = {item.name: item.file for item in known.entries}
    entries: dict[str, LayerEntry] = {}
    faults = []
    for entry in found:
        name = entry.info.name
        if catalogued.get(name, entry.file) != entry.file:
            continue
        if name in entries:
            why = f"It gives the layer name {name!r}, which {entries[name].file!r} has already."
            remedy = "Rename one of them, or name both in catalogue.json."
            faults.append(LayerFault(name, entry.file, why, remedy))
        else:
            entries[name] = entry
    return entries, faults
