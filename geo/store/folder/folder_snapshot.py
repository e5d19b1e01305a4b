"""What a folder holds at one moment, worked out from what it held before."""

import hashlib
import math
import time
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from geo.store.core.api import LayerFault, LayerInfo
from geo.store.core.errors import not_found_error, unreadable_error
from geo.store.folder import catalogue
from geo.store.folder.atomic_files import CATALOGUE, FileState
from geo.store.folder.catalogue import Catalogue
from geo.store.folder.layer_scan import LayerEntry, ScanLimits, Scanned, scan_file
from geo.store.folder.parquet_probe import FATAL, ParquetProbe
from geo.store.query.layer_cache import LayerCache


@dataclass(frozen=True)
class Snapshot:
    """The folder as it was when it was last looked at."""

    listing: dict[str, FileState] = field(default_factory=dict)
    catalogue: Catalogue = field(default_factory=Catalogue)
    scanned: dict[str, tuple[object, Scanned]] = field(default_factory=dict)
    """File -> (what its layers depend on, what is in it)."""
    entries: dict[str, LayerEntry] = field(default_factory=dict)
    infos: tuple[LayerInfo, ...] = ()
    faults: tuple[LayerFault, ...] = ()
    until: float = -math.inf
    """When to look again even if nothing changes, seconds since 1970."""

    @cached_property
    def version(self) -> str:
        """A short token over all layers and faults."""
        told = repr((self.infos, self.faults)).encode()
        return hashlib.blake2b(told, digest_size=8).hexdigest()

    def is_current(self, listing: dict[str, FileState]) -> bool:
        """Whether it still tells what is in the folder."""
        return listing == self.listing and time.time() < self.until

    def entry(self, name: str) -> LayerEntry:
        """One layer's entry; LayerNotFoundError or LayerUnreadableError when there is none."""
        entry = self.entries.get(name)
        if entry is not None:
            return entry
        for fault in self.faults:
            if fault.name == name:
                raise unreadable_error(fault)
        raise not_found_error(name, self.entries)

    def is_only_layer(self, entry: LayerEntry) -> bool:
        """Whether a layer is the only thing in its file."""
        scanned = self.scanned.get(entry.file, (None, Scanned()))[1]
        return len(scanned.entries) + len(scanned.faults) == 1


@dataclass(frozen=True)
class FolderScanner:
    """How a store looks into its folder; decoded rows of small layers go into the cache."""

    folder: Path
    limits: ScanLimits
    cache: LayerCache
    settle: float
    trial: ParquetProbe | None
    """Where files are tried that somebody else may have written; None: there are none."""

    def scan_folder(self, listing: dict[str, FileState], old: Snapshot) -> Snapshot:
        """A snapshot for this listing; only what changed since the old one is opened."""
        said = old.catalogue
        if listing.get(CATALOGUE) != old.listing.get(CATALOGUE):
            said = (
                catalogue.load_catalogue(self.folder, listing[CATALOGUE])
                if CATALOGUE in listing
                else Catalogue()
            )
        fatal = self._fatal(listing)
        scanned: dict[str, tuple[object, Scanned]] = {}
        for file, state in listing.items():
            if file == CATALOGUE:
                continue
            items = tuple(item for item in said.items if item.file == file)
            key = (state, items)
            if file in old.scanned and old.scanned[file][0] == key:
                scanned[file] = old.scanned[file]
                continue
            seen = replace(state, problem=FATAL) if file in fatal else state
            found = scan_file(self.folder / file, seen, items, self.limits)
            for entry, rows in found.rows:
                self.cache.put(entry.info.name, entry.info.version, rows)
            scanned[file] = (key, Scanned(found.entries, found.faults))
        return self._merge(listing, said, scanned, old)

    def _fatal(self, listing: dict[str, FileState]) -> set[str]:
        """Files that would end this process if it opened them."""
        if self.trial is None:
            return set()
        wanted = {self.folder / file: state for file, state in listing.items()}
        return {path.name for path in self.trial.find_fatal(wanted)}

    def _merge(
        self,
        listing: dict[str, FileState],
        said: Catalogue,
        scanned: dict[str, tuple[object, Scanned]],
        old: Snapshot,
    ) -> Snapshot:
        """One list of layers out of what the files hold and the catalogue says."""
        found = [one for _, one in scanned.values()]
        entries, faults = _named(said, [entry for one in found for entry in one.entries])
        faults = [*said.faults, *_absent(said, listing), *faults]
        faults += [fault for one in found for fault in one.faults]
        kept, until = self._settling(listing, {fault.file for fault in faults}, entries, old)
        entries |= kept
        self.cache.keep_only(set(entries))
        order = {item.name: number for number, item in enumerate(said.items)}
        infos = sorted(
            (entry.info for entry in entries.values()),
            key=lambda info: (order.get(info.name, len(order)), info.name),
        )
        return Snapshot(listing, said, scanned, entries, tuple(infos), tuple(faults), until)

    def _settling(
        self,
        listing: dict[str, FileState],
        broken: set[str],
        entries: dict[str, LayerEntry],
        old: Snapshot,
    ) -> tuple[dict[str, LayerEntry], float]:
        """Layers whose file is being written over, still as they were, and until when."""
        kept, until = {}, math.inf
        for name, entry in old.entries.items():
            if name in entries or entry.file not in broken or entry.file not in listing:
                continue
            settled = listing[entry.file].changed_at + self.settle
            if time.time() < settled and self.cache.get_any_version(name) is not None:
                kept[name] = entry
                until = min(until, settled)
        return kept, until


def _absent(said: Catalogue, listing: dict[str, FileState]) -> list[LayerFault]:
    """Faults for what the catalogue names and the folder does not have."""
    why = "The catalogue names this file, but no such layer file is in the folder."
    remedy = "Put it there, or take it out of the catalogue."
    return [
        LayerFault(item.name, item.file, why, remedy)
        for item in said.items
        if item.file not in listing or item.file == CATALOGUE
    ]


def _named(
    said: Catalogue, found: Iterable[LayerEntry]
) -> tuple[dict[str, LayerEntry], list[LayerFault]]:
    """Layers by name. What the catalogue names hides a file that merely has that name."""
    catalogued = {item.name: item.file for item in said.items}
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
