"""How a value of a record is written into a cell, and which cells say the same."""

import datetime as dt
import hashlib
import json
import re
from collections.abc import Mapping

from geo.claim_files.columns import FileColumn
from geo.export.data.cell_types import clean_text
from geo.ingest.readers.cell_tables import BadCell
from geo.ledger.models import Fields
from geo.text.escaping import escape_formula

LONGEST = 32_000  # characters of a cell; a workbook holds 32,767
_PAIR_BREAK = re.compile(r"[;:\n]")


def write_cell(value: object, column: FileColumn) -> str | int | float | dt.date | None:
    """Return a value of a record, as JSON has it, as the content of a cell."""
    if value is None or value == [] or value == {}:
        return None
    if column.kind == "day" and isinstance(value, str):
        return dt.date.fromisoformat(value)
    if column.kind == "list" and isinstance(value, (list, tuple)):
        value = _join([str(one) for one in value])
    elif column.kind == "pairs" and isinstance(value, Mapping):
        value = _join_pairs({str(key): str(one) for key, one in value.items()})
    elif isinstance(value, (list, tuple, Mapping)):
        value = json.dumps(value, ensure_ascii=False)
    if isinstance(value, (int, float, dt.date)) and not isinstance(value, bool):
        return value
    text = clean_cell(str(value))
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _join(items: list[str]) -> str:
    if all(map(_is_plain_item, items)):
        return "; ".join(items)
    return json.dumps(items, ensure_ascii=False)


def _is_plain_item(item: str) -> bool:
    whole = item == " ".join(item.split()) and not {";", "\u061b"} & set(item)
    return whole and item[:1] not in ("", "[", "'")


def _join_pairs(pairs: dict[str, str]) -> str:
    texts = [*pairs, *pairs.values()]
    if any(_PAIR_BREAK.search(one) or one.strip() != one for one in texts):
        return json.dumps(pairs, ensure_ascii=False)
    return "; ".join(f"{key}: {value}" for key, value in pairs.items())


def clean_cell(text: str) -> str:
    """Return a text as every format can hold it: no control characters, line ends as a newline."""
    return clean_text(text.replace("\r\n", "\n").replace("\r", "\n"))


def unescape_formula(text: str) -> str:
    """Return a text without the apostrophe that keeps a spreadsheet from evaluating it."""
    rest = text.removeprefix("'")
    return rest if rest != text and escape_formula(rest) == text else text


def is_same_cell(cell: object, value: object, column: FileColumn) -> bool:
    """Return whether a cell is what `write_cell` writes for a value, in any of the formats."""
    written, found = _as_plain(write_cell(value, column)), _as_plain(cell)
    forms = {written, written.strip(), escape_formula(written), escape_formula(written.strip())}
    same = {form.strip() for form in forms}
    return found.strip() in same or unescape_formula(found).strip() in same


def _as_plain(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, dt.datetime) and cell.time() == dt.time():
        cell = cell.date()
    if isinstance(cell, dt.date):
        return cell.isoformat()
    if isinstance(cell, bool):
        return str(cell)
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 2**53:
        return str(int(cell))
    if isinstance(cell, (list, tuple, Mapping)):
        return json.dumps(cell, ensure_ascii=False)
    return clean_cell(str(cell))


def show_cell(cell: object) -> str:
    """Return the content of a cell as a spreadsheet shows it."""
    return cell.text if isinstance(cell, BadCell) else _as_plain(cell)


def hash_record(fields: Fields) -> str:
    """Return the version of a record: 16 hexadecimal digits of its fields that have a value."""
    given = {name: value for name, value in fields.items() if value not in (None, [], {}, ())}
    text = json.dumps(given, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:16]
