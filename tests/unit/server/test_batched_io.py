"""Wake-ups and writes of the event loop are batched, and none is lost."""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor

from geo.server.batched_io import GatheringTransport, gather_writes, wake_once

PATIENCE = 20  # seconds


def test_no_call_of_many_threads_is_lost():
    async def count() -> list[tuple[int, int]]:
        loop = asyncio.get_running_loop()
        wake_once(loop)
        done, seen = asyncio.Event(), []

        def see(thread: int, number: int) -> None:
            seen.append((thread, number))
            if len(seen) == 4 * 2_000:
                done.set()

        def call(thread: int) -> None:
            for number in range(2_000):
                loop.call_soon_threadsafe(see, thread, number)

        with ThreadPoolExecutor(4) as pool:
            for thread in range(4):
                pool.submit(call, thread)
            await asyncio.wait_for(done.wait(), PATIENCE)
        return seen

    seen = asyncio.run(count())
    for thread in range(4):
        assert [number for who, number in seen if who == thread] == list(range(2_000))


def test_a_sleeping_loop_is_woken_each_time():
    async def wait_often() -> None:
        loop = asyncio.get_running_loop()
        wake_once(loop)
        for _ in range(200):
            woken = asyncio.Event()
            threading.Thread(target=loop.call_soon_threadsafe, args=(woken.set,)).start()
            await asyncio.wait_for(woken.wait(), PATIENCE)

    asyncio.run(wait_often())


def test_another_loop_is_left_as_it_is():
    wake_once(object())


class Socket:
    """A transport that notes what it is asked."""

    def __init__(self) -> None:
        self.asked: list[object] = []

    def write(self, data: bytes) -> None:
        self.asked.append(data)

    def close(self) -> None:
        self.asked.append("close")

    def is_closing(self) -> bool:
        return "close" in self.asked


def test_what_one_turn_writes_is_one_write_in_order():
    async def write() -> list[object]:
        socket = Socket()
        transport = GatheringTransport(socket)
        transport.write(b"a")
        transport.write(b"b")
        assert not socket.asked
        await asyncio.sleep(0)
        transport.write(b"c")
        transport.close()
        await asyncio.sleep(0)
        assert transport.is_closing()
        return socket.asked

    assert asyncio.run(write()) == [b"ab", b"c", "close"]


def test_websockets_of_the_server_gather_their_frames():
    from uvicorn.protocols.websockets import websockets_sansio_impl as implementation

    before = implementation.WebSocketsSansIOProtocol.connection_made
    try:
        gather_writes()
        gather_writes()  # a second start in this process changes nothing
        made = implementation.WebSocketsSansIOProtocol.connection_made
        assert made.gathers
        assert before in (made.__closure__[0].cell_contents, made)
    finally:
        implementation.WebSocketsSansIOProtocol.connection_made = before
