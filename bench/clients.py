"""Clients of the running server: plain HTTP/1.1 in one event loop, one connection for each request (no keep-alive)."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from urllib.parse import urlencode, urlsplit

FIELDS = "application/x-www-form-urlencoded"
BOUNDARY = "----shouxin-bench-7d1f"
PATIENCE = 60.0


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    cookies: dict[str, str]
    body: bytes
    seconds: float

    @property
    def location(self) -> str:
        return self.headers.get("location", "")


@dataclass
class Client:
    """One visitor with cookies of its own."""

    address: str
    cookies: dict[str, str] = field(default_factory=dict)

    async def ask(self, method: str, path: str, body: bytes = b"", content_type: str = FIELDS) -> Answer:
        """One request on a connection of its own. OSError where the server is not there or goes away."""
        place = urlsplit(self.address)
        began = time.perf_counter()
        reader, writer = await asyncio.wait_for(asyncio.open_connection(place.hostname, place.port), PATIENCE)
        try:
            writer.write(self._spelled(method, path, body, content_type))
            raw = await asyncio.wait_for(reader.read(-1), PATIENCE)
        except TimeoutError as problem:
            raise OSError("no answer") from problem
        finally:
            writer.close()
        return self._read(raw, time.perf_counter() - began)

    async def get(self, path: str) -> Answer:
        return await self.ask("GET", path)

    async def post(self, path: str, fields: dict[str, str], *, as_form_data: bool = False) -> Answer:
        """A form with the token of its page, as a browser sends it."""
        fields = {"csrfmiddlewaretoken": self.cookies.get("csrftoken", ""), **fields}
        if not as_form_data:
            return await self.ask("POST", path, urlencode(fields).encode())
        parts = "".join(
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
            for name, value in fields.items()
        )
        return await self.ask(
            "POST", path, f"{parts}--{BOUNDARY}--\r\n".encode(), f"multipart/form-data; boundary={BOUNDARY}"
        )

    def _spelled(self, method: str, path: str, body: bytes, content_type: str) -> bytes:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        lines = [
            f"{method} {path} HTTP/1.1", f"Host: {urlsplit(self.address).netloc}", "Connection: close",
            "Accept-Language: zh-TW",
            f"Cookie: {cookies}", f"Origin: {self.address}", f"Referer: {self.address}/",
        ]  # fmt: skip
        if method == "POST":
            lines += [f"Content-Type: {content_type}", f"Content-Length: {len(body)}"]
        return "\r\n".join([*lines, "", ""]).encode() + body

    def _read(self, raw: bytes, seconds: float) -> Answer:
        head, separator, body = raw.partition(b"\r\n\r\n")
        if not separator:
            raise OSError("the answer broke off")
        first, *lines = head.decode("latin-1").split("\r\n")
        headers, cookies = {}, {}
        for line in lines:
            name, _, value = line.partition(": ")
            headers[name.lower()] = value
            if name.lower() == "set-cookie":
                key, _, held = value.partition(";")[0].partition("=")
                cookies[key] = held
        # A visitor with many cases keeps one cookie: what is unlocked is no part of these measurements.
        self.cookies |= {key: value for key, value in cookies.items() if key in {"csrftoken", "sessionid"}}
        return Answer(int(first.split()[1]), headers, cookies, body, seconds)


@dataclass
class Run:
    """What all clients together found: how long each answer took, by name, and what was not as expected."""

    seconds: float
    took: dict[str, list[float]]
    wrong: list[str]

    def rate(self, name: str) -> float:
        return len(self.took.get(name, ())) / self.seconds


Step = Callable[[Client], Awaitable[tuple[str, Answer, bool]]]


def press(address: str, clients: int, seconds: float, begin: Callable[[Client, int], Awaitable[Step]]) -> Run:
    """`clients` at once, each repeating its step for so long; a step says its name, the answer, whether it was right.

    `begin(client, number)` prepares a client (signs in, fetches the token) and returns its step; that is not measured.
    """
    return asyncio.run(_press(address, clients, seconds, begin))


async def _press(address: str, clients: int, seconds: float, begin: Callable) -> Run:
    took: dict[str, list[float]] = {}
    wrong: list[str] = []
    everyone = [Client(address) for _ in range(clients)]
    steps = [await begin(client, number) for number, client in enumerate(everyone)]
    began = time.perf_counter()

    async def work(client: Client, step: Step) -> None:
        while time.perf_counter() - began < seconds:
            name, answer, is_right = await step(client)
            took.setdefault(name, []).append(answer.seconds)
            if not is_right:
                wrong.append(f"{name}: {answer.status} {answer.body[:200].decode(errors='replace')}")

    await asyncio.gather(*(work(client, step) for client, step in zip(everyone, steps, strict=True)))
    return Run(time.perf_counter() - began, took, wrong)
