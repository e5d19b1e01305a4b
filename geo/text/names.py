"""Names of people, compared as people mean them."""

import unicodedata


def fold_person(name: str) -> str:
    """Return a name or address without differences of case, width and spaces."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def is_same_person(one: str, other: str) -> bool:
    """Whether two names are the same person's."""
    return fold_person(one) == fold_person(other)
