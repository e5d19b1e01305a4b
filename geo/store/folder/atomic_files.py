"""A folder as the store sees it: what lies in it, a lock for writers, and files written whole."""

import hashlib
import os
import secrets
import stat
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from geo.errors import StoreError
from geo.store.core.errors import FileFaultError
from geo.store.formats.format_reader import SUFFIXES

CATALOGUE = "catalogue.json"
_LOCK = ".store.lock"
_TEMPORARY = ".store-"
_HASH_WHOLE = 64 * 2**20
_BLOCK = 2**20


@dataclass(frozen=True)
class FileState:
    """A file's outside. Equal when nothing about the file has changed."""

    stat: tuple[int, ...]
    """Modified (ns), size and inode; for a GeoPackage also those of its write-ahead log."""
    problem: tuple[str, str] | None = None
    """Why it is not opened, and the remedy."""

    @property
    def changed_at(self) -> float:
        """When its content was last changed, seconds since 1970."""
        return max(self.stat[::3], default=0) / 1e9


_GONE = FileState(())


def list_files(folder: Path) -> dict[str, FileState]:
    """The layer files and the catalogue of a folder, by name; hidden files are left out.

    Raises
    ------
    StoreError
        When the folder cannot be listed.
    """
    try:
        names = [name for name in os.listdir(folder) if not name.startswith(".")]  # noqa: PTH208
    except OSError as error:
        msg = (
            f"The layer folder {folder.name!r} cannot be listed ({error.strerror}). Make it "
            "again, or name another folder in STORE_URL."
        )
        raise StoreError(msg) from error
    logs = {name for name in names if name.endswith("-wal")}
    wanted = (name for name in names if name == CATALOGUE or name.lower().endswith(SUFFIXES))
    states = {name: _state(folder, name, f"{name}-wal" in logs) for name in sorted(wanted)}
    return {name: found for name, found in states.items() if found != _GONE}


def read_file_state(path: Path) -> FileState:
    """The outside of one file now; with no numbers and no problem when it is gone."""
    return _state(path.parent, path.name, os.path.exists(f"{path}-wal"))  # noqa: PTH110 - hot


def _state(folder: Path, name: str, logged: bool) -> FileState:
    path = os.path.join(folder, name)  # noqa: PTH118 - this and stat are all that layers() costs
    try:
        about = os.lstat(path)
    except FileNotFoundError:
        return _GONE
    except OSError:
        return FileState((), ("It cannot be looked at.", "Let the dashboard's account read it."))
    try:
        if stat.S_ISLNK(about.st_mode):
            if not _inside(folder, name):
                why = "It is a link to a file outside the layer folder, which is not followed."
                return FileState((), (why, "Copy the file itself into the folder."))
            about = os.stat(path)  # noqa: PTH116
    except (OSError, RuntimeError):  # Python 3.11 says a loop of links by RuntimeError
        why = "It is a link that leads nowhere."
        return FileState((), (why, "Copy the file itself into the folder."))
    numbers: tuple[int, ...] = (about.st_mtime_ns, about.st_size, about.st_ino)
    if not stat.S_ISREG(about.st_mode):
        return FileState(numbers, ("It is not a plain file.", "Put a plain file in its place."))
    if logged and name.lower().endswith(".gpkg"):
        with suppress(OSError):
            more = os.lstat(f"{path}-wal")
            numbers += (more.st_mtime_ns, more.st_size, more.st_ino)
    return FileState(numbers)


def _inside(folder: Path, name: str) -> bool:
    return (folder / name).resolve(strict=True).is_relative_to(folder.resolve())


def content_hash(path: Path) -> str:
    """16 hex digits for a file's content: all of it up to 64 MB, else size, time and both ends."""
    digest = hashlib.blake2b(digest_size=8)
    for part in (path, path.with_name(f"{path.name}-wal")):
        if part != path and not (path.suffix.lower() == ".gpkg" and part.is_file()):
            continue
        with part.open("rb") as file:
            about = os.fstat(file.fileno())
            if about.st_size > _HASH_WHOLE:
                digest.update(f"{about.st_size} {about.st_mtime_ns}".encode())
                digest.update(file.read(_BLOCK))
                file.seek(-_BLOCK, os.SEEK_END)
            while block := file.read(_BLOCK):
                digest.update(block)
    return digest.hexdigest()


def check_unchanged(path: Path, before: FileState) -> None:
    """FileFaultError if a file is no longer what it was: what was read of it may be a mixture."""
    if read_file_state(path) != before:
        raise FileFaultError("It changed while it was read.", "It is read again when it is whole.")


@contextmanager
def folder_lock(folder: Path) -> Iterator[None]:
    """Only one writer in this folder, among all threads and processes of the machine.

    Raises
    ------
    StoreError
        When the folder cannot be written to.
    """
    try:
        import fcntl
    except ImportError as error:
        msg = (
            "Layers cannot be written on this system, which has no file locks. Use Linux or macOS."
        )
        raise StoreError(msg) from error
    try:
        handle = os.open(folder / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
    except OSError as error:
        raise _not_written(_LOCK, error) from error
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        for leftover in folder.glob(f"{_TEMPORARY}*"):  # of a writer that died: none else is here
            leftover.unlink(missing_ok=True)
        yield
    finally:
        os.close(handle)  # and with it the lock


def replace_files(wanted: Mapping[Path, Callable[[Path], object]]) -> None:
    """Write files whole or not at all: each is written beside, then takes its place.

    All of them are on the disk before the first takes its place. Call it under :func:`locked`,
    with files of one folder.

    Parameters
    ----------
    wanted
        Path -> a function that writes the content to the path it is given.

    Raises
    ------
    StoreError
        When the disk does not take it.
    """
    ready: dict[Path, Path] = {}
    path = Path()
    try:
        for path, fill in wanted.items():
            ready[path] = path.with_name(f"{_TEMPORARY}{secrets.token_hex(8)}")
            fill(ready[path])
            _sync(ready[path])
        for path, beside in ready.items():
            os.replace(beside, path)  # noqa: PTH105 - tests make this very call fail
        _sync(path.parent)
    except OSError as error:
        raise _not_written(path.name, error) from error
    finally:
        for beside in ready.values():
            with suppress(OSError):
                beside.unlink(missing_ok=True)


def text_writer(text: str) -> Callable[[Path], object]:
    """What writes a text to the path that it is given."""
    return lambda path: path.write_text(text, encoding="utf-8")


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _not_written(name: str, error: OSError) -> StoreError:
    return StoreError(
        f"{name!r} cannot be written ({error.strerror or error}); what was there before is "
        "unchanged. Make room on the disk, or let the dashboard's account write to the folder."
    )
