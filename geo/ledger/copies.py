"""Kept copies of sources in a folder, each named by its SHA-256."""

import hashlib
import os
import re
import secrets
from collections.abc import Iterator
from pathlib import Path

from geo.errors import LedgerDamagedError, LedgerError
from geo.ledger.models import LedgerFault

_SHA256 = re.compile(r"[0-9a-f]{64}")
_TYPE = ".type"


def is_sha256(text: str) -> bool:
    """Whether a text has the form of a SHA-256 in hex digits."""
    return _SHA256.fullmatch(text) is not None


def damaged_copy_error(sha256: str, remedy: str) -> LedgerDamagedError:
    """Return the error for a copy that is no longer what was kept."""
    msg = f"The kept copy {sha256} was changed: its content has another hash."
    return LedgerDamagedError(f"{msg} {remedy}")


class CopyFolder:
    """Copies in one folder; writing the same content again changes nothing."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def keep(self, data: bytes, media_type: str) -> str:
        """Keep a copy, completely or not at all, and return its SHA-256."""
        sha256 = hashlib.sha256(data).hexdigest()
        if self._read_sound(sha256) is not None:
            return sha256
        try:
            self._path.mkdir(parents=True, exist_ok=True)
            self._write(f"{sha256}{_TYPE}", media_type.encode())
            self._write(sha256, data)
        except OSError as error:
            msg = f"The copy cannot be kept ({error.strerror}). Make room on the disk, or let"
            raise LedgerError(f"{msg} this account write to the ledger's folder.") from error
        return sha256

    def read(self, sha256: str) -> tuple[bytes, str] | None:
        """Return a copy and its media type; None if there is none."""
        if not is_sha256(sha256) or not (self._path / sha256).is_file():
            return None
        found = self._read_sound(sha256)
        if found is None:
            remedy = "Restore it from a copy of the ledger, or keep it again."
            raise damaged_copy_error(sha256, remedy)
        return found

    def has(self, sha256: str) -> bool:
        """Whether a copy is there, sound or not."""
        return (self._path / sha256).exists()

    def find_faults(self) -> Iterator[LedgerFault]:
        """Yield a fault for each copy that is no longer what was kept."""
        for path in sorted(self._path.glob("*")) if self._path.is_dir() else ():
            if is_sha256(path.name) and self._read_sound(path.name) is None:
                why = f"the kept copy {path.name} was changed: its content has another hash."
                yield LedgerFault(0, "tampered", why, "Restore that file from a copy.")

    def _read_sound(self, sha256: str) -> tuple[bytes, str] | None:
        try:
            data = (self._path / sha256).read_bytes()
            if hashlib.sha256(data).hexdigest() != sha256:
                return None
            return data, (self._path / f"{sha256}{_TYPE}").read_text("utf-8")
        except (OSError, UnicodeError):
            return None

    def _write(self, name: str, data: bytes) -> None:
        beside = self._path / f".{name}.{secrets.token_hex(8)}"
        try:
            with beside.open("xb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            beside.replace(self._path / name)
        finally:
            beside.unlink(missing_ok=True)
