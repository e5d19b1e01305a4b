"""Time zones by their IANA names: that of the case, and the check of a given one."""

import json
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from geo.errors import StoreError
from geo.settings import case_folder


def case_time_zone() -> str:
    """Return the zone in which days are cut where a layer does not name its own.

    It is UTC where the case names none, and where its file cannot be read, which the page says.
    """
    return _read_time_zone(case_folder())


@lru_cache(maxsize=8)
def _read_time_zone(folder: Path) -> str:
    with suppress(OSError, ValueError, LookupError, TypeError, AttributeError):
        case = json.loads((folder / "case.json").read_text(encoding="utf-8"))["case"]
        return check_time_zone(case.get("time_zone") or "") or "UTC"
    return "UTC"


def check_time_zone(name: str) -> str:
    """Return an IANA name such as Asia/Damascus, or "", if valid; else raise StoreError."""
    try:
        _ = ZoneInfo(name) if name else None
    except (ValueError, OSError, LookupError, TypeError) as error:
        msg = f"{name!r} is no time zone. Choose an IANA name such as UTC or Asia/Damascus."
        raise StoreError(msg) from error
    return name
