"""Probe Parquet files in a child process before opening them here.

Some damaged footers make pyarrow end the whole process from C++ instead of raising (seen with
version 26). A file that this store did not write is therefore opened by a child
(`parquet_probe_child.py`) first, once for each state of the file.
"""

import json
import logging
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from geo.store.core.errors import FileFaultError
from geo.store.folder.atomic_files import FileState
from geo.store.formats.format_reader import PARQUET, check_magic

_LOG = logging.getLogger(__name__)
_CHILD = Path(__file__).with_name("parquet_probe_child.py")
_ALIVE = b"."
_AT_ONCE = 100
_SECONDS = 30
_REMEMBERED = 10_000
FATAL = (
    "Its footer is damaged so badly that it ends the program that opens it.",
    "It is left closed: copy or export it again, whole, or remove it.",
)


class ParquetProbe:
    """Remembers which files were opened by a child, and lived through it. Safe for threads."""

    def __init__(self) -> None:
        self._fatal: dict[tuple[int, ...], bool] = {}

    def mark_safe(self, state: FileState) -> None:
        """Take a file for good: this store wrote it itself."""
        self._fatal[state.stat] = False

    def find_fatal(self, wanted: Mapping[Path, FileState]) -> set[Path]:
        """The files that must not be opened; those that are not known yet are tried now."""
        if len(self._fatal) > _REMEMBERED:
            there = {state.stat for state in wanted.values()}
            self._fatal = {stat: dies for stat, dies in self._fatal.items() if stat in there}
        new = [path for path, state in wanted.items() if self._is_new(path, state)]
        for path, dies in _probe_files(new).items():
            self._fatal[wanted[path].stat] = dies
        return {path for path, state in wanted.items() if self._fatal.get(state.stat)}

    def _is_new(self, path: Path, state: FileState) -> bool:
        """Whether it is a Parquet file, whole by its first and last bytes, of which none knows."""
        if not path.name.lower().endswith(PARQUET) or state.problem or state.stat in self._fatal:
            return False
        try:
            check_magic(path)
        except (OSError, FileFaultError):
            return False
        return True


def _probe_files(paths: list[Path]) -> dict[Path, bool]:
    """Whether each file ends a child that opens it; left out are those that no child tried."""
    told: dict[Path, bool] = {}
    while paths:
        now = paths[:_AT_ONCE]
        lived = _count_survived(now)
        if lived < 0:
            _LOG.warning("No process could be started to try files before they are opened")
            break
        told |= dict.fromkeys(now[:lived], False)
        told |= dict.fromkeys(now[lived : lived + 1], True)
        paths = paths[lived + 1 :] if lived < len(now) else paths[lived:]
    return told


def _count_survived(paths: list[Path]) -> int:
    """How many files a child lives through; -1 if it does not even start."""
    names = json.dumps([os.fsdecode(path) for path in paths]).encode()
    command = [sys.executable, "-P", "-B", str(_CHILD)]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, list(sys.path)))}
    try:
        out = subprocess.run(
            command,
            input=names,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            timeout=_SECONDS,
            check=False,
        ).stdout
    except subprocess.TimeoutExpired as error:
        out = error.stdout or b""
    except OSError:
        return -1
    return out.count(_ALIVE) - 1
