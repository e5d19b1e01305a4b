"""Fewer system calls on the event loop: one wake-up and one write for what is sent together.

A run of a page sends some 50 messages. asyncio wakes the loop for each of them, and uvicorn writes
each to its socket; together that was a sixth of the processor time of a change. Both are left as
they are where another event loop or another websocket implementation serves the app.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from operator import attrgetter

WEBSOCKETS = "uvicorn.protocols.websockets.websockets_sansio_impl"


def wake_once(loop: asyncio.AbstractEventLoop) -> None:
    """Write to the loop's own pipe only while no earlier byte waits there; call it on the loop.

    What is scheduled is in the loop's list before the byte is written, so one byte is enough for
    all. asyncio has no public names for these methods.
    """
    try:
        write, read, end = attrgetter("_write_to_self", "_read_from_self", "_ssock")(loop)
    except AttributeError:
        return
    waiting = False

    def write_once() -> None:
        nonlocal waiting
        if not waiting:
            waiting = True
            write()

    def read_all() -> None:
        nonlocal waiting
        read()
        waiting = False  # after reading: a byte written meanwhile only wakes the loop once more

    vars(loop).update(_write_to_self=write_once, _read_from_self=read_all)
    loop.add_reader(end, read_all)


class GatheringTransport:
    """A transport that writes all data of one turn of the event loop at once."""

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._pending: list[bytes] = []
        self._call_soon = asyncio.get_running_loop().call_soon

    def __getattr__(self, name: str) -> object:
        return getattr(self._transport, name)

    def write(self, data: bytes) -> None:
        """Write data at the end of this turn, in order."""
        if not self._pending:
            self._call_soon(self._flush)
        self._pending.append(data)

    def close(self) -> None:
        """Write what is pending, then close."""
        self._flush()
        self._transport.close()

    def _flush(self) -> None:
        pending, self._pending = self._pending, []
        if pending and not self._transport.is_closing():
            self._transport.write(b"".join(pending))


def gather_writes() -> None:
    """Gather the frames that uvicorn's websockets send."""
    found = getattr(sys.modules.get(WEBSOCKETS), "WebSocketsSansIOProtocol", None)
    if found is None or getattr(found.connection_made, "gathers", False):
        return
    connect: Callable[..., None] = found.connection_made

    def connection_made(self: object, transport: asyncio.Transport) -> None:
        connect(self, GatheringTransport(transport))

    connection_made.gathers = True  # type: ignore[attr-defined]
    found.connection_made = connection_made
