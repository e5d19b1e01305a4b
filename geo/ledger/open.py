"""The ledger that an address names."""

from urllib.parse import unquote, urlsplit

from geo.errors import LedgerError
from geo.ledger.api import Ledger
from geo.ledger.folder import FolderLedger
from geo.store.open import is_database


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
        msg = "A ledger in a database is not part of this installation yet. Name a folder."
        raise LedgerError(msg)
    msg = f"A ledger at {scheme + '://…'!r} is of a kind that is not known. Use a folder's path."
    raise LedgerError(msg)
