"""Time zones by their IANA names: that of the case, and the check of a given one."""

from zoneinfo import ZoneInfo

from geo.case_file import read_case_values
from geo.errors import StoreError


def case_time_zone() -> str:
    """Return the zone in which days are cut where a layer does not name its own.

    It is UTC where the case names none.
    """
    return check_time_zone(str(read_case_values().get("time_zone") or "")) or "UTC"


def check_time_zone(name: str) -> str:
    """Return an IANA name such as Europe/Paris, or "", if valid; else raise StoreError."""
    try:
        _ = ZoneInfo(name) if name else None
    except (ValueError, OSError, LookupError, TypeError) as error:
        msg = f"{name!r} is no time zone. Choose an IANA name such as UTC or Europe/Paris."
        raise StoreError(msg) from error
    return name
