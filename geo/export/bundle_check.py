"""Check an evidence bundle: every file by its SHA-256, and the archive itself byte for byte.

Nothing is unpacked to a disk and nothing is decompressed: the files of a bundle are stored as
they are, so a compressed one is a fault and never read.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections import Counter
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from geo.errors import BundleError

MANIFEST, EVENTS = "manifest.json", "events.json"
FORMAT = "evidence bundle of a briefing map, version 1"
MAX_BYTES = 500_000_000
_MAX_FILES = 10_000
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*(\.[A-Za-z0-9_-]+)*", re.ASCII)
_REMEDY = "Ask whoever sent the bundle to send it again."


@dataclass(frozen=True)
class BundleFault:
    """One thing that is wrong with a bundle: the file's name (empty: the archive), and why."""

    file: str
    why: str

    def __str__(self) -> str:
        return f"{self.file or 'The archive'}: {self.why}"


@dataclass(frozen=True)
class BundleReport:
    """What a check of a bundle found; as text one line each."""

    name: str
    sha256: str
    files: int
    link: str
    data_version: str
    counted: str
    faults: tuple[BundleFault, ...]

    @property
    def sound(self) -> bool:
        """Whether nothing was changed."""
        return not self.faults

    def to_json_dict(self) -> dict[str, object]:
        """Return the report for machines."""
        faults = [{"file": one.file, "why": one.why} for one in self.faults]
        return {
            "bundle": self.name,
            "sound": self.sound,
            "sha256": self.sha256,
            "files": self.files,
            "counted": self.counted,
            "link": self.link,
            "data_version": self.data_version,
            "faults": faults,
        }

    def __str__(self) -> str:
        if self.sound:
            return (
                f"{self.name}: {self.files} files, each as its manifest says. {self.counted}.\n"
                f"Data version {self.data_version}; view: {self.link}\n"
                f"SHA-256 of the bundle: {self.sha256}"
            )
        things = "thing is" if len(self.faults) == 1 else "things are"
        head = f"{self.name}: {len(self.faults)} {things} wrong."
        return "\n".join((head, *(f"- {one}" for one in self.faults), _REMEDY))


def verify_bundle(path: str | Path) -> BundleReport:
    """Check a bundle's file; BundleError if it cannot be read at all."""
    path = Path(path)
    try:
        if path.stat().st_size > MAX_BYTES:
            msg = f"{path.name!r} has more than {MAX_BYTES:,} bytes, so it is no bundle."
            raise BundleError(f"{msg} Choose the file that was downloaded.")
        data = path.read_bytes()
    except OSError as error:
        msg = f"{path.name!r} cannot be read: {error.strerror}. Choose another file."
        raise BundleError(msg) from error
    return check_bundle(data, path.name)


def check_bundle(data: bytes, name: str = "bundle.zip") -> BundleReport:
    """Check the bytes of a bundle; see `verify_bundle`."""
    checked = _Check(data)
    try:
        checked.run()
    except (zipfile.BadZipFile, EOFError, OSError, ValueError, NotImplementedError, IndexError):
        checked.add("", "it is no whole ZIP file: cut off, or changed.")
    except Exception as error:  # zipfile raises many kinds for a broken header
        checked.add("", f"it cannot be read as a ZIP file ({type(error).__name__}).")
    about = checked.manifest
    return BundleReport(
        name=name,
        sha256=sha256(data).hexdigest(),
        files=len(checked.bodies),
        link=str(about.get("link", "")),
        data_version=str(about.get("data_version", "")),
        counted=str(about.get("counted", "")),
        faults=tuple(dict.fromkeys(checked.faults)),
    )


class _Check:
    """The check of one bundle, step by step."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.faults: list[BundleFault] = []
        self.bodies: dict[str, bytes] = {}
        self.manifest: dict[str, Any] = {}

    def add(self, file: str, why: str) -> None:
        self.faults.append(BundleFault(file, why))

    def run(self) -> None:
        with zipfile.ZipFile(io.BytesIO(self.data)) as pack:
            if not self._check_entries(pack.infolist()):
                return
            for entry in pack.infolist():
                try:
                    self.bodies[entry.filename] = pack.read(entry)
                except zipfile.BadZipFile:
                    self.add(entry.filename, "its content was changed (the checksum differs).")
        self._read_manifest()
        if self.manifest:
            self._compare_files()
        self._check_events()
        if not self.faults:
            self._compare_archive()

    def _check_entries(self, entries: list[zipfile.ZipInfo]) -> bool:
        """Return whether the archive can be read safely; nothing is read before."""
        if len(entries) > _MAX_FILES:
            self.add("", f"it has {len(entries):,} files; a bundle has at most {_MAX_FILES:,}.")
            return False
        for name, count in Counter(entry.filename for entry in entries).items():
            if count > 1:
                self.add(printable(name), f"the name is there {count} times.")
        for entry in entries:
            name = printable(entry.filename)
            if not is_safe_name(entry.filename):
                self.add(name, "the name leads out of the folder, or is none of a bundle.")
            if entry.flag_bits & 1:
                self.add(name, "it is encrypted; a bundle has no encrypted file.")
            if entry.compress_type != zipfile.ZIP_STORED:
                self.add(name, "it is compressed; a bundle stores its files as they are.")
        if sum(entry.file_size for entry in entries) > len(self.data):
            self.add("", "its files would be larger than the archive: it may be a ZIP bomb.")
        return not self.faults

    def _read_manifest(self) -> None:
        body = self.bodies.get(MANIFEST)
        if body is None:
            if not self.faults:
                self.add(MANIFEST, "it is missing, so nothing can be compared with it.")
            return
        try:
            found = json.loads(body)
        except (ValueError, RecursionError):
            self.add(MANIFEST, "it cannot be read as JSON: it was changed.")
            return
        files = found.get("files") if isinstance(found, dict) else None
        if not isinstance(files, dict) or found.get("format") != FORMAT:
            self.add(MANIFEST, "it is not the manifest of an evidence bundle, or was changed.")
            return
        self.manifest = found

    def _compare_files(self) -> None:
        listed: dict[str, object] = self.manifest["files"]
        there = {name: body for name, body in self.bodies.items() if name != MANIFEST}
        hashes = {name: sha256(body).hexdigest() for name, body in there.items()}
        extra = {hashes[name]: name for name in there if name not in listed}
        broken = {fault.file for fault in self.faults}
        for name, about in listed.items():
            fields = about if isinstance(about, dict) else {}
            wanted = str(fields.get("sha256"))
            if name in there:
                if (hashes[name], len(there[name])) != (wanted, fields.get("bytes")):
                    self.add(printable(name), "its content is not what the manifest says.")
            elif wanted in extra:
                self.add(printable(name), f"it was renamed to {printable(extra.pop(wanted))}.")
            elif name not in broken:
                self.add(printable(name), "it is missing.")
        for name in extra.values():
            self.add(printable(name), "it is extra: the manifest does not name it.")
        for name, value in hashes.items():
            if name.startswith(("copies/", "images/")) and value not in name:
                self.add(printable(name), "its name is not its SHA-256.")

    def _check_events(self) -> None:
        """Check each whole event of the ledger by its own hash."""
        from geo.ledger.chain import compute_hash
        from geo.ledger.models import Event

        try:
            events = json.loads(self.bodies.get(EVENTS, b"{}")).get("events", ())
            for fields in events:
                if "changes_left_out" not in fields:
                    event = Event.model_validate(fields)
                    if compute_hash(event) != event.hash:
                        self.add(EVENTS, f"event {event.number} does not match its hash.")
        except (ValueError, TypeError, AttributeError, RecursionError):
            self.add(EVENTS, "it cannot be read as the events of a ledger.")

    def _compare_archive(self) -> None:
        """Pack the same files again: the archive has no other byte."""
        from geo.export.pptx.reproducible_zip import zip_files

        if zip_files(self.bodies.items(), stored=("",)) != self.data:
            self.add("", "every file is as the manifest says, but it was packed again or changed.")


def is_safe_name(name: str) -> bool:
    """Return whether a name is one or two plain parts, none of which leads elsewhere."""
    parts = name.split("/")
    return len(name) < 200 and 1 <= len(parts) <= 2 and all(map(_NAME.fullmatch, parts))


def printable(name: str) -> str:
    """Return a name for a message: short, without control characters."""
    shown = "".join(one if one.isprintable() else "\ufffd" for one in name[:80])
    return f"{shown}…" if len(name) > 80 else shown or "(no name)"
