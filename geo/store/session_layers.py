"""Layers that belong to one browser session: each session has a folder, named by a secret key.

Whoever has the key can open the folder; it is long, random, and never part of a link.
"""

import os
import secrets
import shutil
import stat
import time
from dataclasses import dataclass
from pathlib import Path

from geo.errors import LimitError, StoreError
from geo.session_keys import is_key
from geo.store.folder.store import FolderStore
from geo.store.query.layer_cache import LayerCache

_TEXTS = "texts"  # a folder beside those of the keys
_LEDGERS = "ledgers"  # likewise
_OLD = 86_400  # seconds until a text that is in use is written again, so that it does not expire
_MOST_TEXT = 2_000_000  # letters


@dataclass(frozen=True, eq=False)
class SessionLayers:
    """The folders of all sessions, under one root; with limits of one session, and of all."""

    root: Path
    """Created with the first layer, accessible to this user only. Processes that serve the same
    browsers may share it."""
    keep_days: float = 7
    """A folder is removed when it was not written to for so many days."""
    most_layers: int = 50
    most_bytes: int = 500_000_000
    most_bytes_in_all: int = 20_000_000_000
    cache: LayerCache | None = None
    """Holds decoded rows of all folders; None: each folder has its own cache."""

    def has(self, key: str) -> bool:
        """Whether there is a folder for a key."""
        return is_key(key) and (self.root / key).is_dir()

    def open(self, key: str) -> FolderStore:
        """Open the existing folder of a key (see `has`)."""
        cache = self.cache.for_owner(key) if self.cache is not None else None
        return FolderStore(self._path(key), cache=cache, ours=True)

    def make(self, key: str, *, instead_of: str = "") -> FolderStore:
        """Open the folder of a key for one more layer; create it, and remove expired folders.

        The layer ``instead_of`` will be replaced: it does not count towards the limits. Raises
        LimitError when a limit is reached, StoreError when the folder cannot be created.
        """
        path = self._path(key)
        try:
            self._open_root()
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
            if self.cache is not None:
                self.cache.for_owner(key).keep_only(set())

    def read_file(self, key: str, name: str, *, unless: int = 0) -> tuple[int, str | None]:
        """Return when a text beside the layers was written (ns), and the text.

        The text is None if there is none, or if it was written at `unless`.
        """
        path = self._find_file(key, name)
        try:
            stamp = path.stat().st_mtime_ns
            return stamp, None if stamp == unless else path.read_text("utf-8")
        except OSError:
            return 0, None

    def write_file(self, key: str, name: str, text: str) -> int:
        """Keep a small text for a key as long as its layers; return when it was written (ns).

        It is no layer: a browser that keeps nothing else gets the answers of everybody. Raises
        StoreError if it cannot be written, LimitError if it is too long.
        """
        if len(text) > _MOST_TEXT:
            msg = f"It has {len(text):,} letters, and may have {_MOST_TEXT:,}. Shorten it."
            raise LimitError(msg)
        path = self._find_file(key, name)
        try:
            self._open_root()
            path.parent.mkdir(mode=0o700, exist_ok=True)
            beside = path.with_suffix(f".{secrets.token_hex(8)}")
            beside.write_text(text, "utf-8")
            beside.replace(path)
            return path.stat().st_mtime_ns
        except OSError as error:
            msg = f"There is no room to keep it ({error.strerror}). Tell the operator."
            raise StoreError(msg) from error

    def is_old(self, stamp: int) -> bool:
        """Whether a text that was written then (ns) is to be written again if it is in use."""
        return time.time_ns() - stamp > _OLD * 10**9

    def find_ledger(self, key: str) -> Path:
        """Return the folder of a key's own drafts, which its ledger makes; see `make_root`."""
        return self.root / _LEDGERS / self._path(key).name

    def make_root(self) -> None:
        """Create the root, for this user only, and remove what has expired."""
        try:
            self._open_root()
        except OSError as error:
            msg = f"There is no room to keep drafts ({error.strerror}). Tell the operator."
            raise StoreError(msg) from error

    def _find_file(self, key: str, name: str) -> Path:
        return self.root / _TEXTS / f"{self._path(key).name}-{name}"

    def _open_root(self) -> None:
        self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._check_owner()
        self._remove_expired()

    def _check_owner(self) -> None:
        """Reject a root owned by another user: the folder for temporary files is shared."""
        status = self.root.lstat()
        if not stat.S_ISDIR(status.st_mode) or status.st_uid != os.getuid():
            msg = "The folder for layers of your own belongs to somebody else, so nothing is kept"
            raise StoreError(f"{msg} there. The operator names another one in OWN_FOLDER.")

    def _check_room(self, path: Path, instead_of: str) -> None:
        sizes = {file: size for file, size in _list_sizes(path) if Path(file).stem != instead_of}
        if len(sizes) >= self.most_layers:
            msg = f"You keep as many layers of your own as there may be ({self.most_layers})."
            raise LimitError(f"{msg} Remove one that you no longer need.")
        if sum(sizes.values()) >= self.most_bytes:
            msg = f"Your layers take {self.most_bytes / 1e6:,.0f} MB, and may take no more."
            raise LimitError(f"{msg} Remove one that you no longer need.")
        folders = (folder for folder in self.root.iterdir() if is_key(folder.name))
        in_all = sum(size for folder in folders for _, size in _list_sizes(folder))
        if in_all >= self.most_bytes_in_all:
            msg = "The layers of all readers take as much room as they may. Tell the operator"
            raise LimitError(f"{msg}, or try again another day.")

    def _path(self, key: str) -> Path:
        if not is_key(key):
            msg = "That is no key of a folder of layers."
            raise StoreError(msg)
        return self.root / key

    def _remove_expired(self) -> None:
        expired = time.time() - self.keep_days * 86_400
        for path in self.root.iterdir():
            if is_key(path.name) and path.is_dir() and path.stat().st_mtime < expired:
                shutil.rmtree(path, ignore_errors=True)
        for path in (self.root / _LEDGERS).glob("*"):
            if path.stat().st_mtime < expired:
                shutil.rmtree(path, ignore_errors=True)
        for path in (self.root / _TEXTS).glob("*"):
            if path.stat().st_mtime < expired:
                path.unlink(missing_ok=True)


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
