"""The ledger that an address names."""

from dataclasses import replace
from urllib.parse import unquote, urlsplit

from geo.errors import LedgerError, StoreError
from geo.ledger.api import Ledger
from geo.ledger.folder import FolderLedger
from geo.store.open import is_database

LOOK = 0.25  # seconds: how long the head of a ledger in a database is taken as unchanged


def open_ledger(url: str) -> Ledger:
    """Open the shared ledger of a folder, a file:// address or a PostgreSQL URL.

    LedgerError is raised for an address of another kind. The message repeats its scheme only:
    the rest may hold a password.
    """
    scheme, found, _ = url.partition("://")
    if not url.strip():
        msg = "LEDGER_URL is empty (''): it names no ledger. Give it the path of a folder."
        raise LedgerError(msg)
    if not found:
        return FolderLedger(url)
    parts = urlsplit(url)
    if scheme == "file" and parts.netloc in {"", "localhost"}:
        return FolderLedger(unquote(parts.path))
    if is_database(url):
        return _open_database(url)
    msg = f"A ledger at {scheme + '://…'!r} is of a kind that is not known. Use a folder's path."
    raise LedgerError(msg)


def _open_database(url: str) -> Ledger:
    from geo.store.postgis import check_libraries

    try:
        check_libraries()
        from geo.ledger.postgis import PostgisLedger
        from geo.store.postgis.engine import DatabaseTimeouts

        timeouts = replace(DatabaseTimeouts.from_settings(), look=LOOK)
        return PostgisLedger(url, timeouts=timeouts)
    except StoreError as error:
        raise LedgerError(str(error).replace("STORE_URL", "LEDGER_URL")) from error
