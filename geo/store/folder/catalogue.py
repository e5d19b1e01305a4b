"""``catalogue.json``: metadata of a folder's layers that is not in the files."""

import json
import re
import zlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from geo.errors import StoreError
from geo.store.core.api import LayerFault, NamedColumns, check_name
from geo.store.core.errors import FileFaultError
from geo.store.core.time_zone import check_time_zone
from geo.store.folder.atomic_files import CATALOGUE, FileState, read_file_state
from geo.text.slugs import make_layer_name

_TEXTS = ("title", "attribution", "layer", "id", "label", "colour", "time_zone")
_KEYS = {"name", "file", "time", *_TEXTS}
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_REMEDY = "Mend it in a text editor; until then the files are listed without it."


@dataclass(frozen=True)
class CatalogueEntry:
    """The metadata of one layer. A column that is not in ``named`` is detected from the data."""

    name: str
    title: str
    file: str
    table: str | None = None
    named: NamedColumns = field(default_factory=NamedColumns)
    attribution: str = ""
    colour: str = ""
    time_zone: str = ""
    """Empty: the case's."""

    @property
    def token(self) -> str:
        """A checksum of the metadata."""
        values = [self.name, self.title, self.table, dict(self.named), self.attribution]
        values += [self.colour] if self.colour or self.time_zone else []
        values += [self.time_zone] if self.time_zone else []
        text = json.dumps(values)
        return f"{zlib.crc32(text.encode()):08x}"


@dataclass(frozen=True)
class Catalogue:
    """The valid entries of a catalogue, in its order, and the faults of the others."""

    entries: tuple[CatalogueEntry, ...] = ()
    faults: tuple[LayerFault, ...] = ()


def load_catalogue(folder: Path, found: FileState) -> Catalogue:
    """Read the catalogue of a folder. An invalid entry does not hide the valid ones."""
    try:
        _, records = _read_records(folder, found)
    except FileFaultError as error:
        return Catalogue(faults=(LayerFault("catalogue", CATALOGUE, error.why, error.remedy),))
    entries: dict[str, CatalogueEntry] = {}
    faults = []
    for number, record in enumerate(records, 1):
        name = record.get("name") if isinstance(record, dict) else None
        try:
            entry = _parse_entry(record)
            if entry.name in entries:
                msg = f"The name {entry.name!r} is given twice."
                raise FileFaultError(msg, "Give each layer its own name.")
            entries[entry.name] = entry
        except FileFaultError as error:
            why = f"Layer number {number}: {error.why}"
            fault_name = make_layer_name(str(name or ""))
            faults.append(LayerFault(fault_name, CATALOGUE, why, error.remedy))
    return Catalogue(tuple(entries.values()), tuple(faults))


def _read_records(folder: Path, found: FileState) -> tuple[dict[str, object], list[Any]]:
    """Return the whole document, and its layers."""
    if found.problem:
        raise FileFaultError(*found.problem)
    try:
        document = json.loads((folder / CATALOGUE).read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        document = {}
    except json.JSONDecodeError as error:
        why = f"It is not JSON: line {error.lineno}, column {error.colno}: {error.msg}."
        raise FileFaultError(why, _REMEDY) from error
    except (OSError, UnicodeDecodeError, RecursionError) as error:
        raise FileFaultError(f"It cannot be read ({type(error).__name__}).", _REMEDY) from error
    if not isinstance(document, dict):
        raise FileFaultError('It is not of the form {"layers": [...]}.', _REMEDY)
    records = document.get("layers", [])
    if not isinstance(records, list):
        raise FileFaultError("Its 'layers' is not a list.", _REMEDY)
    return document, records


def _parse_entry(entry: object) -> CatalogueEntry:
    """Parse one record; FileFaultError if it is invalid."""
    if not isinstance(entry, dict):
        raise FileFaultError("It is not an object with name and file.", _REMEDY)
    try:
        name = check_name(entry.get("name", ""))
    except StoreError as error:
        raise FileFaultError(str(error), "") from error
    file = entry.get("file")
    if not isinstance(file, str) or not file or file != Path(file).name or file.startswith("."):
        why = f"Its file is {str(file)!r}, not the name of a file in the folder."
        raise FileFaultError(why, "Give the plain name, such as 'roads.parquet'.")
    for key in _TEXTS:
        if not isinstance(entry.get(key), (str, type(None))):
            raise FileFaultError(f"Its {key!r} is not text.", "Put it in double quotes.")
    named = cast(NamedColumns, {role: entry[role] for role in ("id", "label") if role in entry})
    if "time" in entry:
        named["time"] = _parse_times(entry["time"])
    title, attribution = entry.get("title") or name, entry.get("attribution") or ""
    colour = check_colour(entry.get("colour") or "")
    zone = _parse_time_zone(entry.get("time_zone") or "")
    return CatalogueEntry(name, title, file, entry.get("layer"), named, attribution, colour, zone)


def check_colour(colour: str) -> str:
    """Return a colour #rrggbb (or empty) in lower case; FileFaultError for anything else."""
    if colour and not _COLOUR.fullmatch(colour):
        raise FileFaultError(f"Its colour is {colour!r}.", "Write it as #rrggbb, such as #4a7c59.")
    return colour.lower()


def _parse_time_zone(zone: str) -> str:
    try:
        return check_time_zone(zone)
    except StoreError as error:
        raise FileFaultError(f"Its time_zone: {error}", "") from error


def _parse_times(value: object) -> tuple[str, str] | None:
    if value is None:
        return None
    if isinstance(value, list) and len(value) == 2 and all(isinstance(one, str) for one in value):
        return value[0], value[1]
    raise FileFaultError("Its 'time' is not [from, to].", "Name two columns, or one twice.")


def update_catalogue_text(folder: Path, name: str, entry: CatalogueEntry | None) -> str:
    """Return the catalogue's text with one layer added, replaced in its place, or removed.

    Keys that the store does not know are kept. StoreError when the existing catalogue is broken:
    it must not be overwritten.
    """
    try:
        document, records = _read_records(folder, read_file_state(folder / CATALOGUE))
    except FileFaultError as error:
        msg = f"{CATALOGUE} is broken, so nothing is written. {error.why} Mend or remove it first."
        raise StoreError(msg) from error
    same = [n for n, one in enumerate(records) if isinstance(one, dict) and one.get("name") == name]
    old = records[same[0]] if same else {}
    at = same[0] if same else len(records)
    records = [one for n, one in enumerate(records) if n not in same]
    if entry is not None:
        new = {"name": name, "title": entry.title, "file": entry.file, **entry.named}
        new |= {"attribution": entry.attribution}
        new |= {"layer": entry.table} if entry.table else {}
        new |= {"colour": entry.colour} if entry.colour else {}
        new |= {"time_zone": entry.time_zone} if entry.time_zone else {}
        new |= {key: value for key, value in old.items() if key not in _KEYS}
        records.insert(at, new)
    return json.dumps(document | {"layers": records}, ensure_ascii=False, indent=2) + "\n"
