"""Bytes as text, when nobody says in which encoding."""

from __future__ import annotations

import codecs
from dataclasses import dataclass

from geo.ingest.base.diagnostics import Diagnostics
from geo.ingest.base.model import FileRejectedError
from geo.ingest.base.safe_text import printable

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
NAMES = {
    "cp1256": "Windows-1256 (Arabic)",
    "cp1251": "Windows-1251 (Cyrillic)",
    "cp1252": "Windows-1252 (Western European, a larger Latin-1)",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
    "utf-32": "UTF-32",
}
_SAMPLE = 500_000
_FEW = 0.1


@dataclass(frozen=True)
class Text:
    """A decoded text and the encoding that it was in."""

    text: str
    encoding: str


def decoded(body: bytes, log: Diagnostics, chosen: str | None = None) -> Text:
    """Return bytes as text: by a byte order mark, as UTF-8, or by what letters would come out.

    Anything but UTF-8 is told. Bytes that the encoding has no letter for become U+FFFD, told too.

    Raises
    ------
    RefusedError
        When an encoding was chosen that is not known.
    """
    if chosen:
        return _as_chosen(body, log, chosen)
    for mark, name in _BOMS:
        if body.startswith(mark):
            return _told(body, name, log) if name != "utf-8-sig" else _utf8(body[3:], log)
    halves = body[:2000]
    if len(halves) > 3 and halves.count(0) > len(halves) // 4:
        name = "utf-16-le" if halves[1::2].count(0) > halves[::2].count(0) else "utf-16-be"
        return _told(body, name, log)
    try:
        return Text(body.decode("utf-8"), "utf-8")
    except UnicodeDecodeError:
        pass
    broken = body[:_SAMPLE].decode("utf-8", "replace")
    good = sum(ch > "\x7f" and ch != "\ufffd" for ch in broken)
    if broken.count("\ufffd") <= good * _FEW:
        return _utf8(body, log)
    name = guessed(body)
    return _told(body, name, log)


def guessed(body: bytes) -> str:
    """Return "utf-8", "cp1256", "cp1251" or "cp1252" for a text in one of them.

    Letters of Arabic and Cyrillic words stand beside each other, accented ones mostly alone. In
    the middle of a Cyrillic word stand small letters (from E0), in Arabic any (from C1).
    """
    sample = body[:_SAMPLE]
    try:
        sample.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start < len(sample) - 4 or len(body) <= _SAMPLE:
            pass
        else:
            return "utf-8"
    else:
        return "utf-8"
    high = inner = capitals = cyrillic = 0
    before = 0
    for byte in sample:
        if byte >= 0x80:
            high += 1
            if before >= 0x80:
                inner += 1
                capitals += 0xC1 <= byte <= 0xDF
                cyrillic += byte in (0xC0, 0xD7, 0xB8)
        before = byte
    if inner < high * 0.4:
        return "cp1252"
    return "cp1256" if capitals > inner * 0.2 and not cyrillic > inner * 0.02 else "cp1251"


def _as_chosen(body: bytes, log: Diagnostics, chosen: str) -> Text:
    try:
        name = codecs.lookup(chosen).name
        text = body.decode(name, "replace")
    except (LookupError, ValueError, TypeError) as error:
        why = f"The encoding {printable(chosen, 40)!r} is not known."
        raise FileRejectedError(
            why, "Choose one such as utf-8, cp1256, cp1251, latin-1."
        ) from error
    if not isinstance(text, str):
        raise FileRejectedError(f"{printable(chosen, 40)!r} is no text encoding.", "Choose utf-8.")
    if "\ufffd" in text:
        _say_lost(text, name, log)
    return Text(text.removeprefix("\ufeff"), name)


def _told(body: bytes, name: str, log: Diagnostics) -> Text:
    text = body.decode(name, "replace").removeprefix("\ufeff")
    log.add_message(
        "warning",
        f"The text is not UTF-8; it was read as {NAMES[name]}. If letters look wrong, choose "
        "another encoding.",
    )
    if "\ufffd" in text:
        _say_lost(text, name, log)
    return Text(text, name)


def _utf8(body: bytes, log: Diagnostics) -> Text:
    text = body.decode("utf-8", "replace")
    if "\ufffd" in text and b"\xef\xbf\xbd" not in body:
        _say_lost(text, "utf-8", log)
    return Text(text, "utf-8")


def _say_lost(text: str, name: str, log: Diagnostics) -> None:
    line = text.count("\n", 0, text.index("\ufffd")) + 1
    log.add_message(
        "warning",
        f"{text.count(chr(0xFFFD)):,} bytes are no letters of {name} and were replaced by "
        f"“\ufffd”, the first in line {line}.",
    )
