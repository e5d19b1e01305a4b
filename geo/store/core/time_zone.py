"""Time zones by their IANA names: that of the case, and the check of a given one."""

import json
from functools import lru_cache
from zoneinfo import ZoneInfo

from geo.errors import StoreError
from geo.settings import ASSETS

CASE_FILE = ASSETS / "case" / "case.json"


@lru_cache(maxsize=1)
def case_time_zone() -> str:
    """Return the zone in which days are cut where a layer does not name its own."""
    document = json.loads(CASE_FILE.read_text(encoding="utf-8"))
    return check_time_zone(document["time_zone"]) or "UTC"


def check_time_zone(name: str) -> str:
    """Return an IANA name such as Asia/Damascus, or "", if valid; else raise StoreError."""
    try:
        _ = ZoneInfo(name) if name else None
    except (ValueError, OSError, LookupError, TypeError) as error:
        msg = f"{name!r} is no time zone. Choose an IANA name such as UTC or Asia/Damascus."
        raise StoreError(msg) from error
    return name
