"""A slow wire: what goes through comes out as it was, some time later."""

import asyncio
import contextlib
import threading


class SlowWire:
    """A port of this computer that passes everything on to another, `delay` seconds later, each way.

    Parameters
    ----------
    port : int
        Where it leads.
    delay : float
        Seconds on the way.

    Attributes
    ----------
    port : int
        Where it begins.
    """

    def __init__(self, port, delay):
        self._to, self._delay, ready = port, delay, threading.Event()
        self._loop = asyncio.new_event_loop()
        self._loop.create_task(self._open(ready))
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        ready.wait()

    async def _open(self, ready):
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        self._server = server
        ready.set()

    async def _serve(self, reader, writer):
        beyond, back = await asyncio.open_connection("127.0.0.1", self._to)
        with contextlib.suppress(asyncio.CancelledError):  # at the end, see close
            await asyncio.gather(self._carry(reader, back), self._carry(beyond, writer))
        writer.close()
        back.close()

    async def _carry(self, reader, writer):
        """Read on while what was read is still on its way: a delay is no limit of what goes through."""
        under_way = asyncio.Queue()
        delivery = self._loop.create_task(self._deliver(under_way, writer))
        data = True
        while data:
            data = b""
            with contextlib.suppress(ConnectionError):
                data = await reader.read(65536)
            under_way.put_nowait((self._loop.time() + self._delay, data))
        await delivery

    async def _deliver(self, under_way, writer):
        while True:
            due, data = await under_way.get()
            await asyncio.sleep(max(0, due - self._loop.time()))
            if not data:
                writer.close()
                return
            with contextlib.suppress(ConnectionError):
                writer.write(data)
                await writer.drain()

    def close(self):
        """Stop listening, and let go of what is under way."""
        asyncio.run_coroutine_threadsafe(self._stop(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _stop(self):
        self._server.close()
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
