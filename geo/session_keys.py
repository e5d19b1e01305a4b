"""Random keys that identify browser sessions."""

import re
import secrets

_KEY = re.compile(r"[A-Za-z0-9_-]{32}")


def new_key() -> str:
    """Return a key that nobody can guess: 192 random bits, as 32 letters."""
    return secrets.token_urlsafe(24)


def is_key(text: object) -> bool:
    """Whether a text has the form of a key."""
    return isinstance(text, str) and _KEY.fullmatch(text) is not None
