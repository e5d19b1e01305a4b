"""Values of a link's parameters: texts, flags, states of the data, and how a notice names them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

from geo.errors import ViewError

TEXT_LIMIT = 200
MISSING_LAYERS = "This link shows"  # begins the notice on layers that only another browser has
_STATE = re.compile(r"[0-9a-z][0-9a-z.-]{3,63}")  # a day or a data version
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")


def clean_text(text: str) -> str:
    """Return a text without unprintable characters and outer spaces, cut at the limit."""
    return _UNPRINTABLE.sub("", text)[:TEXT_LIMIT].strip()


def clean_ids(text: str) -> str:
    """Return one id, or several with commas between them; a long list is kept whole."""
    if "," not in text:
        return clean_text(text)
    return _UNPRINTABLE.sub("", text)[: TEXT_LIMIT * 10].strip()


def parse_flag(text: str) -> bool:
    """Parse "0" or "1"; ValueError for anything else."""
    return ("0", "1").index(text) == 1


def parse_one_of(*allowed: str) -> Callable[[str], str]:
    """Return a function that returns an allowed text; it raises ValueError for anything else."""
    return lambda text: allowed[allowed.index(text)]


def parse_state(text: str) -> str:
    """Return an ISO day or a data version as it is written."""
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        return dt.date.fromisoformat(text).isoformat()
    if not _STATE.fullmatch(text):
        raise ViewError(f"{text!r} is neither a day such as 2024-05-03 nor a version of the data.")
    return text


def describe_missing_layers(names: tuple[str, ...]) -> str:
    """Return the sentence on the layers of a link that only its author's browser has."""
    one = len(names) == 1
    count, ask = ("a layer", "its file") if one else (f"{len(names)} layers", "their files")
    listed = ", ".join(map(quote_shortened, names))
    only = "only its author's browser holds"
    return f"{MISSING_LAYERS} {count} that {only}: {listed}. Ask for {ask}."


def describe_unknown(name: str, text: str) -> str:
    """Return the notice on a value that the map does not have; `name` is the link's parameter."""
    if name == "base":
        shown = "the drawn map is shown instead"
        return f"The link's base map {quote_shortened(text)} is not offered here; {shown}."
    return f"The link's {name} is not in the data: {quote_shortened(text)}."


def quote_shortened(text: str) -> str:
    """Return a text in quotation marks, cut for a notice."""
    text = clean_text(text)
    return f"“{text[:60]}…”" if len(text) > 60 else f"“{text}”"
