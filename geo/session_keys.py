"""Random keys that identify browser sessions, and the names of session layers."""

import re
import secrets

SESSION_PREFIX = "own-"  # of the name of a layer that only one browser has
_KEY = re.compile(r"[A-Za-z0-9_-]{32}")


def new_key() -> str:
    """Return a key that nobody can guess: 192 random bits, as 32 letters."""
    return secrets.token_urlsafe(24)


def format_layer_name(name: str) -> str:
    """Return the name of a session layer as its author knows it: without what makes it unique."""
    return re.sub(r"-[0-9a-f]{6}$", "", name.removeprefix(SESSION_PREFIX)).replace("-", " ")


def is_key(text: object) -> bool:
    """Whether a text has the form of a key."""
    return isinstance(text, str) and _KEY.fullmatch(text) is not None
