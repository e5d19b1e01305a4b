"""Send small responses at once: set TCP_NODELAY on the sockets that this process listens on.

Streamlit binds its socket without naming a protocol, and asyncio disables Nagle's algorithm only
where the protocol is TCP. The body of a response on a kept-alive connection then waited about
40 ms for the browser's delayed acknowledgement of its head (measured; see also
https://github.com/Kludex/uvicorn/issues/3149). An accepted socket inherits the option from the
listening one (Linux, BSD, macOS).
"""

from __future__ import annotations

import contextlib
import os
import socket
import stat
from pathlib import Path

_OPEN_FILES = Path("/dev/fd")


def enable_tcp_nodelay() -> None:
    """Disable Nagle's algorithm on all listening TCP sockets."""
    for entry in tuple(_OPEN_FILES.iterdir()) if _OPEN_FILES.is_dir() else ():
        with contextlib.suppress(OSError, ValueError):
            number = int(entry.name)
            if not stat.S_ISSOCK(os.fstat(number).st_mode):
                continue
            with socket.socket(fileno=os.dup(number)) as one:  # a duplicate shares the options
                tcp = one.family in (socket.AF_INET, socket.AF_INET6)
                if tcp and one.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
                    one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
