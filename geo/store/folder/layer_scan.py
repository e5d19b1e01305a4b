"""Scans a file for layers: the info of each, or why it cannot be read."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from geo.store.core import normalise
from geo.store.core.api import LayerFault, LayerInfo
from geo.store.core.errors import FileFaultError, describe_fault
from geo.store.core.time_zone import case_time_zone
from geo.store.folder.atomic_files import FileState, check_unchanged, content_hash
from geo.store.folder.catalogue import CatalogueEntry
from geo.store.folder.column_roles import detect_roles, read_first_and_last_day
from geo.store.formats.format_reader import LayerReader, check_magic
from geo.store.formats.parquet import ParquetReader, as_batch_reader
from geo.store.query.layer_cache import LayerCache
from geo.store.query.row_filter import FilterableRows
from geo.text.slugs import make_layer_name

Problem = tuple[str, str]  # why, remedy


@dataclass(frozen=True)
class ScanLimits:
    """Bytes: the largest small file, and the largest file to open (decoded)."""

    small: int
    largest: int


@dataclass(frozen=True)
class LayerEntry:
    """A layer that can be read, and its file."""

    info: LayerInfo
    file: str
    table: str | None
    columns: tuple[str, ...]
    state: FileState
    small: bool
    supports_batches: bool


@dataclass(frozen=True)
class Scanned:
    """The layers and faults of one file."""

    entries: tuple[LayerEntry, ...] = ()
    faults: tuple[LayerFault, ...] = ()


def scan_file(
    path: Path,
    state: FileState,
    named: Sequence[CatalogueEntry],
    limits: ScanLimits,
    cache: LayerCache,
) -> Scanned:
    """Find the layers of one file; put the rows of small ones into the cache.

    ``state``: when it was listed. ``named``: the catalogue's entries for this file.
    """
    own = named[0].name if named else make_layer_name(path.stem)
    try:
        if state.problem:
            raise FileFaultError(*state.problem)
        check_magic(path)
        version = content_hash(path)
        found = _list_tables(path, named)
    except Exception as error:  # a broken file may make a library raise anything
        return Scanned(faults=(describe_fault(error, own, path),))
    entries: list[LayerEntry] = []
    faults: list[LayerFault] = []
    for one, table, problem in found:
        try:
            if problem:
                raise FileFaultError(*problem)
            entry, held = _read_layer(path, state, one, table, version, limits)
            check_unchanged(path, state)
        except Exception as error:  # as above
            faults.append(describe_fault(error, one.name, path))
        else:
            entries.append(entry)
            if held is not None:
                cache.put(entry.info.name, entry.info.version, held)
    return Scanned(tuple(entries), tuple(faults))


def open_reader(
    path: Path, table: str | None, limits: ScanLimits, *, known: bool = False
) -> LayerReader:
    """Return the reader for a file's suffix, after a check of its magic bytes.

    ``known``: the file passed the size limit before, and has not changed.
    """
    check_magic(path)
    suffix = path.suffix.lower()
    if suffix == ".gpkg":
        from geo.store.formats.geopackage import GeopackageReader

        _check_file_size(path, limits.largest)
        return GeopackageReader(path, str(table))
    if suffix == ".geojson":
        from geo.store.formats.geojson import GeojsonReader

        _check_file_size(path, limits.largest // 10)
        return GeojsonReader(path.read_bytes())
    return ParquetReader(path, None if known else limits.largest)


def _check_file_size(path: Path, most: int) -> None:
    size = path.stat().st_size
    if size > most:
        why = f"It has {size / 1e6:,.0f} MB; the limit for its format is {most / 1e6:,.0f} MB."
        raise FileFaultError(why, "Save it as GeoParquet, or split it.")


def _list_tables(
    path: Path, named: Sequence[CatalogueEntry]
) -> list[tuple[CatalogueEntry, str | None, Problem | None]]:
    """Return the catalogue entry, table and known problem of every layer of a file."""
    if path.suffix.lower() != ".gpkg":
        detected = CatalogueEntry(make_layer_name(path.stem), path.stem, path.name)
        return [(one, None, None) for one in named or [detected]]
    from geo.store.formats.geopackage import list_tables

    good, bad = list_tables(path)
    if not good and not bad:
        raise FileFaultError("It holds no layer.", "Export the layer into it again.")
    found: list[tuple[CatalogueEntry, str | None, Problem | None]] = []
    for one in named:
        table = one.table or (good[0] if len(good) == 1 else None)
        problem = None if table in good else _explain_missing_table(one.table, good)
        found.append((one, table, problem))
    taken = {table for _, table, _ in found}
    alone = len(good) + len(bad) == 1
    view = "It is a view or a virtual table, which is not opened.", "Export it as a table."
    for table in [*good, *bad]:
        if table not in taken:
            stem = path.stem if alone else f"{path.stem}-{table}"
            entry = CatalogueEntry(make_layer_name(stem), stem, path.name, table)
            found.append((entry, table, view if table in bad else None))
    return found


def _explain_missing_table(table: str | None, good: Sequence[str]) -> Problem:
    there = ", ".join(map(repr, good)) or "none"
    if table is None:
        why = f"The catalogue does not say which of its layers is meant: {there}."
        return why, 'Add "layer": "…" to the catalogue\'s entry.'
    return f"It has no layer {table!r}; it has {there}.", "Correct the catalogue's entry."


def _read_layer(
    path: Path,
    state: FileState,
    known: CatalogueEntry,
    table: str | None,
    version: str,
    limits: ScanLimits,
) -> tuple[LayerEntry, FilterableRows | None]:
    """Return one layer's entry, and its rows if it is small."""
    reader = open_reader(path, table, limits)
    id_column, times, label = detect_roles(known, reader)
    small = path.stat().st_size <= limits.small and reader.decoded_bytes <= 32 * limits.small
    header = None if small else reader.read_header()
    if not small and header is None and reader.decoded_bytes > limits.largest:
        why = "Its header does not have the kind of its geometries and their extent."
        raise FileFaultError(why, "A file of this size needs that: write it again with geopandas.")
    zone = known.time_zone or case_time_zone()
    frame = None if header else normalise.normalise(reader.read_frame(), id_column, times, zone)
    if frame is not None:
        shapes = frame.geometry
        header = normalise.classify_geometry(shapes), normalise.compute_extent(shapes)
    kind, extent = header or ("none", None)
    first, last = read_first_and_last_day(reader, times, zone)
    info = LayerInfo(
        name=known.name,
        title=known.title,
        geometry=kind,
        extent=extent,
        date_from=first,
        date_to=last,
        rows=reader.rows,
        version=f"{version}{known.token}",
        id_column=id_column,
        time_columns=times,
        label_column=label,
        attribution=known.attribution,
        colour=known.colour,
        time_zone=zone,
    )
    batched = as_batch_reader(reader) is not None
    entry = LayerEntry(info, path.name, table, tuple(reader.columns), state, small, batched)
    return entry, FilterableRows(frame, info) if small and frame is not None else None
