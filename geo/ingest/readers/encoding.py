"""Detect the encoding of a text file, and decode it."""

import codecs
import re

from geo.ingest.base.diagnostics import Diagnostics
from geo.ingest.base.model import FileRejectedError
from geo.ingest.base.safe_text import printable

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
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


def decode_text(body: bytes, log: Diagnostics) -> str:
    """Return the text: in the chosen encoding, by byte order mark, UTF-8, or detected.

    An encoding other than UTF-8, and bytes replaced by U+FFFD, are reported. Raises
    FileRejectedError if the chosen encoding is unknown.
    """
    chosen = log.options.encoding
    try:
        name = codecs.lookup(chosen).name if chosen else _detect_unicode(body)
        text = body.decode(name, "replace").removeprefix("\ufeff")
    except (LookupError, ValueError, TypeError) as error:
        why = f"The encoding {printable(chosen, 40)!r} is unknown."
        remedy = "Choose one such as utf-8, cp1256, cp1251, latin-1."
        raise FileRejectedError(why, remedy) from error
    log.encoding = name
    if not chosen and name in NAMES:
        log.inform(
            f"The text is not UTF-8; it was read as {NAMES[name]}. If letters look wrong, choose "
            "another encoding, or save the file as UTF-8."
        )
    count = text.count("\ufffd")
    if count and (chosen or name in NAMES or "\ufffd".encode() not in body):
        line = text.count("\n", 0, text.index("\ufffd")) + 1
        log.warn(
            f"{count:,} bytes are not valid {name} and were replaced by “\ufffd”, the first in "
            f"line {line}."
        )
    return text


def _detect_unicode(body: bytes) -> str:
    """Return the UTF of a text, also if a few bytes are not valid; else another encoding."""
    for mark, name in _BOMS:
        if body.startswith(mark):
            return name
    start = body[:2000]
    if len(start) > 3 and start.count(0) > len(start) // 4:
        return "utf-16-le" if start[1::2].count(0) > start[::2].count(0) else "utf-16-be"
    sample = body[:_SAMPLE].decode("utf-8", "replace")
    valid = sum(ch > "\x7f" and ch != "\ufffd" for ch in sample)
    few_broken = sample.count("\ufffd") <= valid * _MAX_BROKEN
    return "utf-8" if few_broken else detect_encoding(body)


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
    high = sum(byte >= 0x80 for byte in sample)
    inner = b"".join(re.findall(rb"(?<=[\x80-\xff])[\x80-\xff]", sample))
    capitals = sum(0xC1 <= byte <= 0xDF for byte in inner)
    cyrillic = sum(byte in (0xC0, 0xD7, 0xB8) for byte in inner)
    if len(inner) < high * 0.4:
        return "cp1252"
    in_arabic = capitals > len(inner) * 0.2 and not cyrillic > len(inner) * 0.02
    return "cp1256" if in_arabic else "cp1251"
