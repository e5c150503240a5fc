"""What browsers send is read here, in the event loop, into a file: a thread is taken only for what is whole.

A thread that waits for a sender is a thread that serves nobody. So a sender who stops, or sends more than is taken,
costs a small task and no more. Too much is refused by its announced length, before anything is written.
"""

import asyncio
import contextlib
import tempfile
import time
from collections.abc import Awaitable, Callable
from typing import IO, Any

Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
Application = Callable[[dict, Receive, Send], Awaitable[None]]

MB = 1024 * 1024
# Customers send photos and papers, several at once; everywhere else a form with a list is the largest.
UPLOADS, MOST_UPLOAD, MOST = ("/service/", "/follow/"), 80 * MB, 25 * MB
MOST_AT_ONCE = 1024 * MB  # held by one process
IN_MEMORY, BLOCK = MB // 4, MB // 16
SILENCE = 30.0  # seconds without a byte
SLOWEST = 2048  # bytes a second over the whole body, once SILENCE has passed
DRAIN_FOR = 15.0  # seconds in which a refused sender may finish, so that a browser shows the page
TOO_LARGE, TOO_SLOW, NO_ROOM = "/refused/413/", "/refused/408/", "/refused/507/"


class NotTaken(Exception):
    """The body is not taken; `page` says why."""

    def __init__(self, page: str) -> None:
        super().__init__(page)
        self.page = page


class SenderLeft(Exception):
    """Nobody waits for an answer any more."""


class Bodies:
    """Stands before the pages of one process."""

    def __init__(self, pages: Application) -> None:
        self.pages, self.held = pages, 0

    async def __call__(self, scope: dict, receive: Receive, send: Send) -> None:
        headers = dict(scope["headers"])
        announced = headers.get(b"content-length", b"").strip()
        if announced in {b"", b"0"} and b"transfer-encoding" not in headers:
            await self.pages(scope, receive, send)
            return
        body = Body(tempfile.SpooledTemporaryFile(max_size=IN_MEMORY))  # noqa: SIM115 - closed below, once sent
        try:
            await self._take(body, scope["path"], announced or b"0", receive)
            await self.pages(_with_length(scope, body.size), body.replay(receive), send)
        except NotTaken as refusal:
            body.file.close()
            await self._say(refusal.page, scope, receive, send)
        except SenderLeft:
            pass
        finally:
            self.held -= body.size
            body.file.close()

    async def _take(self, body: "Body", path: str, announced: bytes, receive: Receive) -> None:
        most = MOST_UPLOAD if path.startswith(UPLOADS) else MOST
        if not announced.isdigit() or int(announced) > most:
            raise NotTaken(TOO_LARGE)
        began = time.monotonic()
        while True:
            piece, is_last = await _next_piece(receive)
            if body.size + len(piece) > most:
                raise NotTaken(TOO_LARGE)
            if self.held + len(piece) > MOST_AT_ONCE:
                raise NotTaken(NO_ROOM)
            body.add(piece)
            self.held += len(piece)
            if is_last:
                return
            passed = time.monotonic() - began
            if passed > SILENCE and body.size < SLOWEST * passed:
                raise NotTaken(TOO_SLOW)

    async def _say(self, page: str, scope: dict, receive: Receive, send: Send) -> None:
        """The house's own page; the connection ends after it, as the rest of the body was never read."""

        async def sent(message: dict[str, Any]) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], (b"connection", b"close")]
            await send(message)

        headers = [pair for pair in scope["headers"] if pair[0] not in {b"content-length", b"transfer-encoding"}]
        asked = scope | {"path": page, "raw_path": page.encode(), "query_string": b"", "method": "GET"}
        # Who asked before sending (Expect) has sent nothing yet, and who was too slow gets no more time.
        if page != TOO_SLOW and b"expect" not in dict(scope["headers"]):
            with contextlib.suppress(TimeoutError, SenderLeft, NotTaken):
                await asyncio.wait_for(_drain(receive), DRAIN_FOR)
        await self.pages(asked | {"headers": headers}, _nothing, sent)


class Body:
    """A body on its way into a file, and out of it again."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file, self.size = file, 0

    def add(self, piece: bytes) -> None:
        try:
            self.file.write(piece)
        except OSError as problem:  # the disk of temporary files is full
            raise NotTaken(NO_ROOM) from problem
        self.size += len(piece)

    def replay(self, receive: Receive) -> Receive:
        """What the pages read instead of the connection."""
        self.file.seek(0)
        left = self.size

        async def give() -> dict[str, Any]:
            nonlocal left
            if left < 0:
                return await receive()
            piece = self.file.read(BLOCK)
            left -= len(piece)
            more = left > 0
            left = left if more else -1
            return {"type": "http.request", "body": piece, "more_body": more}

        return give


async def _next_piece(receive: Receive) -> tuple[bytes, bool]:
    try:
        message = await asyncio.wait_for(receive(), SILENCE)
    except TimeoutError:
        raise NotTaken(TOO_SLOW) from None
    if message["type"] == "http.disconnect":
        raise SenderLeft
    return message.get("body", b""), not message.get("more_body", False)


async def _drain(receive: Receive) -> None:
    while not (await _next_piece(receive))[1]:
        pass


async def _nothing() -> dict[str, Any]:
    return {"type": "http.request", "body": b"", "more_body": False}


def _with_length(scope: dict, size: int) -> dict:
    """The pages go by the length, which a body in chunks does not announce."""
    kept = [pair for pair in scope["headers"] if pair[0] not in {b"content-length", b"transfer-encoding"}]
    return scope | {"headers": [*kept, (b"content-length", str(size).encode())]}
