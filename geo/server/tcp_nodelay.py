"""Small answers go out at once: TCP_NODELAY on the sockets that this process listens on.

Streamlit binds its socket with no protocol named, and asyncio switches Nagle's algorithm off only
where the protocol is TCP. So the body of an answer on a connection that is kept open waited some
40 ms for the browser's delayed acknowledgement of its head (measured; the same is told in
https://github.com/Kludex/uvicorn/issues/3149). A socket that is accepted inherits the option from
the one that listens (Linux, BSD, macOS).
"""

from __future__ import annotations

import contextlib
import os
import socket
import stat
from collections.abc import Iterator
from pathlib import Path

_OPEN = Path("/dev/fd")


def enable_tcp_nodelay() -> int:
    """Switch Nagle's algorithm off for all listening TCP sockets; return how many there are."""
    done = 0
    for listener in _listeners():
        with listener:
            listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            done += 1
    return done


def _listeners() -> Iterator[socket.socket]:
    """Yield a duplicate of each listening TCP socket: options are of the socket, not the number."""
    for entry in tuple(_OPEN.iterdir()) if _OPEN.is_dir() else ():
        with contextlib.suppress(OSError, ValueError):
            number = int(entry.name)
            if not stat.S_ISSOCK(os.fstat(number).st_mode):
                continue
            one = socket.socket(fileno=os.dup(number))
            if one.family in (socket.AF_INET, socket.AF_INET6) and one.getsockopt(
                socket.SOL_SOCKET, socket.SO_ACCEPTCONN
            ):
                yield one
            else:
                one.close()
