"""Repairs text that is not valid Unicode."""

from typing import Any


def replace_surrogates(value: Any) -> Any:
    """Return a JSON value with each lone surrogate replaced by U+FFFD: none can be stored."""
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, list):
        return [replace_surrogates(one) for one in value]
    if isinstance(value, dict):
        return {replace_surrogates(k): replace_surrogates(v) for k, v in value.items()}
    return value
