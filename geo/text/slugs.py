"""Plain ASCII names made from titles, and names made unique."""

import re
import unicodedata
import zlib
from collections.abc import Iterable


def slugify(text: str, *, longest: int = 40, keep: str = "") -> str:
    """Return a text as a name of a-z, 0-9, "-" and the characters `keep`, at most `longest` long.

    It is empty if no letter or digit is left.
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(f"[^a-z0-9{keep}]+", "-", plain).strip("-_")[:longest].rstrip("-_")


def make_layer_name(text: str) -> str:
    """Return a valid layer name for any text: its slug, else "layer-" and a checksum."""
    checksum = zlib.crc32(text.encode("utf-8", "surrogateescape"))
    return slugify(text, longest=100, keep="_-") or f"layer-{checksum:08x}"


def make_unique(
    names: Iterable[str],
    taken: Iterable[str] = (),
    *,
    separator: str = "_",
    ignore_case: bool = False,
) -> list[str]:
    """Append a number to each name that occurred before or is taken: name, name_2, name_3."""
    fold = str.casefold if ignore_case else str
    used = {fold(name) for name in taken}
    unique = []
    for name in names:
        fresh, number = name, 1
        while fold(fresh) in used:
            number += 1
            fresh = f"{name}{separator}{number}"
        used.add(fold(fresh))
        unique.append(fresh)
    return unique
