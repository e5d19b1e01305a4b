"""Layers that belong to one browser session: each session has a folder, named by a secret key.

Whoever has the key can open the folder; it is long, random, and never part of a link.
"""

import os
import shutil
import stat
import time
from pathlib import Path

from geo.errors import LimitError, StoreError
from geo.session_keys import is_key
from geo.store.folder.store import FolderStore
from geo.store.query.layer_cache import LayerCache


class SessionLayers:
    """The folders of all sessions, under one root.

    Parameters
    ----------
    root
        Created with the first layer, accessible to this user only. Processes that serve the
        same browsers may share it.
    keep_days
        A folder is removed when it was not written to for so many days.
    most_layers, most_bytes
        Limits of one session.
    most_bytes_in_all
        Limit of all sessions together.
    cache
        Holds decoded rows of all folders; None: each folder has its own cache.
    """

    def __init__(
        self,
        root: Path,
        *,
        keep_days: float = 7,
        most_layers: int = 50,
        most_bytes: int = 500_000_000,
        most_bytes_in_all: int = 20_000_000_000,
        cache: LayerCache | None = None,
    ) -> None:
        self._root = root
        self._keep = keep_days * 86_400
        self._most_layers = most_layers
        self._most_bytes = most_bytes
        self._most_bytes_in_all = most_bytes_in_all
        self._cache = cache

    def has(self, key: str) -> bool:
        """Whether there is a folder for a key."""
        return is_key(key) and (self._root / key).is_dir()

    def open(self, key: str) -> FolderStore:
        """Open the existing folder of a key (see `has`)."""
        cache = self._cache.for_owner(key) if self._cache is not None else None
        return FolderStore(self._path(key), cache=cache, ours=True)

    def make(self, key: str, *, instead_of: str = "") -> FolderStore:
        """Open the folder of a key for one more layer; create it if needed.

        Expired folders are removed.

        Parameters
        ----------
        key
        instead_of
            A layer that will be replaced: it does not count towards the limits.

        Raises
        ------
        LimitError
            When a limit on layers or bytes is reached.
        StoreError
            When the folder cannot be created.
        """
        path = self._path(key)
        try:
            self._root.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._check_owner()
            self._remove_expired()
            self._check_room(path, instead_of)
            path.mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            msg = f"There is no room for layers of your own ({error.strerror}). Tell the operator."
            raise StoreError(msg) from error
        return self.open(key)

    def remove(self, key: str) -> None:
        """Remove all layers of a key."""
        if self.has(key):
            shutil.rmtree(self._path(key), ignore_errors=True)
            if self._cache is not None:
                self._cache.for_owner(key).keep_only(set())

    def _check_owner(self) -> None:
        """Reject a root owned by another user: the folder for temporary files is shared."""
        status = self._root.lstat()
        if not stat.S_ISDIR(status.st_mode) or status.st_uid != os.getuid():
            msg = (
                "The folder for layers of your own belongs to somebody else, so nothing is kept "
                "there. The operator names another one in OWN_FOLDER."
            )
            raise StoreError(msg)

    def _check_room(self, path: Path, instead_of: str) -> None:
        sizes = {file: size for file, size in _list_sizes(path) if Path(file).stem != instead_of}
        if len(sizes) >= self._most_layers:
            msg = f"You keep as many layers of your own as there may be ({self._most_layers})."
            raise LimitError(f"{msg} Remove one that you no longer need.")
        if sum(sizes.values()) >= self._most_bytes:
            msg = f"Your layers take {self._most_bytes / 1e6:,.0f} MB, and may take no more."
            raise LimitError(f"{msg} Remove one that you no longer need.")
        others = (folder for folder in self._root.iterdir() if is_key(folder.name))
        if (
            sum(size for folder in others for _, size in _list_sizes(folder))
            >= self._most_bytes_in_all
        ):
            msg = "The layers of all readers take as much room as they may. Tell the operator"
            raise LimitError(f"{msg}, or try again another day.")

    def _path(self, key: str) -> Path:
        if not is_key(key):
            msg = "That is no key of a folder of layers."
            raise StoreError(msg)
        return self._root / key

    def _remove_expired(self) -> None:
        expired = time.time() - self._keep
        for path in self._root.iterdir():
            if is_key(path.name) and path.is_dir() and path.stat().st_mtime < expired:
                shutil.rmtree(path, ignore_errors=True)


def _list_sizes(folder: Path) -> list[tuple[str, int]]:
    """Return the layer files of a folder, and their sizes in bytes."""
    try:
        with os.scandir(folder) as found:
            return [
                (one.name, one.stat(follow_symlinks=False).st_size)
                for one in found
                if one.name.endswith(".parquet") and not one.name.startswith(".")
            ]
    except FileNotFoundError:
        return []
