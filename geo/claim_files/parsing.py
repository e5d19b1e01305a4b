"""Read the value of a field from a cell, whatever a person or another program made of it."""

import json
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from geo.claim_files.cells import clean_cell, unescape_formula
from geo.claim_files.columns import FileColumn, TableKind
from geo.claim_files.days import parse_day
from geo.claim_files.models import CellError
from geo.claim_files.names import KnownNames, find_word
from geo.ingest.readers.cell_tables import BadCell

_WHOLE = re.compile(r"[+-]?\d+(?:\.0+)?")
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(?:[ \u00a0\u202f']\d{3})+")
_DECIMAL = re.compile(r"[+-]?\d+(?:[.,]\d+)?(?:[eE][+-]?\d+)?")
_NUMBER_WORDS = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve"),
)
_UNNAMED = "unnamed:"
_EMPTY: dict[str, Callable[[], object]] = {"list": list, "pairs": dict}


@dataclass(frozen=True)
class CellParser:
    """Reads cells against the names that are known.

    `labels` has, by field, other ways to write the words of a vocabulary; `words` the words of
    fields whose vocabulary is the case's.
    """

    known: Mapping[TableKind, KnownNames]
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def parse(self, cell: object, column: FileColumn) -> object:
        """Return the value of a cell, None if it is empty; raise CellError if it has none."""
        if isinstance(cell, BadCell):
            raise CellError(cell.why, "type the value itself")
        if cell is None or (isinstance(cell, str) and not cell.strip()):
            return _EMPTY.get(column.kind, lambda: None)()
        if isinstance(cell, str):
            cell = unescape_formula(cell)
        return self._parsers()[column.kind](cell, column)

    def _parsers(self) -> dict[str, Callable[[object, FileColumn], object]]:
        return {
            "text": self._parse_text,
            "word": self._parse_text,
            "day": lambda cell, _: parse_day(cell),
            "whole": lambda cell, _: _parse_whole(cell),
            "number": lambda cell, _: _parse_number(cell),
            "list": self._parse_list,
            "pairs": _parse_pairs,
            "json": lambda cell, _: _parse_json(cell),
        }

    def _parse_text(self, cell: object, column: FileColumn) -> object:
        if isinstance(cell, (list, dict, bool)):
            raise CellError("not a text", "write a text, or leave it empty")
        number = isinstance(cell, float) and cell.is_integer()
        text = str(int(cell)) if number and isinstance(cell, float) else str(cell)
        text = text.replace("\r\n", "\n").replace("\r", "\n").strip()
        if clean_cell(text) != text:
            raise CellError("it has a character that no file can hold", "type it again")
        return self._find(text, column)

    def _words(self, column: FileColumn) -> tuple[str, ...]:
        return self.words.get(column.name, column.words)

    def _find(self, text: str, column: FileColumn) -> str:
        if words := self._words(column):
            return find_word(text, words, self.labels.get(column.name))
        if column.refers is None or (column.refers == "origins" and text.startswith(_UNNAMED)):
            return text
        return self.known[column.refers].find(text)

    def _parse_list(self, cell: object, column: FileColumn) -> list[str]:
        if isinstance(cell, str):
            return [self._find(one, column) for one in self._split(cell, column)]
        items = cell if isinstance(cell, (list, tuple)) else [cell]
        if not all(isinstance(one, str) and one.strip() for one in items):
            raise CellError("not a list of texts", "write texts with a semicolon between them")
        return [self._find(str(one), column) for one in items]

    def _split(self, text: str, column: FileColumn) -> list[str]:
        """Return the items of a cell; a comma divides only names that are all known."""
        if text.lstrip().startswith("["):
            value = _parse_json(text)
            if isinstance(value, list) and all(isinstance(one, str) for one in value):
                return [str(one) for one in value]
        items = [one.strip() for one in re.split(r"[;\n\u061b]", text) if one.strip()]
        if len(items) == 1 and "," in text and column.refers is not None:
            parts = [one.strip() for one in text.split(",") if one.strip()]
            whole = self._is_known(items[0], column)
            if not whole and any(self._is_known(one, column) for one in parts):
                return parts
        return items

    def _is_known(self, text: str, column: FileColumn) -> bool:
        try:
            self._find(text, column)
        except CellError:
            return False
        return True


def _digits(text: str) -> str:
    """Return a text with the digits and signs of every script as those of ASCII."""
    plain = unicodedata.normalize("NFKC", text).strip().replace("\u2212", "-")
    return "".join(str(unicodedata.digit(one)) if one.isdigit() else one for one in plain)


def _parse_whole(cell: object) -> int:
    if isinstance(cell, bool) or not isinstance(cell, (str, int, float)):
        raise CellError("not a whole number", "write digits only, or leave it empty")
    if isinstance(cell, int):
        return cell
    if isinstance(cell, float):
        if cell.is_integer():
            return int(cell)
        raise CellError("not a whole number", f"write {int(cell)} or {int(cell) + 1}")
    text = _digits(cell)
    if _THOUSANDS.fullmatch(text):
        text = re.sub(r"[^\d+-]", "", text)
    if _WHOLE.fullmatch(text) and len(text) < 16:
        return int(float(text))
    word = text.casefold()
    if word in _NUMBER_WORDS:
        remedy = f"did you mean {_NUMBER_WORDS.index(word)}? Write digits only"
    elif found := re.fullmatch(r"\D*(\d{1,9})\D*", text):
        remedy = f"did you mean {found[1]}? Write digits only, and the words in another field"
    else:
        remedy = "write digits only, or leave it empty"
    raise CellError("not a whole number", remedy)


def _parse_number(cell: object) -> float:
    if isinstance(cell, bool) or not isinstance(cell, (str, int, float)):
        raise CellError("not a number", "write digits with a decimal point")
    if isinstance(cell, str):
        text = _digits(cell)
        if not _DECIMAL.fullmatch(text):
            raise CellError("not a number", "write digits with a decimal point, such as 35.4011")
        cell = float(text.replace(",", "."))
    number = float(cell)
    if number != number or abs(number) == float("inf"):
        raise CellError("not a number", "write digits with a decimal point")
    return number


def _parse_pairs(cell: object, column: FileColumn) -> dict[str, str]:
    if isinstance(cell, str):
        if cell.lstrip().startswith("{"):
            cell = _parse_json(cell)
        else:
            parts = [one.partition(":") for one in re.split(r"[;\n]", cell) if one.strip()]
            cell = {key.strip(): value.strip() for key, _, value in parts}
    if not isinstance(cell, dict) or not all(isinstance(one, str) and one for one in cell.values()):
        raise CellError("not pairs of name and value", "write name: value; name: value")
    words = column.words
    return {str(key): find_word(one, words) if words else one for key, one in cell.items()}


def _parse_json(cell: object) -> object:
    if not isinstance(cell, str):
        return cell
    try:
        return json.loads(cell)
    except (ValueError, RecursionError) as error:
        raise CellError("not JSON", "write it as an export does, in { } or [ ]") from error
