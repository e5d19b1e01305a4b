"""The columns of each table of a claim file, taken from the models of the records."""

import types
import typing
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Annotated, Literal, get_args, get_origin

from geo.evidence.models import Claim, Place, Source
from geo.evidence.origins import Origin
from geo.evidence.record import Record
from geo.evidence.system_names import System
from geo.ledger.models import RecordKind

TableKind = Literal["claims", "sources", "places", "origins", "systems"]
CellKind = Literal["text", "word", "day", "whole", "number", "list", "pairs", "json"]
TABLE_KINDS: tuple[TableKind, ...] = get_args(TableKind)
MODELS: dict[TableKind, type[Record]] = {
    "claims": Claim,
    "sources": Source,
    "places": Place,
    "origins": Origin,
    "systems": System,
}
RECORD_KINDS: dict[TableKind, RecordKind] = {
    "claims": "claim",
    "sources": "source",
    "places": "place",
    "origins": "origin",
    "systems": "system",
}
WITHDRAW = "withdraw"
RECORD_VERSION = "record_version"
DATA_VERSION = "data_version"
ADDED = (WITHDRAW, RECORD_VERSION, DATA_VERSION)
"""Columns that are no field of a record."""
_REFERS: dict[tuple[TableKind, str], TableKind] = {
    ("claims", "source"): "sources",
    ("claims", "place"): "places",
    ("claims", "systems"): "systems",
    ("claims", "origins"): "origins",
    ("systems", "family"): "systems",
}


@dataclass(frozen=True)
class FileColumn:
    """One column: the field that it holds, and how a cell of it is written."""

    name: str
    kind: CellKind
    optional: bool
    words: tuple[str, ...] = ()
    refers: TableKind | None = None


def key_field(kind: TableKind) -> str:
    """Return the field that names a record of a table."""
    return "name" if kind == "systems" else "id"


@cache
def list_columns(kind: TableKind) -> tuple[FileColumn, ...]:
    """Return the columns of a table, in the order of the record's fields."""
    found = []
    for name, field in MODELS[kind].model_fields.items():
        types_, optional = _unwrap(field.annotation)
        cell, words = _find_kind(types_)
        refers = _REFERS.get((kind, name))
        optional = optional or not field.is_required()
        found.append(FileColumn(name, cell, optional, words, refers))
    return tuple(found)


@cache
def find_column(kind: TableKind, name: str) -> FileColumn | None:
    """Return a column by its name, or None."""
    return next((one for one in list_columns(kind) if one.name == name), None)


def _unwrap(annotation: object) -> tuple[list[object], bool]:
    """Return the types of an annotation without None, and whether None is among them."""
    if get_origin(annotation) is Annotated:
        return _unwrap(get_args(annotation)[0])
    if isinstance(annotation, typing.TypeAliasType if hasattr(typing, "TypeAliasType") else ()):
        return _unwrap(annotation.__value__)
    if get_origin(annotation) in (typing.Union, types.UnionType):
        found: list[object] = []
        optional = False
        for one in get_args(annotation):
            inner, none = _unwrap(one)
            found += inner
            optional |= none or one is type(None)
        return [one for one in found if one is not type(None)], optional
    return [annotation], False


def _find_kind(found: list[object]) -> tuple[CellKind, tuple[str, ...]]:
    if all(get_origin(one) is Literal for one in found):
        return "word", tuple(str(word) for one in found for word in get_args(one))
    if len(found) != 1:
        return "json", ()
    one = found[0]
    plain: dict[object, CellKind] = {str: "text", date: "day", int: "whole", float: "number"}
    if one in plain:
        return plain[one], ()
    arguments = get_args(one)
    if get_origin(one) is tuple and len(arguments) == 2 and arguments[1] is Ellipsis:
        inner, words = _find_kind(_unwrap(arguments[0])[0])
        return ("list", words) if inner in ("text", "word") else ("json", ())
    if get_origin(one) is dict and _find_kind(_unwrap(arguments[1])[0])[0] in ("text", "word"):
        return "pairs", _find_kind(_unwrap(arguments[1])[0])[1]
    return "json", ()
