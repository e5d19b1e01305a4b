"""Opens Parquet files of other writers in a child process first, once for each state of a file.

Some damaged footers make pyarrow crash the whole process instead of raising an exception (seen
with version 26). `parquet_probe_child.py` is the child.
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
_AT_ONCE = 100
_SECONDS = 30
_REMEMBERED = 10_000
FATAL = (
    "Its footer is damaged so badly that it crashes the program that opens it.",
    "It is left closed: copy or export it again, whole, or remove it.",
)


class ParquetProbe:
    """Remembers which files crash the process that opens them. Thread-safe."""

    def __init__(self) -> None:
        self._fatal: dict[tuple[int, ...], bool] = {}

    def mark_safe(self, state: FileState) -> None:
        """Record a file as safe: this store wrote it."""
        self._fatal[state.stat] = False

    def find_fatal(self, wanted: Mapping[Path, FileState]) -> set[Path]:
        """Return the files that must not be opened; probe those that are not known yet."""
        if len(self._fatal) > _REMEMBERED:
            there = {state.stat for state in wanted.values()}
            self._fatal = {stat: dies for stat, dies in self._fatal.items() if stat in there}
        new = [path for path, state in wanted.items() if self._is_unknown(path, state)]
        for path, dies in _probe_files(new).items():
            self._fatal[wanted[path].stat] = dies
        return {path for path, state in wanted.items() if self._fatal.get(state.stat)}

    def _is_unknown(self, path: Path, state: FileState) -> bool:
        """Whether it is a Parquet file by its first and last bytes and was not probed yet."""
        if not path.name.lower().endswith(PARQUET) or state.problem or state.stat in self._fatal:
            return False
        try:
            check_magic(path)
        except (OSError, FileFaultError):
            return False
        return True


def _probe_files(paths: list[Path]) -> dict[Path, bool]:
    """Return for each file whether it crashes a child; without files that could not be probed."""
    verdicts: dict[Path, bool] = {}
    while paths:
        now = paths[:_AT_ONCE]
        survived = _count_survived(now)
        if survived < 0:
            _LOG.warning("No process could be started to try files before they are opened")
            break
        verdicts |= dict.fromkeys(now[:survived], False)
        verdicts |= dict.fromkeys(now[survived : survived + 1], True)
        paths = paths[survived + 1 :] if survived < len(now) else paths[survived:]
    return verdicts


def _count_survived(paths: list[Path]) -> int:
    """Return how many files a child opens before it crashes; -1 if it does not start."""
    names = json.dumps([os.fsdecode(path) for path in paths]).encode()
    command = [sys.executable, "-P", "-B", str(_CHILD)]
    env = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    try:
        out = subprocess.run(
            command, input=names, capture_output=True, env=env, timeout=_SECONDS, check=False
        ).stdout
    except subprocess.TimeoutExpired as error:
        out = error.stdout or b""
    except OSError:
        return -1
    return out.count(b".") - 1
