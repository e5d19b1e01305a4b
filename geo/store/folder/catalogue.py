"""``catalogue.json``: what a folder says of its layers beyond what the files say themselves."""

import json
import re
import unicodedata
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from geo.errors import StoreError
from geo.store.core.api import LayerFault, check_name
from geo.store.core.errors import FileFaultError
from geo.store.folder.atomic_files import CATALOGUE, FileState, read_file_state

_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_REMEDY = "Mend it in a text editor; until then the files are listed without it."


@dataclass(frozen=True)
class CatalogueEntry:
    """What is said of one layer. A column that is not in ``said`` is guessed from the data."""

    name: str
    title: str
    file: str
    table: str | None = None
    said: Mapping[str, Any] = field(default_factory=dict)
    """``id`` (str), ``time`` ((from, to)) and ``label`` (str), as far as they are given; None
    means that there is no such column."""
    attribution: str = ""
    colour: str = ""

    @property
    def token(self) -> str:
        """Changes when anything that is said changes."""
        told = [self.name, self.title, self.table, dict(self.said), self.attribution]
        text = json.dumps([*told, self.colour] if self.colour else told)
        return f"{zlib.crc32(text.encode()):08x}"


@dataclass(frozen=True)
class Catalogue:
    """The items of a catalogue in its order, and what is wrong with the others."""

    items: tuple[CatalogueEntry, ...] = ()
    faults: tuple[LayerFault, ...] = ()


def load_catalogue(folder: Path, found: FileState) -> Catalogue:
    """The catalogue of a folder. A bad item does not hide the good ones."""
    try:
        if found.problem:
            raise FileFaultError(*found.problem)
        entries = _entries(_document(folder))
    except FileFaultError as error:
        return Catalogue(faults=(LayerFault("catalogue", CATALOGUE, error.why, error.remedy),))
    items: dict[str, CatalogueEntry] = {}
    faults = []
    for number, entry in enumerate(entries, 1):
        name = entry.get("name") if isinstance(entry, dict) else None
        try:
            item = _item(entry)
            if item.name in items:
                msg = f"The name {item.name!r} is given twice."
                raise FileFaultError(msg, "Give each layer its own name.")
            items[item.name] = item
        except FileFaultError as error:
            why = f"Layer number {number}: {error.why}"
            faults.append(LayerFault(slug(str(name or "")), CATALOGUE, why, error.remedy))
    return Catalogue(tuple(items.values()), tuple(faults))


def _document(folder: Path) -> dict[str, Any]:
    try:
        text = (folder / CATALOGUE).read_text(encoding="utf-8-sig")
        document = json.loads(text)
    except FileNotFoundError:
        return {"layers": []}
    except json.JSONDecodeError as error:
        why = f"It is not JSON: line {error.lineno}, column {error.colno}: {error.msg}."
        raise FileFaultError(why, _REMEDY) from error
    except (OSError, UnicodeDecodeError, RecursionError) as error:
        raise FileFaultError(f"It cannot be read ({type(error).__name__}).", _REMEDY) from error
    if not isinstance(document, dict):
        raise FileFaultError('It is not of the form {"layers": [...]}.', _REMEDY)
    return document


def _entries(document: dict[str, Any]) -> list[Any]:
    entries = document.get("layers", [])
    if not isinstance(entries, list):
        raise FileFaultError("Its 'layers' is not a list.", _REMEDY)
    return entries


def _item(entry: Any) -> CatalogueEntry:
    """One entry as an item; FileFaultError says what is wrong with it."""
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
    for key in ("title", "attribution", "layer", "id", "label", "colour"):
        if not isinstance(entry.get(key), (str, type(None))):
            raise FileFaultError(f"Its {key!r} is not text.", "Put it in double quotes.")
    said = {key: entry[key] for key in ("id", "label") if key in entry}
    if "time" in entry:
        said["time"] = _times(entry["time"])
    title, attribution = entry.get("title") or name, entry.get("attribution") or ""
    colour = check_colour(entry.get("colour") or "")
    return CatalogueEntry(name, title, file, entry.get("layer"), said, attribution, colour)


def check_colour(colour: str) -> str:
    """Return a colour as #rrggbb, or none at all; FileFaultError for anything else."""
    if colour and not _COLOUR.fullmatch(colour):
        raise FileFaultError(f"Its colour is {colour!r}.", "Write it as #rrggbb, such as #4a7c59.")
    return colour.lower()


def _times(value: Any) -> tuple[str, str] | None:
    if value is None:
        return None
    if isinstance(value, list) and len(value) == 2 and all(isinstance(one, str) for one in value):
        return value[0], value[1]
    raise FileFaultError("Its 'time' is not [from, to].", "Name two columns, or one twice.")


def update_catalogue_text(folder: Path, name: str, item: CatalogueEntry | None) -> str:
    """The catalogue's text with one layer put in (at its old place, or last) or taken out.

    Keys that the store does not know are kept.

    Raises
    ------
    StoreError
        When the catalogue that is there is broken: it is not written over.
    """
    try:
        problem = read_file_state(folder / CATALOGUE).problem
        if problem:
            raise FileFaultError(*problem)
        document = _document(folder)
        entries = _entries(document)
    except FileFaultError as error:
        msg = f"{CATALOGUE} is broken, so nothing is written. {error.why} Mend or remove it first."
        raise StoreError(msg) from error
    at = [n for n, one in enumerate(entries) if isinstance(one, dict) and one.get("name") == name]
    old = entries[at[0]] if at else {}
    if item is not None:
        known = {"name", "title", "file", "layer", "id", "time", "label", "attribution", "colour"}
        new = {"name": name, "title": item.title, "file": item.file, **item.said}
        new |= {"attribution": item.attribution}
        new |= {"layer": item.table} if item.table else {}
        new |= {"colour": item.colour} if item.colour else {}
        new |= {key: value for key, value in old.items() if key not in known}
        if at:
            entries[at[0]] = new
        else:
            entries.append(new)
    entries = [one for n, one in enumerate(entries) if n not in (at[1:] if item else at)]
    return json.dumps(document | {"layers": entries}, ensure_ascii=False, indent=2) + "\n"


def slug(text: str) -> str:
    """A layer name for any text: plain letters and digits, or "layer-" and a checksum."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    name = re.sub(r"[^a-z0-9_-]+", "-", plain).strip("-_")[:100]
    return name or f"layer-{zlib.crc32(text.encode('utf-8', 'surrogateescape')):08x}"
