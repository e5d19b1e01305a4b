"""The file with the number and hash of the last confirmed event, replaced atomically.

The new head is written beside it before its event is: it vouches for an event whose writer was
killed before the head was in place.
"""

import json
import os
from contextlib import suppress
from pathlib import Path

from geo.errors import LedgerAwayError, LedgerError
from geo.ledger.models import NO_EVENTS, Head

HEAD = "head.json"
_BESIDE = ".head.json.new"  # only one writer at a time


class BadHeadError(LedgerError):
    """The file is there, but it is not what this program writes."""


def read_head(folder: Path, name: str = HEAD) -> Head:
    """Return the head that was kept; (0, "") if none was yet."""
    try:
        fields = json.loads((folder / name).read_bytes())
        head = Head(fields["number"], fields["hash"])
    except FileNotFoundError:
        return NO_EVENTS
    except OSError as error:
        msg = f"The ledger's file {name} cannot be read ({error.strerror})."
        raise LedgerAwayError(f"{msg} Let the dashboard's account read it.") from error
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise BadHeadError(f"{HEAD} was changed: it names no event.") from error
    if type(head.number) is not int or head.number < 1 or not isinstance(head.hash, str):
        raise BadHeadError(f"{HEAD} was changed: it names no event.")
    return head


def read_prepared_head(folder: Path) -> Head:
    """Return the head that a writer prepared and did not put in place; (0, "") for none."""
    try:
        return read_head(folder, _BESIDE)
    except LedgerError:  # half written: its event was not yet begun
        return NO_EVENTS


def prepare_head(folder: Path, head: Head) -> Path:
    """Write a new head beside the old one, and wait until it is on disk."""
    beside = folder / _BESIDE
    beside.unlink(missing_ok=True)  # a link would lead elsewhere
    with beside.open("x", encoding="utf-8") as file:
        file.write(json.dumps(head._asdict()))
        file.flush()
        os.fsync(file.fileno())
    return beside


def place_head(beside: Path) -> None:
    """Put a prepared head in place of the old one."""
    beside.replace(beside.with_name(HEAD))
    with suppress(OSError):  # the head itself is on disk
        handle = os.open(beside.parent, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
