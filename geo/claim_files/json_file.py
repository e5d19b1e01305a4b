"""Read claim files in JSON: the case's own files, an export, or a list of claims."""

import json
import math
from collections.abc import Iterator

from geo.claim_files.columns import ADDED, TABLE_KINDS, TableKind, key_field, list_columns
from geo.claim_files.models import CellFault, RawRow
from geo.claim_files.sheets import SheetReader
from geo.ingest.base.safe_text import printable

_NOTES = ("note", "about")
_DEEPEST = 30


def read_json(body: bytes, reader: SheetReader) -> None:
    """Read the records of a JSON file into a reader, with every fault of its structure."""
    try:
        content = json.loads(_decode(body), parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        lines = error.doc.splitlines()[error.lineno - 1 : error.lineno]
        why = f"not valid JSON at line {error.lineno}, column {error.colno}: {error.msg}"
        return _add_fault(reader, 0, "", "".join(lines).strip(), why, "correct that line")
    except UnicodeDecodeError:
        return _add_fault(reader, 0, "", "", "the file is not UTF-8 text", "save it as UTF-8")
    except (ValueError, RecursionError) as error:
        why = f"not JSON that can be read ({printable(error, 80)})"
        return _add_fault(reader, 0, "", "", why, "write numbers, texts, lists and null only")
    if isinstance(content, dict) and not set(content) & {*TABLE_KINDS} and "source" in content:
        content = [content]  # one claim
    if isinstance(content, list):
        content = {"claims": content}
    if not isinstance(content, dict) or not set(content) & {*TABLE_KINDS}:
        why = "the file has no list of claims, sources, places, origins or systems"
        return _add_fault(reader, 0, "", "", why, 'write {"claims": [...]}')
    _read_about(content.get("about"), reader)
    for key in content.keys() - {*TABLE_KINDS, *_NOTES}:
        why, remedy = "no such part of the file", f"use one of {', '.join(TABLE_KINDS)}"
        _add_fault(reader, 0, key, content[key], why, remedy)
    for kind in TABLE_KINDS:
        for number, entry in enumerate(_as_list(content.get(kind)), 1):
            _add_record(kind, number, entry, reader)


def _decode(body: bytes) -> str:
    return body.decode("utf-8-sig")


def _refuse_constant(text: str) -> object:
    msg = f"{text} is not a number of JSON"
    raise ValueError(msg)


def _as_list(value: object) -> list[object]:
    return [] if value is None else value if isinstance(value, list) else [value]


def _read_about(about: object, reader: SheetReader) -> None:
    exported = about.get("exported") if isinstance(about, dict) else None
    if isinstance(exported, dict):
        for kind, ids in exported.items():
            reader.exported[str(kind)] = tuple(str(one) for one in _as_list(ids))


def _add_record(kind: TableKind, number: int, entry: object, reader: SheetReader) -> None:
    if not isinstance(entry, dict):
        why, remedy = "a record is an object", f'write {{"{key_field(kind)}": ..., ...}}'
        return _add_fault(reader, number, "", entry, why, remedy, kind)
    known = {*ADDED, *(one.name for one in list_columns(kind))}
    for name in entry.keys() - known:
        why = f"no such field of {kind}"
        _add_fault(reader, number, name, entry[name], why, "remove it or correct its name", kind)
    if max(_depths(entry), default=0) > _DEEPEST:
        why, remedy = "the record is nested too deeply", "write it as an export does"
        return _add_fault(reader, number, "", "", why, remedy, kind)
    cells = {name: entry[name] for name in entry if name in known}
    reader.rows.append(RawRow(kind, kind, number, cells))
    return None


def _depths(value: object) -> Iterator[int]:
    """Yield how deep each part of a value is nested, without recursion."""
    waiting = [(value, 0)]
    while waiting:
        one, depth = waiting.pop()
        yield depth
        if isinstance(one, dict):
            waiting += [(inner, depth + 1) for inner in one.values()]
        elif isinstance(one, list):
            waiting += [(inner, depth + 1) for inner in one]


def _add_fault(
    reader: SheetReader,
    row: int,
    field: str,
    value: object,
    why: str,
    remedy: str,
    table: str = "",
) -> None:
    shown = "" if isinstance(value, float) and math.isnan(value) else printable(value, 80)
    reader.faults.append(CellFault(table, row, printable(field, 60), shown, why, remedy))
