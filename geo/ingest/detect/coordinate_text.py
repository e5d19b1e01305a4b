"""Coordinates of any script as plain ASCII text: digits, minus and prime signs, directions."""

import re
import unicodedata
from collections.abc import Iterable, Sequence

import pandas as pd

from geo.ingest.base.column_types import cells_as_text

_MAX_LENGTH = 300
_SIGNS = {
    **dict.fromkeys("−–—‐‑‒﹣－", "-"),
    **dict.fromkeys("º˚∘ᵒ⁰", "°"),
    **dict.fromkeys("′’‘`´ʹʼ‛′＇", "'"),
    **dict.fromkeys("″”“„ʺ‟〃＂", '"'),
    **dict.fromkeys("،，﹐", ","),
    **dict.fromkeys("؛；", ";"),
    **dict.fromkeys("：", ":"),
    **dict.fromkeys("٫．", "."),
    **dict.fromkeys(
        "٬\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067", ""
    ),
    **dict.fromkeys("\u2068\u2069\ufeff\u061c", ""),
}
# German, French, Spanish, Portuguese, Italian, Turkish, Polish, Russian, Ukrainian, Arabic,
# Persian, Hebrew; an entry is a regular expression of a whole word
_DIRECTIONS = {
    "N": r"north|nord|norte|nördl(?:ich)?|n\.?\s*br|kuzey|płn|с\.?\s*ш|пн\.?\s*ш|شمالا?|صفون|צפון",
    "S": r"south|sud|süd|sur|sul|südl(?:ich)?|s\.?\s*br|güney|płd|ю\.?\s*ш|пд\.?\s*ш|جنوبا?|דרום",
    "E": r"east|est|este|leste|ost|östl(?:ich)?|ö\.?\s*l|doğu|wsch|в\.?\s*д|сх\.?\s*д|شرقا?|מזרח",
    "W": r"west|ouest|oeste|ovest|westl(?:ich)?|w\.?\s*l|batı|zach|з\.?\s*д|зх\.?\s*д|غربا?|מערב",
}
_WORDS = tuple(
    (re.compile(rf"(?<![^\W\d_])(?:{words})(?![^\W\d_])\.?", re.IGNORECASE), f" {letter} ")
    for letter, words in _DIRECTIONS.items()
) + tuple(
    (re.compile(rf"(?<=[\d\s])(?:{words})\b\.?", re.IGNORECASE), sign)
    for words, sign in (
        ("degrees?|degr|deg|grad", "°"),
        ("minutes?|mins?", "'"),
        ("seconds?|secs?", '"'),
    )
)
_HAS_WORDS = re.compile(r"[A-Za-z]{2}|[^\W\d_A-Za-z]|\dd")  # more than a letter N, S, E or W
_SPACES = re.compile(r"\s+")
_DMS_LETTERS = re.compile(
    r"(?<=\d)\s*d\s*(\d+(?:[.,]\d+)?)\s*m(?:\s*(\d+(?:[.,]\d+)?)\s*s(?![a-z]))?"
)
_SPACED = re.compile(r"[-+]?\d{1,3}(?:[ ']\d{3})+(?:[.,]\d+)?")
_THOUSANDS = (
    (",", re.compile(r"[-+]?\d{1,3}(?:(?:,\d{3}){2,}(?:\.\d*)?|,\d{3}\.\d+)")),
    (".", re.compile(r"[-+]?\d{1,3}(?:(?:\.\d{3}){2,}(?:,\d*)?|\.\d{3},\d+)")),
)
_GROUPED = re.compile(r"[-+]?[\d.,]+")
_TURKISH = {"K": "N", "G": "S", "D": "E", "B": "W"}
_LETTER = re.compile(r"[A-Za-z]")
_LONE = re.compile(r"(?<![^\W\d_])[A-Za-z](?![^\W\d_])")
_EAST_IS_O = re.compile(
    r"breite|länge|laenge|datum|nördl|grad|\bort\b|koordinaten|standort", re.IGNORECASE
)
_WEST_IS_O = re.compile(
    r"latitud[e]?s?\b.*longitud|fecha|nombre|nome|\bnom\b|lieu|lugar|luogo|fonte|fuente|data\b",
    re.IGNORECASE,
)


class _PlainCharacters(dict[int, int | str]):
    """Character code -> plain character, for `str.translate`; filled as codes occur."""

    def __missing__(self, code: int) -> int | str:
        ch = chr(code)
        number = unicodedata.decimal(ch, None)
        plain = _SIGNS[ch] if ch in _SIGNS else " " if ch.isspace() else code
        self[code] = str(number) if number is not None else plain
        return self[code]


_PLAIN = _PlainCharacters()


def plain_digits(text: str) -> str:
    """Return a text with ASCII digits and signs; letters stay."""
    return text if text.isascii() else text.translate(_PLAIN).strip()


def plain_text(text: str) -> str:
    """Return a coordinate in ASCII, directions as N, S, E, W; "O" (Ost, Ouest) stays."""
    if len(text) > _MAX_LENGTH:
        return text
    text = plain_digits(text)
    if _HAS_WORDS.search(text) and any(ch.isdigit() for ch in text):
        for words, sign in _WORDS:
            text = words.sub(sign, text)
        text = _DMS_LETTERS.sub(lambda hit: f"°{hit[1]}'" + (f'{hit[2]}"' * bool(hit[2])), text)
    return _SPACES.sub(" ", text.replace("''", '"')).strip()


def plain_numbers(*columns: Sequence[str]) -> list[list[str]]:
    """Return the cells of columns of metres with decimal points and no thousands separators.

    A cell with two marks, or with one of them twice, shows which mark is the decimal one; if none
    does, a comma is decimal.
    """
    cells = [cell for column in columns for cell in column]
    thousands = next((mark for mark, form in _THOUSANDS if any(map(form.fullmatch, cells))), "")

    def plain(cell: str) -> str:
        if _SPACED.fullmatch(cell):
            cell = cell.replace(" ", "").replace("'", "")
        if not _GROUPED.fullmatch(cell):
            return cell
        return (cell.replace(thousands, "") if thousands else cell).replace(",", ".")

    return [[plain(cell) for cell in column] for column in columns]


def plain_cells(column: pd.Series) -> list[str]:
    """Return the cells of a column as text, with ASCII digits; lists as "[x, y]"."""
    if column.dtype == object:
        column = column.map(lambda one: str(list(one)) if isinstance(one, (tuple, list)) else one)
    return [plain_digits(cell) for cell in cells_as_text(column)]


def resolve_directions(cells: Sequence[str], names: Iterable[str]) -> tuple[list[str], str]:
    """Return cells with N, S, E, W for the letters of other languages, and what "O" was read as.

    O is east in German and west in French, Spanish, Italian and Portuguese: the other letter of
    the column tells, else the language of the column names; else it stays, and the cells fail.
    """
    some = [cell for cell in cells if _LETTER.search(cell) and any(ch.isdigit() for ch in cell)]
    letters = {hit.upper() for cell in some for hit in _LONE.findall(cell)}
    if letters & {"K", "D"} and letters <= set(_TURKISH):
        return [_LONE.sub(lambda hit: _TURKISH[hit[0].upper()], cell) for cell in cells], ""
    if "O" not in letters:
        return list(cells), ""
    text = " ".join(map(str, names))
    east, west = "W" in letters, "E" in letters
    if not east and not west:
        east, west = bool(_EAST_IS_O.search(text)), bool(_WEST_IS_O.search(text))
    if east == west:
        return list(cells), ""
    letter = "E" if east else "W"
    cells = [_LONE.sub(lambda hit: letter if hit[0] in "Oo" else hit[0], cell) for cell in cells]
    return cells, "east (Ost)" if east else "west (Ouest, Oeste)"
