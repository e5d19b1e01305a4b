"""Check a ZIP archive before unpacking; unpack into memory, up to a limit, never to its paths."""

import io
import stat
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import PurePosixPath

from geo.ingest.base.limits import MB, Limits
from geo.ingest.base.model import FileRejectedError
from geo.ingest.base.safe_text import format_size, printable

_NESTED = (".zip", ".kmz", ".gz", ".tgz", ".bz2", ".xz", ".7z", ".rar", ".tar", ".zst", ".jar")
_LITTER = ("__macosx", ".ds_store", "thumbs.db")
_BLOCK = 2**20
_AGAIN = "Make the archive again."
_UNPACK_ERRORS = (
    *(zipfile.BadZipFile, zlib.error, EOFError),
    *(NotImplementedError, OSError, RuntimeError, ValueError),
)


class ZipArchive:
    """A checked ZIP archive.

    Number of entries, unpacked size and ratio are checked in the archive's directory; the size
    again while a file is unpacked, since the directory may be wrong. Raises FileRejectedError if
    the archive is damaged, unsafe or too large.
    """

    def __init__(self, body: bytes, limits: Limits) -> None:
        self._limits = limits
        self._left = limits.unpacked_bytes
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(body))
        except (zipfile.BadZipFile, NotImplementedError, ValueError, EOFError) as error:
            why = f"The archive is damaged or cut off ({printable(error, 80)})."
            raise FileRejectedError(why, "Copy or make it again, whole.") from error
        entries = self._zip.infolist()
        if not entries:
            raise FileRejectedError("The archive is empty.", "Put the files into it.")
        self._check_size(entries, len(body))
        for entry in entries:
            _check_entry(entry)
        _check_overlap(entries)
        self.entries = [
            one for one in entries if not one.is_dir() and not _is_system_file(one.filename)
        ]

    def names(self, *suffixes: str) -> list[str]:
        """Return the names with one of some suffixes, in the archive's order."""
        return [e.filename for e in self.entries if e.filename.lower().endswith(suffixes)]

    def read(self, name: str) -> bytes:
        """Unpack one file; raise FileRejectedError if it is damaged, or larger than allowed."""
        entry = self._zip.getinfo(name)
        parts = []
        size = 0
        try:
            with self._zip.open(entry) as file:
                while block := file.read(_BLOCK):
                    size += len(block)
                    if size > entry.file_size or size > self._left:
                        raise self._too_large_error()
                    parts.append(block)
        except _UNPACK_ERRORS as error:
            why = f"{printable(name)!r} in the archive is damaged ({printable(error, 80)})."
            raise FileRejectedError(why, "Copy or make it again, whole.") from error
        self._left -= size
        return b"".join(parts)

    def _check_size(self, entries: Sequence[zipfile.ZipInfo], packed: int) -> None:
        if len(entries) > self._limits.entries:
            why = f"The archive has {len(entries):,} files; the limit is {self._limits.entries:,}."
            raise FileRejectedError(why, "Put only the needed files into it.")
        size = sum(entry.file_size for entry in entries)
        if size > self._limits.unpacked_bytes:
            raise self._too_large_error(size)
        single = max(e.file_size / max(e.compress_size, 1) for e in entries)
        ratio = max(size / max(packed, 1), single)
        if size > MB and ratio > self._limits.ratio:
            why = f"The archive unpacks to {ratio:,.0f} times its size, like a decompression bomb; "
            why += f"the limit is {self._limits.ratio}."
            raise FileRejectedError(why, "Pack it again with a common tool, or send it unpacked.")

    def _too_large_error(self, size: int | None = None) -> FileRejectedError:
        to = f"to {format_size(size)}" if size else "to more than it states, or too much"
        limit = format_size(self._limits.unpacked_bytes)
        why = f"The archive unpacks {to}; the limit is {limit}."
        return FileRejectedError(why, "Remove the files that are not needed.")


def _check_entry(entry: zipfile.ZipInfo) -> None:
    name = entry.orig_filename
    path = PurePosixPath(name.replace("\\", "/"))
    quoted = repr(printable(name, 80))
    if path.is_absolute() or ".." in path.parts or name[1:2] == ":" or "\x00" in name:
        why = f"The archive names a path outside of itself: {quoted}."
        raise FileRejectedError(why, _AGAIN)
    if stat.S_ISLNK(entry.external_attr >> 16):
        why = f"{quoted} in the archive is a link to another file; links are not followed."
        raise FileRejectedError(why, "Put the file itself into the archive.")
    if entry.flag_bits & 0x1:
        why = f"{quoted} in the archive is encrypted."
        raise FileRejectedError(why, "Make it again without a password.")
    if name.lower().endswith(_NESTED):
        why = f"The archive contains another archive, {quoted}."
        raise FileRejectedError(why, "Unpack that one, and choose it by itself.")


def _check_overlap(entries: Sequence[zipfile.ZipInfo]) -> None:
    """Reject an archive with a duplicate name, or two files that share bytes (a zip bomb)."""
    names = [entry.filename for entry in entries]
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise FileRejectedError(f"The archive has {printable(twice, 80)!r} twice.", _AGAIN)
    end = 0
    for entry in sorted(entries, key=lambda one: one.header_offset):
        if entry.header_offset < end:
            name = printable(entry.filename, 80)
            why = f"Files in the archive overlap at {name!r}, as in a zip bomb."
            raise FileRejectedError(why, _AGAIN)
        end = entry.header_offset + entry.compress_size


def _is_system_file(name: str) -> bool:
    parts = [part.lower() for part in PurePosixPath(name).parts]
    return bool(parts) and (parts[0] in _LITTER or parts[-1] in _LITTER)
