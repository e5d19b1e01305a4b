"""Names of people, compared as people mean them."""

import unicodedata

_UNSEEN = frozenset(
    "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164"
    + "".join(map(chr, (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))))
)
"""What is drawn as nothing, beside the controls and formats: fillers and variation selectors."""


def fold_person(name: str) -> str:
    """Return a name or address without differences of case, width, spaces and unseen signs."""
    if not (name.isascii() and name.isprintable()):
        name = "".join(map(_see, unicodedata.normalize("NFKC", name)))
        name = unicodedata.normalize("NFKC", name.casefold())
    return " ".join(name.casefold().split())


def _see(sign: str) -> str:
    if sign.isspace():
        return " "
    unseen = sign in _UNSEEN or unicodedata.category(sign) in ("Cc", "Cf")
    return "" if unseen else sign


def is_same_person(one: str, other: str) -> bool:
    """Whether two names are the same person's."""
    return fold_person(one) == fold_person(other)
