"""The files of a store's folder: list, lock, hash, and replace them atomically."""

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
    """A file's status on disk. Equal when the file has not changed."""

    stat: tuple[int, ...]
    """Modified (ns), size and inode; for a GeoPackage also those of its write-ahead log."""
    problem: tuple[str, str] | None = None
    """Why the file is not opened, and a remedy."""

    @property
    def changed_at(self) -> float:
        """Time of the last change, seconds since 1970."""
        return max(self.stat[::3], default=0) / 1e9


_GONE = FileState(())


def list_files(folder: Path) -> dict[str, FileState]:
    """Return the states of a folder's layer files and catalogue, by name; without hidden files."""
    try:
        names = [name for name in os.listdir(folder) if not name.startswith(".")]  # noqa: PTH208
    except OSError as error:
        msg = f"The layer folder {folder.name!r} cannot be listed ({error.strerror})."
        remedy = "Make it again, or name another folder in STORE_URL."
        raise StoreError(f"{msg} {remedy}") from error
    logs = {name for name in names if name.endswith("-wal")}
    wanted = (name for name in names if name == CATALOGUE or name.lower().endswith(SUFFIXES))
    states = {name: _stat_file(folder, name, f"{name}-wal" in logs) for name in sorted(wanted)}
    return {name: found for name, found in states.items() if found != _GONE}


def read_file_state(path: Path) -> FileState:
    """Return the state of one file now; an empty state if it does not exist."""
    return _stat_file(path.parent, path.name, os.path.exists(f"{path}-wal"))  # noqa: PTH110 - hot


def _stat_file(folder: Path, name: str, logged: bool) -> FileState:
    path = os.path.join(folder, name)  # noqa: PTH118 - most of the time of layers()
    try:
        about = os.lstat(path)
    except FileNotFoundError:
        return _GONE
    except OSError:
        return FileState((), ("It cannot be looked at.", "Let the dashboard's account read it."))
    try:
        if stat.S_ISLNK(about.st_mode):
            if not (folder / name).resolve(strict=True).is_relative_to(folder.resolve()):
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


def content_hash(path: Path) -> str:
    """Return 16 hex digits: a hash of the content up to 64 MB, else of size, time and both ends."""
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
    """Raise FileFaultError if a file has changed, so that what was read may be mixed."""
    if read_file_state(path) != before:
        raise FileFaultError("It changed while it was read.", "It is read again when it is whole.")


@contextmanager
def folder_lock(folder: Path) -> Iterator[None]:
    """Let one writer at a time into a folder, among all threads and processes of the machine.

    The lock of a process that ends is released. Files that such a writer left are removed.
    """
    from filelock import FileLock

    try:
        lock = FileLock(folder / _LOCK).acquire()
    except OSError as error:
        raise _write_error(_LOCK, error) from error
    with lock:
        for leftover in folder.glob(f"{_TEMPORARY}*"):  # nobody else writes now
            leftover.unlink(missing_ok=True)
        yield


def replace_files(contents: Mapping[Path, str | Callable[[Path], object]]) -> None:
    """Replace files of one folder, each completely or not at all. Call it under `folder_lock`.

    All are written to temporary files and synced before the first is renamed. A content is a
    text, or a function that writes it to the path that it receives.
    """
    ready: dict[Path, Path] = {}
    path = Path()
    try:
        for path, content in contents.items():
            ready[path] = path.with_name(f"{_TEMPORARY}{secrets.token_hex(8)}")
            if isinstance(content, str):
                ready[path].write_text(content, encoding="utf-8")
            else:
                content(ready[path])
            _sync(ready[path])
        for path, beside in ready.items():
            os.replace(beside, path)  # noqa: PTH105 - tests make this very call fail
        _sync(path.parent)
    except OSError as error:
        raise _write_error(path.name, error) from error
    finally:
        for beside in ready.values():
            with suppress(OSError):
                beside.unlink(missing_ok=True)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _write_error(name: str, error: OSError) -> StoreError:
    return StoreError(
        f"{name!r} cannot be written ({error.strerror or error}); what was there before is "
        "unchanged. Make room on the disk, or let the dashboard's account write to the folder."
    )


def delete_file(path: Path) -> None:
    """Delete a file if it exists; StoreError if it cannot be deleted."""
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        msg = f"{path.name!r} cannot be deleted ({error.strerror}). Delete it by hand."
        raise StoreError(msg) from error


def find_folder(folder: Path | str) -> Path:
    """Return the absolute path of an existing folder; StoreError if there is none."""
    path = Path(folder).expanduser().resolve()
    if not path.is_dir():
        msg = f"There is no layer folder {str(folder)!r}."
        raise StoreError(f"{msg} Make it (mkdir -p), or name another one in STORE_URL.")
    return path
