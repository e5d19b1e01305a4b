"""Detect the encoding of a text file, and decode it."""

from __future__ import annotations

import codecs

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
_MAX_BROKEN = 0.1


def decode_text(body: bytes, log: Diagnostics, chosen: str | None = None) -> tuple[str, str]:
    """Return the text and its encoding: as chosen, by byte order mark, UTF-8, or detected.

    An encoding other than UTF-8, and bytes replaced by U+FFFD, are reported.

    Raises
    ------
    FileRejectedError
        If the chosen encoding is unknown.
    """
    if chosen:
        return _decode_as_chosen(body, log, chosen)
    for mark, name in _BOMS:
        if body.startswith(mark):
            if name == "utf-8-sig":
                return _decode_utf8(body[3:], log)
            return _decode_detected(body, name, log)
    start = body[:2000]
    if len(start) > 3 and start.count(0) > len(start) // 4:
        name = "utf-16-le" if start[1::2].count(0) > start[::2].count(0) else "utf-16-be"
        return _decode_detected(body, name, log)
    try:
        return body.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        pass
    sample = body[:_SAMPLE].decode("utf-8", "replace")
    valid = sum(ch > "\x7f" and ch != "\ufffd" for ch in sample)
    if sample.count("\ufffd") <= valid * _MAX_BROKEN:
        return _decode_utf8(body, log)
    return _decode_detected(body, detect_encoding(body), log)


def detect_encoding(body: bytes) -> str:
    """Return "utf-8", "cp1256", "cp1251" or "cp1252", whichever fits a text best.

    In Arabic and Cyrillic words bytes above 7F are adjacent, accented Latin letters mostly not.
    Inside a Cyrillic word they are small letters (from E0), in Arabic any letter (from C1).
    """
    sample = body[:_SAMPLE]
    try:
        sample.decode("utf-8")
        return "utf-8"
    except UnicodeDecodeError as error:
        if error.start >= len(sample) - 4 and len(body) > _SAMPLE:  # cut within a character
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


def _decode_as_chosen(body: bytes, log: Diagnostics, chosen: str) -> tuple[str, str]:
    try:
        name = codecs.lookup(chosen).name
        text = body.decode(name, "replace")
    except (LookupError, ValueError, TypeError) as error:
        why = f"The encoding {printable(chosen, 40)!r} is unknown."
        remedy = "Choose one such as utf-8, cp1256, cp1251, latin-1."
        raise FileRejectedError(why, remedy) from error
    if not isinstance(text, str):
        raise FileRejectedError(f"{printable(chosen, 40)!r} is no text encoding.", "Choose utf-8.")
    _warn_replaced(text, name, log)
    return text.removeprefix("\ufeff"), name


def _decode_detected(body: bytes, name: str, log: Diagnostics) -> tuple[str, str]:
    text = body.decode(name, "replace").removeprefix("\ufeff")
    message = f"The text is not UTF-8; it was read as {NAMES[name]}. If letters look wrong, choose "
    log.add_message("warning", f"{message}another encoding.")
    _warn_replaced(text, name, log)
    return text, name


def _decode_utf8(body: bytes, log: Diagnostics) -> tuple[str, str]:
    text = body.decode("utf-8", "replace")
    if b"\xef\xbf\xbd" not in body:
        _warn_replaced(text, "utf-8", log)
    return text, "utf-8"


def _warn_replaced(text: str, name: str, log: Diagnostics) -> None:
    """Report bytes that were replaced by U+FFFD while decoding."""
    count = text.count("\ufffd")
    if count:
        line = text.count("\n", 0, text.index("\ufffd")) + 1
        message = f"{count:,} bytes are not valid {name} and were replaced by “\ufffd”, "
        log.add_message("warning", f"{message}the first in line {line}.")
