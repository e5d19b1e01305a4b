"""Layers that belong to one browser: each browser's in a folder of its own, known by a key.

The key is all that opens the folder; it is long, random, and never part of a link.
"""

import shutil
import time
from pathlib import Path

from geo.errors import StoreError
from geo.keys import is_key
from geo.store.folder import FolderStore


class OwnFolders:
    """The folders under one root.

    Parameters
    ----------
    root
        Made when the first layer comes in, for this user alone. Processes that serve the same
        browsers may share it.
    keep_days
        A folder that nobody wrote to for so long is removed.
    """

    def __init__(self, root: Path, *, keep_days: float = 7) -> None:
        self._root = root
        self._keep = keep_days * 86_400

    def has(self, key: str) -> bool:
        """Whether there is a folder for a key."""
        return is_key(key) and (self._root / key).is_dir()

    def open(self, key: str) -> FolderStore:
        """Open the folder of a key, which must be there (see `has`)."""
        return FolderStore(self._path(key))

    def make(self, key: str) -> FolderStore:
        """Open the folder of a key; make it if it is not there, and remove those left behind.

        Raises
        ------
        StoreError
            When the disk does not take it.
        """
        try:
            self._root.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._sweep()
            path = self._path(key)
            path.mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            msg = f"There is no room for layers of your own ({error.strerror}). Tell the operator."
            raise StoreError(msg) from error
        return FolderStore(path)

    def remove(self, key: str) -> None:
        """Remove all layers of a key."""
        if self.has(key):
            shutil.rmtree(self._path(key), ignore_errors=True)

    def _path(self, key: str) -> Path:
        if not is_key(key):
            msg = "That is no key of a folder of layers."
            raise StoreError(msg)
        return self._root / key

    def _sweep(self) -> None:
        old = time.time() - self._keep
        for path in self._root.iterdir():
            if is_key(path.name) and path.is_dir() and path.stat().st_mtime < old:
                shutil.rmtree(path, ignore_errors=True)
