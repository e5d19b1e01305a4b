"""Worker sandbox: restrict this process before it reads an untrusted file.

The layers are independent; a layer that the operating system does not support is left out:

1. environment: only the variables set here, and two GDAL drivers;
2. resource limits: memory, CPU time, file size, no core dump;
3. network: an empty network namespace (Linux, if unprivileged users may create one);
4. Landlock: read the program, write the worker's folder, nothing else;
5. audit hook: no sockets, no subprocesses, no files outside of the program and the folder.
"""

import contextlib
import ctypes
import os
import socket
import struct
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NoReturn

_KEPT = ("LANG", "LC_ALL", "LC_CTYPE", "SYSTEMROOT", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
_SET_VARIABLES = {  # GDAL_SKIP is added by geo.store.formats.gdal_drivers
    "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": ".none",
    "CPL_CURL_ENABLE_VSIMEM": "NO",
    "GDAL_HTTP_MAX_RETRY": "0",
    "GDAL_HTTP_PROXY": "127.0.0.1:9",
    "OGR_SQLITE_LOAD_EXTENSIONS": "",
    "PROJ_NETWORK": "OFF",
    "GDAL_PAM_ENABLED": "NO",
    "ARROW_DEFAULT_MEMORY_POOL": "system",
    "ARROW_IO_THREADS": "1",
    **{f"{one}_NUM_THREADS": "1" for one in ("GDAL", "OMP", "OPENBLAS", "MKL")},
    "MALLOC_ARENA_MAX": "2",
}
_SYSTEM_PATHS = (
    *("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/etc/ld.so.cache"),
    *("/usr/share/zoneinfo", "/etc/localtime", "/dev/null", "/dev/urandom", "/dev/zero"),
    *("/proc/self", "/proc/cpuinfo", "/proc/meminfo", "/sys/devices/system/cpu"),
)
# not geo.settings.ROOT: its import takes a worker 0.15 s
_ROOT = Path(__file__).resolve().parents[3]
_ADDRESS_SPACE = 1_200_000_000  # libraries and thread stacks that are mapped but never touched
_CLONE_NEWNET, _CLONE_NEWUSER = 0x40000000, 0x10000000
_FORBIDDEN_EVENTS = (
    *("socket.", "subprocess.", "urllib.", "ftplib.", "smtplib.", "http.", "webbrowser.", "pty."),
    *("os.system", "os.exec", "os.posix_spawn", "os.spawn", "os.fork", "os.forkpty", "os.kill"),
    *("os.listxattr", "os.symlink", "os.link", "os.chown"),
)
"""Prefixes of audit events."""


class SandboxViolationError(OSError):
    """The worker tried something that the sandbox forbids."""


def worker_environment(folder: Path, given: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Return the complete environment of a worker, without any secret of the caller's."""
    kept = {name: given[name] for name in _KEPT if name in given}
    from geo.settings import case_folder

    own = {"HOME": str(folder), "TMPDIR": str(folder), "PATH": os.defpath, "TZ": "UTC"}
    own["CASE"] = str(case_folder())
    return kept | own | _SET_VARIABLES


def set_resource_limits(memory_bytes: int, cpu_seconds: int, file_bytes: int) -> None:
    """Set the resource limits of this process; the system stops it when it exceeds one."""
    try:
        import resource
    except ImportError:  # Windows: the caller checks time and memory
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
        if kind is None:
            continue
        with contextlib.suppress(ValueError, OSError):  # macOS has some by name only
            hard = resource.getrlimit(kind)[1]
            most = sys.maxsize if hard == resource.RLIM_INFINITY else hard
            soft = min(value, most)
            resource.setrlimit(kind, (soft, min(soft + (name == "RLIMIT_CPU"), most)))


def disable_network() -> None:
    """Enter an empty network namespace, and replace Python's socket functions."""
    with contextlib.suppress(OSError, AttributeError, ValueError):
        ctypes.CDLL(None, use_errno=True).unshare(_CLONE_NEWUSER | _CLONE_NEWNET)
    forbidden = {"socket": _ForbiddenSocket, "create_connection": _forbid, "getaddrinfo": _forbid}
    for name, value in forbidden.items():
        setattr(socket, name, value)


def _forbid(*_args: object, **_kwargs: object) -> NoReturn:
    msg = "A worker has no network."
    raise SandboxViolationError(msg)


class _ForbiddenSocket(socket.socket):
    """A socket that cannot be created; a class, since the ssl module derives from it."""

    __new__ = _forbid


def program_paths() -> list[Path]:
    """Return the paths that a worker must read: Python, its packages, this program, the case."""
    paths = [*map(Path, sys.path), Path(sys.prefix), Path(sys.base_prefix), Path(sys.executable)]
    paths = [path for path in paths if str(path) not in ("", ".") and path != _ROOT]
    case = Path(os.environ.get("CASE") or _ROOT / "assets" / "case")
    paths += [_ROOT / "geo", case / "basemap", case / "case.json", _ROOT / ".venv"]
    paths += map(Path, _SYSTEM_PATHS)
    return [path.resolve() for path in paths if path.exists()]


# Landlock: access rights, system calls (the same numbers on every architecture), options
_READ_FILE, _READ_DIR, _EXECUTE = 1 << 2, 1 << 3, 1 << 0
_ALL_OF_ABI_1 = (1 << 13) - 1
_CREATE, _ADD, _RESTRICT = 444, 445, 446
_RULE_BENEATH = _GET_VERSION = 1
_NO_TCP, _TCP_SINCE = 3, 4  # bind and connect; the first version that has them
_NO_NEW_PRIVILEGES = 38


def apply_landlock(folder: Path) -> bool:
    """Allow only to read the program and write one folder; return False without Landlock."""
    if not sys.platform.startswith("linux"):
        return False
    try:
        libc = ctypes.CDLL(None, use_errno=True)
        version = libc.syscall(_CREATE, None, 0, _GET_VERSION)
        rules = struct.pack("=QQ", _ALL_OF_ABI_1, _NO_TCP)[: 16 if version >= _TCP_SINCE else 8]
        ruleset = libc.syscall(_CREATE, rules, len(rules), 0)
        if ruleset < 0:
            return False
        for path in program_paths():
            access = _READ_FILE | _EXECUTE | (_READ_DIR if path.is_dir() else 0)
            _allow_path(libc, ruleset, path, access)
        _allow_path(libc, ruleset, folder, _ALL_OF_ABI_1)
        libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
        done = libc.syscall(_RESTRICT, ruleset, 0) == 0
        os.close(ruleset)
    except (OSError, AttributeError):
        return False
    return done


def _allow_path(libc: ctypes.CDLL, ruleset: int, path: Path, access: int) -> None:
    handle = os.open(path, getattr(os, "O_PATH", 0) | os.O_CLOEXEC)
    try:
        libc.syscall(_ADD, ruleset, _RULE_BENEATH, struct.pack("=Qi", access, handle), 0)
    finally:
        os.close(handle)


def install_audit_hook(folder: Path) -> None:
    """Forbid network, subprocesses, and files outside of the program and the worker's folder."""
    allowed = tuple(
        f"{path}{os.sep}" if path.is_dir() else str(path)
        for path in (*program_paths(), folder.resolve())
    )
    own = f"{folder.resolve()}{os.sep}"

    def hook(event: str, args: tuple[object, ...]) -> None:
        if event == "open":
            _check_open(args, allowed, own)
        elif event.startswith(_FORBIDDEN_EVENTS):
            msg = f"A worker may not do this: {event}."
            raise SandboxViolationError(msg)

    sys.addaudithook(hook)


def _check_open(args: tuple[object, ...], allowed: tuple[str, ...], own: str) -> None:
    path, mode, flags = args[0], args[1], args[2]
    if isinstance(path, int):
        return
    if not isinstance(path, (str, bytes, os.PathLike)):
        msg = f"A worker may not open {type(path).__name__}."
        raise SandboxViolationError(msg)
    real = os.path.realpath(os.fsdecode(path))
    writes = isinstance(mode, str) and bool(set(mode) & set("wax+"))
    writes |= isinstance(flags, int) and bool(flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT))
    if not (real + os.sep).startswith(own if writes else allowed):
        msg = "A worker may open the files of its folder and of the program only."
        raise SandboxViolationError(msg)
