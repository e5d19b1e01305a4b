"""From a file to the layers in it: what each is, or why it cannot be read."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from geo.store.core import normalise
from geo.store.core.api import LayerFault, LayerInfo
from geo.store.core.errors import FileFaultError, describe_fault
from geo.store.folder.atomic_files import FileState, check_unchanged, content_hash
from geo.store.folder.catalogue import CatalogueEntry, slug
from geo.store.folder.column_roles import detect_roles, read_first_and_last_day
from geo.store.formats.format_reader import LayerReader, as_batch_reader, check_magic
from geo.store.query.row_filter import FilterableRows


@dataclass(frozen=True)
class ScanLimits:
    """Bytes: what counts as a small file, and what is too large to open (decoded)."""

    small: int
    largest: int


@dataclass(frozen=True)
class LayerEntry:
    """A layer that can be read, and where it is read from."""

    info: LayerInfo
    file: str
    table: str | None
    columns: frozenset[str]
    state: FileState
    small: bool
    partwise: tuple[str, ...] | None = None
    """The columns in order, where parts can be read."""


@dataclass(frozen=True)
class Scanned:
    """What one file holds. ``rows``: those of its small layers, by name."""

    entries: tuple[LayerEntry, ...] = ()
    faults: tuple[LayerFault, ...] = ()
    rows: tuple[tuple[LayerEntry, FilterableRows], ...] = ()


def scan_file(
    path: Path, state: FileState, items: Sequence[CatalogueEntry], limits: ScanLimits
) -> Scanned:
    """Look into one file.

    Parameters
    ----------
    path, state
        The file, and its outside when it was listed.
    items
        What the catalogue says of layers in this file.
    limits
        Which layers to decode whole and hand back with their rows.
    """
    own = items[0].name if items else slug(path.stem)
    try:
        if state.problem:
            raise FileFaultError(*state.problem)
        check_magic(path)
        version = content_hash(path)
        found = _tables(path, items)
    except Exception as error:  # whatever a broken file makes a library raise: it stays one fault
        return Scanned(faults=(describe_fault(error, own, path),))
    entries: list[LayerEntry] = []
    faults: list[LayerFault] = []
    rows: list[tuple[LayerEntry, FilterableRows]] = []
    for item, table, problem in found:
        try:
            if problem:
                raise FileFaultError(*problem)
            entry, held = _layer(path, state, item, table, version, limits)
            check_unchanged(path, state)
        except Exception as error:  # as above
            faults.append(describe_fault(error, item.name, path))
        else:
            entries.append(entry)
            rows += [(entry, held)] if held else []
    return Scanned(tuple(entries), tuple(faults), tuple(rows))


def open_reader(
    path: Path, table: str | None, limits: ScanLimits, *, known: bool = False
) -> LayerReader:
    """The reader for a file, chosen by its name after its content was checked against it.

    ``known``: a file that passed the limits before, and has not changed since.
    """
    check_magic(path)
    suffix = path.suffix.lower()
    if suffix == ".gpkg":
        from geo.store.formats.geopackage import GeopackageReader

        _check_bytes(path, limits.largest)
        return GeopackageReader(path, str(table))
    if suffix == ".geojson":
        from geo.store.formats.geojson import GeojsonReader

        _check_bytes(path, limits.largest // 10)
        return GeojsonReader(path.read_bytes())
    from geo.store.formats.parquet import ParquetReader

    return ParquetReader(path, None if known else limits.largest)


def _check_bytes(path: Path, most: int) -> None:
    size = path.stat().st_size
    if size > most:
        why = f"It has {size / 1e6:,.0f} MB; the limit for its format is {most / 1e6:,.0f} MB."
        raise FileFaultError(why, "Save it as GeoParquet, or split it.")


def _tables(
    path: Path, items: Sequence[CatalogueEntry]
) -> list[tuple[CatalogueEntry, str | None, tuple[str, str] | None]]:
    """Every layer of a file: what is said of it, its table, and what is wrong with it if known."""
    if path.suffix.lower() != ".gpkg":
        return [
            (one, None, None)
            for one in items or [CatalogueEntry(slug(path.stem), path.stem, path.name)]
        ]
    from geo.store.formats.geopackage import list_tables

    good, bad = list_tables(path)
    if not good and not bad:
        raise FileFaultError("It holds no layer.", "Export the layer into it again.")
    found: list[tuple[CatalogueEntry, str | None, tuple[str, str] | None]] = []
    for one in items:
        table = one.table or (good[0] if len(good) == 1 else None)
        problem = None if table in good else _no_table(one.table, good)
        found.append((one, table, problem))
    taken = {table for _, table, _ in found}
    alone = len(good) + len(bad) == 1
    for table in [*good, *bad]:
        if table not in taken:
            stem = path.stem if alone else f"{path.stem}-{table}"
            item = CatalogueEntry(slug(stem), stem, path.name, table)
            view = (
                "It is a view or a virtual table, which is not opened.",
                "Export it as a table.",
            )
            found.append((item, table, view if table in bad else None))
    return found


def _no_table(table: str | None, good: Sequence[str]) -> tuple[str, str]:
    there = ", ".join(map(repr, good)) or "none"
    if table is None:
        why = f"The catalogue does not say which of its layers is meant: {there}."
        return why, 'Add "layer": "…" to the catalogue\'s entry.'
    return f"It has no layer {table!r}; it has {there}.", "Correct the catalogue's entry."


def _layer(
    path: Path,
    state: FileState,
    item: CatalogueEntry,
    table: str | None,
    version: str,
    limits: ScanLimits,
) -> tuple[LayerEntry, FilterableRows | None]:
    """One layer's entry, with its rows when it is small."""
    reader = open_reader(path, table, limits)
    id_column, times, label = detect_roles(item, reader)
    small = path.stat().st_size <= limits.small and reader.size <= 32 * limits.small
    facts = None if small else reader.facts()
    if not small and facts is None and reader.size > limits.largest:
        why = "Its header does not say of what kind its places are and how far they reach."
        raise FileFaultError(why, "A file of its size needs that: write it anew with geopandas.")
    tidy = None if facts else normalise.normalise(reader.frame(), id_column, times)
    if tidy is not None:
        facts = normalise.classify_geometry(tidy.geometry), normalise.compute_extent(tidy.geometry)
    kind, extent = facts or ("none", None)
    first, last = read_first_and_last_day(reader, times)
    info = LayerInfo(
        name=item.name,
        title=item.title,
        geometry=kind,
        extent=extent,
        date_from=first,
        date_to=last,
        rows=reader.rows,
        version=f"{version}{item.token}",
        id_column=id_column,
        time_columns=times,
        label_column=label,
        attribution=item.attribution,
        colour=item.colour,
    )
    partwise = tuple(reader.columns) if as_batch_reader(reader) else None
    entry = LayerEntry(info, path.name, table, frozenset(reader.columns), state, small, partwise)
    return entry, FilterableRows(tidy, info) if small and tidy is not None else None
