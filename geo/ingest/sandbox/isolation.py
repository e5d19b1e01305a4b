"""What a worker takes from itself before it sees a file of somebody else.

Each layer holds without the others; those that a system does not have are left out:

1. the environment names nothing but what is set here, and GDAL has two drivers;
2. limits on memory, processor time, size of files; no core dump;
3. a network of its own with nothing in it (Linux, where users may make one);
4. the kernel lets it read the program and write the private folder, nothing else (Landlock);
5. Python refuses sockets and other programs, and files outside of the private folder and the
   program.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import socket
import struct
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NoReturn

_KEPT = ("LANG", "LC_ALL", "LC_CTYPE", "SYSTEMROOT", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
_GDAL = {  # GDAL_SKIP is added by geo.store.formats.gdal_drivers
    "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": ".none",
    "CPL_CURL_ENABLE_VSIMEM": "NO",
    "GDAL_HTTP_MAX_RETRY": "0",
    "GDAL_HTTP_PROXY": "127.0.0.1:9",
    "OGR_SQLITE_LOAD_EXTENSIONS": "",
    "PROJ_NETWORK": "OFF",
    "GDAL_PAM_ENABLED": "NO",
    "GDAL_NUM_THREADS": "1",
}
_SMALL = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "ARROW_DEFAULT_MEMORY_POOL": "system",
    "ARROW_IO_THREADS": "1",
    "MALLOC_ARENA_MAX": "2",
}
_ROOT = Path(__file__).resolve().parents[3]  # geo.settings would take a worker 0.15 s more
_ADDRESS_SPACE = 1_200_000_000  # libraries and thread stacks that are mapped but never touched
_CLONE_NEWNET, _CLONE_NEWUSER = 0x40000000, 0x10000000
_REFUSED = (
    "socket.",
    "subprocess.",
    "os.system",
    "os.exec",
    "os.posix_spawn",
    "os.spawn",
    "os.fork",
    "os.forkpty",
    "urllib.",
    "ftplib.",
    "smtplib.",
    "http.",
    "webbrowser.",
    "os.listxattr",
    "os.symlink",
    "os.link",
    "os.chown",
    "os.kill",
    "pty.",
)


class RefusedHereError(OSError):
    """A worker tried what it is not allowed to."""


def environment(folder: Path, given: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the whole environment of a worker: nothing that might be a secret is in it."""
    given = os.environ if given is None else given
    kept = {name: given[name] for name in _KEPT if name in given}
    own = {"HOME": str(folder), "TMPDIR": str(folder), "PATH": os.defpath, "TZ": "UTC"}
    return kept | own | _GDAL | _SMALL


def limit(memory_bytes: int, cpu_seconds: int, file_bytes: int) -> None:
    """Set the limits of this process; the system ends it when it passes one."""
    try:
        import resource
    except ImportError:  # Windows: the caller watches time and memory
        return
    wanted = {
        "RLIMIT_AS": memory_bytes + _ADDRESS_SPACE,
        "RLIMIT_DATA": memory_bytes,
        "RLIMIT_CPU": cpu_seconds,  # the signal for it is SIGXCPU; a second later, SIGKILL
        "RLIMIT_FSIZE": file_bytes,
        "RLIMIT_CORE": 0,
        "RLIMIT_NOFILE": 256,
    }
    for name, value in wanted.items():
        kind = getattr(resource, name, None)
        if kind is not None:
            with contextlib.suppress(ValueError, OSError):  # macOS knows some only by name
                hard = resource.getrlimit(kind)[1]
                top = value if hard == resource.RLIM_INFINITY else min(value, hard)
                later = min(top + 1, hard) if hard != resource.RLIM_INFINITY else top + 1
                resource.setrlimit(kind, (top, later if name == "RLIMIT_CPU" else top))


def disable_network() -> None:
    """Leave the machine's network: that of a worker has no interface that is up."""
    with contextlib.suppress(OSError, AttributeError, ValueError):
        ctypes.CDLL(None, use_errno=True).unshare(_CLONE_NEWUSER | _CLONE_NEWNET)
    socket.socket = _refuse  # type: ignore[assignment, misc]
    socket.create_connection = _refuse
    socket.getaddrinfo = _refuse


def _refuse(*_args: Any, **_kwargs: Any) -> NoReturn:
    msg = "A worker that reads files has no network."
    raise RefusedHereError(msg)


def program_paths() -> list[Path]:
    """Return the folders that a worker must be able to read: Python, its packages, this program."""
    places = [*map(Path, sys.path), Path(sys.prefix), Path(sys.base_prefix), Path(sys.executable)]
    places = [place for place in places if str(place) not in ("", ".") and place != _ROOT]
    places += [_ROOT / "geo", _ROOT / "assets" / "basemap", _ROOT / ".venv"]
    system = (
        "/lib",
        "/lib64",
        "/usr/lib",
        "/usr/lib64",
        "/usr/local/lib",
        "/etc/ld.so.cache",
        "/usr/share/zoneinfo",
        "/etc/localtime",
        "/dev/null",
        "/dev/urandom",
        "/dev/zero",
        "/proc/self",
        "/proc/cpuinfo",
        "/proc/meminfo",
        "/sys/devices/system/cpu",
    )
    places += [Path(place) for place in system]
    return [place.resolve() for place in places if place.exists()]


_READ_FILE, _READ_DIR, _EXECUTE = 1 << 2, 1 << 3, 1 << 0
_ALL_OF_ABI_1 = (1 << 13) - 1
_CREATE, _ADD, _RESTRICT = 444, 445, 446  # numbers of the system calls, the same everywhere
_RULE_BENEATH = _WHICH_VERSION = 1
_NO_TCP, _TCP_SINCE = 3, 4  # bind and connect; the version that knows them
_NO_NEW_PRIVILEGES = 38


def apply_landlock(folder: Path) -> bool:
    """Let the kernel refuse every file but the program's (to read) and those of a folder.

    Returns
    -------
    bool
        False where the kernel has no Landlock: the other guards stand.
    """
    if not sys.platform.startswith("linux"):
        return False
    try:
        libc = ctypes.CDLL(None, use_errno=True)
        known = libc.syscall(_CREATE, None, 0, _WHICH_VERSION)
        rules = struct.pack("=QQ", _ALL_OF_ABI_1, _NO_TCP)[: 16 if known >= _TCP_SINCE else 8]
        ruleset = libc.syscall(_CREATE, rules, len(rules), 0)
        if ruleset < 0:
            return False
        for place in program_paths():
            _allow(
                libc, ruleset, place, _READ_FILE | _EXECUTE | (_READ_DIR if place.is_dir() else 0)
            )
        _allow(libc, ruleset, folder, _ALL_OF_ABI_1)
        libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
        done = libc.syscall(_RESTRICT, ruleset, 0) == 0
        os.close(ruleset)
    except (OSError, AttributeError):
        return False
    return done


def _allow(libc: Any, ruleset: int, place: Path, access: int) -> None:
    handle = os.open(place, getattr(os, "O_PATH", 0) | os.O_CLOEXEC)
    try:
        libc.syscall(_ADD, ruleset, _RULE_BENEATH, struct.pack("=Qi", access, handle), 0)
    finally:
        os.close(handle)


def watch(folder: Path) -> None:
    """Let Python refuse network, other programs, and files that are none of the worker's."""
    allowed = tuple(
        f"{place}{os.sep}" if place.is_dir() else str(place)
        for place in (*program_paths(), folder.resolve())
    )
    own = f"{folder.resolve()}{os.sep}"

    def hook(event: str, args: tuple[Any, ...]) -> None:
        if event == "open":
            _check_open(args, allowed, own)
        elif event.startswith(_REFUSED):
            msg = f"A worker that reads files may not do this: {event}."
            raise RefusedHereError(msg)

    sys.addaudithook(hook)


def _check_open(args: tuple[Any, ...], allowed: tuple[str, ...], own: str) -> None:
    path, mode, flags = args[0], args[1], args[2]
    if isinstance(path, int):
        return
    whole = os.path.realpath(os.fsdecode(path))
    writes = any(letter in (mode or "") for letter in "wax+") or bool(
        isinstance(flags, int) and flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
    )
    if not (whole + os.sep).startswith(own if writes else allowed):
        msg = "A worker that reads files may open its own files only."
        raise RefusedHereError(msg)
