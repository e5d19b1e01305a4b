"""Opens the layer store that the setting STORE_URL names."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from geo.errors import StoreError
from geo.store.folder.store import FolderStore

if TYPE_CHECKING:
    from geo.store.postgis.store import PostgisStore


def open_store(url: str, *, ours: bool = False) -> FolderStore | PostgisStore:
    """Open a folder (a path or a ``file://`` URL) or ``postgresql://user@host/database``.

    ``ours``: only this program writes there (see :class:`FolderStore`). StoreError when there is
    no such folder, the scheme is unknown, or its libraries are missing. The message repeats the
    scheme only: the rest of an address may hold a password, else libpq looks for one. A database
    is not connected yet: one that does not answer is reported by the first query.
    """
    if not url.strip():
        msg = "STORE_URL is empty (''): it names no store. Give it the path of a folder."
        raise StoreError(msg)
    scheme, found, _ = url.partition("://")
    if not found:
        return FolderStore(url, ours=ours)
    if is_database(url):
        from geo.store.postgis import check_libraries

        check_libraries()
        from geo.store.postgis.engine import DatabaseTimeouts
        from geo.store.postgis.store import PostgisStore

        return PostgisStore(url, timeouts=DatabaseTimeouts.from_settings())
    if scheme == "file":
        parts = urlsplit(url)
        if parts.netloc in {"", "localhost"}:
            return FolderStore(unquote(parts.path), ours=ours)
        msg = f"The folder of {url!r} is on another machine. Write file:/// and its path here."
        raise StoreError(msg)
    msg = f"A store at {scheme + '://…'!r} is of a kind that is not known. Use a folder's path."
    raise StoreError(msg)


def is_database(url: str) -> bool:
    """Whether an address is a PostgreSQL URL rather than a folder."""
    scheme, found, _ = url.partition("://")
    return bool(found) and scheme.partition("+")[0] in {"postgresql", "postgres"}
