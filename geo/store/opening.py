"""From the setting STORE_URL to a store."""

from urllib.parse import unquote, urlsplit

from geo.errors import StoreError
from geo.store.folder import FolderStore
from geo.store.protocol import LayerStore


def open_store(url: str, *, ours: bool = False) -> LayerStore:
    """Open the layer store that a setting names.

    Parameters
    ----------
    url
        A folder's path, or a ``file://`` URL of one.
    ours
        Nobody else puts files there (see :class:`FolderStore`).

    Raises
    ------
    StoreError
        When there is no such folder, or the kind of store is not known. The message repeats the
        scheme only: the rest of an address may hold a password.
    """
    if not url.strip():
        msg = "STORE_URL is empty (''): it names no store. Give it the path of a folder."
        raise StoreError(msg)
    scheme, found, _ = url.partition("://")
    if not found:
        return FolderStore(url, ours=ours)
    if scheme in {"postgresql", "postgres"} or scheme.startswith("postgresql+"):
        msg = f"A store at {scheme + '://…'!r} is not in this version yet; use a folder."
        raise StoreError(msg)
    if scheme == "file":
        parts = urlsplit(url)
        if parts.netloc in {"", "localhost"}:
            return FolderStore(unquote(parts.path), ours=ours)
        msg = f"The folder of {url!r} is on another machine. Write file:/// and its path here."
        raise StoreError(msg)
    msg = f"A store at {scheme + '://…'!r} is of a kind that is not known. Use a folder's path."
    raise StoreError(msg)
