"""Read evidence files and collect every fault instead of raising."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, TypeVar

from pydantic import ValidationError

from geo.evidence.record import Record
from geo.evidence.rules import Breach, find_breaches

R = TypeVar("R", bound=Record)

_VALUE_LIMIT = 80


@dataclass(frozen=True)
class RecordFault:
    """One fault of one record; as text "file, record, field: why (value), remedy" in one line."""

    file: str
    record: str
    field: str
    why: str
    value: str
    remedy: str

    def __str__(self) -> str:
        where = ", ".join(part for part in (self.file, self.record, self.field) if part)
        return " ".join(f"{where}: {self.why} ({self.value}), {self.remedy}".split())


@dataclass
class RecordTable(Generic[R]):
    """The content of one file: its valid records, the ids of all records, and the faults."""

    file: str
    records: list[R] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    faults: list[RecordFault] = field(default_factory=list)
    absent: bool = False
    """Whether there is no such file, and need not be one."""

    @property
    def lost(self) -> bool:
        """Whether the file could not be read: what it holds is not known."""
        return bool(self.faults) and not self.ids

    def add_fault(self, record: str, field: str, why: str, value: str, remedy: str) -> None:
        """Add a fault of one record, or of the file if `record` is empty."""
        self.faults.append(RecordFault(self.file, record, field, why, value, remedy))


def read_records(path: Path, key: str, model: type[R], *, optional: bool = False) -> RecordTable[R]:
    """Read the list of records under `key` of one UTF-8 JSON file.

    One object in place of the list is one record. "note" is the only other key that is allowed.
    An `optional` file may be missing.
    """
    table: RecordTable[R] = RecordTable(path.name)
    if optional and not path.exists():
        table.absent = True
        return table
    content = _read_json(path, table)
    if content is None and table.faults:
        return table
    if not isinstance(content, dict) or key not in content:
        remedy = f'write {{"{key}": [...]}}'
        table.add_fault("", "", f"the file holds no {key!r}", _shorten(content), remedy)
        return table
    for extra in content.keys() - {key, "note"}:
        table.add_fault("", extra, "no such part", _shorten(content[extra]), "remove it")
    raw = content[key]
    for number, entry in enumerate(raw if isinstance(raw, list) else [raw], start=1):
        add_record(entry, number, model, table)
    return table


def add_record(entry: Any, number: int, model: type[R], table: RecordTable[R]) -> None:
    """Add one record to its table if it is valid, else every fault of it."""
    name = f"record {number}"
    if not isinstance(entry, dict):
        remedy = 'write {"id": ..., ...}'
        table.add_fault(name, "", "a record is an object", _shorten(entry), remedy)
        return
    own_name = entry.get("id", entry.get("name"))
    if isinstance(own_name, str) and own_name:
        name = own_name
        table.ids.append(own_name)
    try:
        table.records.append(model.model_validate(entry))
    except ValidationError as error:
        _add_record_faults(error, entry, name, model, table)


def _add_record_faults(
    error: ValidationError, entry: dict[str, Any], name: str, model: type[R], table: RecordTable[R]
) -> None:
    before = len(table.faults)
    every = error.errors(include_url=False)
    broken = [d for d in every if d["type"] == "evidence_rule"]
    details = [d for d in every if d["loc"] and d not in broken]
    # a list seems too short where its items have faults
    outer = {d["loc"][:n] for d in details for n in range(1, len(d["loc"]))}
    details = [d for d in details if d["type"] != "too_short" or d["loc"] not in outer]
    for detail in details:
        kind = str(detail["type"])
        value = "missing" if kind == "missing" else _shorten(detail["input"])
        where = ".".join(str(part) for part in detail["loc"])
        why, remedy = _explain_error(kind, detail["msg"], detail.get("ctx", {}), where)
        table.add_fault(name, where, why, value, remedy)
    bad = {detail["loc"][0] for detail in (*details, *broken) if detail["loc"]}
    given = _find_defaults(model) | entry
    good = {k: v for k, v in given.items() if k in model.model_fields and k not in bad}
    breaches = [("", one) for one in find_breaches(good, model.RULES)]
    told = {(one.field, one.why) for _, one in breaches}
    for detail in broken:  # rules of a part, and rules that plain data passes
        where = "".join(f"{part}." for part in detail["loc"])
        found: list[Breach] = detail["ctx"]["breaches"]
        breaches += [(where, one) for one in found if where or (one.field, one.why) not in told]
    for where, one in breaches:
        table.add_fault(name, where + one.field, one.why, _shorten(one.value), one.remedy)
    if len(table.faults) == before:  # no record may be left out without a fault
        why = "; ".join(detail["msg"] for detail in error.errors(include_url=False))
        table.add_fault(name, "", why, _shorten(entry), "correct the record")


def _find_defaults(model: type[R]) -> dict[str, Any]:
    """Return the value of each field that may be left out, so that rules which read it apply."""
    fields = model.model_fields.items()
    return {
        name: one.get_default(call_default_factory=True, validated_data={})
        for name, one in fields
        if not one.is_required()
    }


def _explain_error(kind: str, message: str, context: dict[str, Any], where: str) -> tuple[str, str]:
    """Turn one pydantic error into (why, remedy)."""
    if kind == "iso_day" or kind.startswith("date_"):
        return "not a day", "write a day that exists as YYYY-MM-DD, or null"
    if kind == "string_pattern_mismatch" and where.endswith("sha256"):
        return "not a SHA-256", "write 64 digits from 0-9 and a-f, as `source keep` prints them"
    if kind == "string_pattern_mismatch" and where in ("url", "archive_url"):
        return "not a web address", "begin it with http:// or https://, or write null"
    least = context.get("min_length")
    too_short = ("the list is empty", "name one at least")
    if context.get("actual_length"):
        too_short = (f"the list has fewer than {least} entries", "add what is missing")
    explained = {
        "missing": ("the field is missing", "add it (null where nothing is known)"),
        "extra_forbidden": ("no such field", "remove it or correct its name"),
        "literal_error": ("not a word of this vocabulary", f"use {context.get('expected')}"),
        "string_pattern_mismatch": ("not an id", "use letters, digits and hyphens"),
        "string_too_short": ("the text is empty", "write the words"),
        "time_zone": (message, "write one such as UTC or Europe/Paris"),
        "reserved_path": (message, "choose another path"),
        "reserved_id": (message, "choose another id"),
        "string_type": ("not a text", "write it in quotation marks"),
        "string_unicode": ("not a text: it has half of a pair of surrogates", "write the letter"),
        "int_type": ("not a whole number", "write one, without quotation marks"),
        "int_from_float": ("not a whole number", "write one, without quotation marks"),
        "float_type": ("not a number", "write one, without quotation marks"),
        "finite_number": ("not a number that can be used", "write a finite one"),
        "tuple_type": ("not a list", "write [...]"),
        "bool_type": ("neither true nor false", "write true or false"),
        "bool_parsing": ("neither true nor false", "write true or false"),
        "model_type": ("not an object", "write {...}"),
        "model_attributes_type": ("not an object", "write {...}"),
        "union_tag_not_found": ("the kind is missing", 'write it as "kind"'),
        "union_tag_invalid": ("no such kind", f"use {context.get('expected_tags')}"),
        "too_short": too_short,
    }
    return explained.get(kind, (message[:1].lower() + message[1:], "correct the value"))


def _read_json(path: Path, table: RecordTable[R]) -> Any:
    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(items)
        for key in sorted({k for k, _ in items if sum(k == other for other, _ in items) > 1}):
            name = str(found.get("id", ""))
            value = _shorten(found[key])
            table.add_fault(name, key, "the field is written twice", value, "keep one of them")
        return found

    def constant(text: str) -> float:
        table.add_fault("", "", "not a number", text, "write a number or null")
        return float(text)

    try:
        text = path.read_bytes().decode("utf-8-sig")
        return json.loads(text, object_pairs_hook=pairs, parse_constant=constant)
    except json.JSONDecodeError as error:
        line = error.doc.splitlines()[error.lineno - 1 : error.lineno]
        why = f"not valid JSON: {error.msg} at column {error.colno}"
        value = _shorten("".join(line).strip())
        table.add_fault(f"line {error.lineno}", "", why, value, "correct that line")
    except UnicodeDecodeError as error:
        line_number = error.object[: error.start].count(b"\n") + 1
        byte = error.object[error.start : error.start + 1].hex()
        value = f"byte 0x{byte}"
        table.add_fault(f"line {line_number}", "", "not UTF-8 text", value, "save it as UTF-8")
    except OSError as error:
        why = f"the file cannot be read: {error.strerror}"
        table.add_fault("", "", why, str(path), "put the file back")
    except (RecursionError, ValueError) as error:
        why = f"not JSON that can be read: {error}"
        table.add_fault("", "", why, path.name, "correct the file")
    return None


def _shorten(value: Any) -> str:
    """Return the repr of a value, at most 80 characters."""
    text = repr(value)
    return text if len(text) <= _VALUE_LIMIT else text[: _VALUE_LIMIT - 1] + "…"
