"""Text from uploads in messages: on one line, shortened, with invisible characters escaped."""

from collections.abc import Iterable

from geo.text.escaping import escape_invisible

_MAX_LENGTH = 200


def printable(value: object, max_length: int = _MAX_LENGTH) -> str:
    """Return a value as text for a message: shortened, invisible characters escaped."""
    if value is None or type(value).__name__ in ("NAType", "NaTType") or value != value:
        return ""
    text = value if isinstance(value, str) else str(value)
    return escape_invisible(text[:max_length]) + ("…" if len(text) > max_length else "")


def format_count(number: int, noun: str, plural: str = "") -> str:
    """Return "1 row", "2 rows"."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def format_size(size: int) -> str:
    """Return a number of bytes as "100 MB"."""
    return f"{size / 1_000_000:,.0f} MB"


def quote_names(names: Iterable[object], max_count: int = 8) -> str:
    """Return names in quotation marks for a message, at most ``max_count`` of them."""
    some = [printable(name, 60) for name in names]
    text = ", ".join(f"“{name}”" for name in some[:max_count])
    return text + (f" and {len(some) - max_count} more" if len(some) > max_count else "")
