"""Live push: Server-Sent Events on `/live/`, beside the pages, on the same port.

A room registers what can be followed in its `door.py`::

    @snapshot("team")
    def boards(keys: set[str]) -> dict[str, Any]:      # one query for all keys that somebody follows
        return {code: counts for …}

and says in its actions that something has changed: ``changed("team:complaints-1")`` (a NOTIFY of the transaction).
The browser follows ``/live/?topic=team:complaints-1`` and is told the latest snapshot whenever it differs.
Who may follow what stands in a signed cookie that pages hand out, bound to the session it was handed out in. Whether
that session still stands is asked when somebody begins to follow, and every minute while they do.
"""

import asyncio
import contextlib
import json
import logging
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from http.cookies import CookieError, SimpleCookie
from importlib import import_module
from typing import Any
from urllib.parse import parse_qs

import psycopg
from asgiref.sync import sync_to_async
from django.conf import settings
from django.contrib.auth import get_user
from django.core import signing
from django.db import close_old_connections, connection
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare, salted_hmac

logger = logging.getLogger(__name__)

CHANNEL = "shouxin_live"
COOKIE, SALT, VALID_FOR = "live", "shouxin.live", 12 * 3600
MOST_TOPICS = 30  # of earlier pages, kept for tabs that are still open
BEAT = 1.0  # seconds: at most one round of snapshots in this time
ASK_AGAIN = 60.0  # seconds after which it is asked again whether the session still stands
IDLE_BEAT = 15.0  # seconds without news after which a snapshot is taken nonetheless
Snapshot = Callable[[set[str]], dict[str, Any]]
SNAPSHOTS: dict[str, Snapshot] = {}


def snapshot(kind: str) -> Callable[[Snapshot], Snapshot]:
    """Register who draws the topics of this kind: `fn(keys) -> {key: JSON-plain state}`, in one query."""

    def register(draw: Snapshot) -> Snapshot:
        SNAPSHOTS[kind] = draw
        return draw

    return register


def changed(*topics: str) -> None:
    """Say in the current transaction that these topics have news; followers hear of it after the commit."""
    with connection.cursor() as cursor:
        for topic in topics:
            cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, topic])


def ticket(topics: Iterable[str], session: str) -> str:
    """What the cookie holds: the topics that may be followed in this session, signed; `kind:*` is all of a kind."""
    return signing.dumps([_mark(session), *topics], salt=SALT, compress=True)


def _mark(session: str) -> str:
    return salted_hmac(SALT, session).hexdigest()[:20]


def _topics(value: str, session: str) -> list[str]:
    """Those of a cookie; none where it was handed out in another session."""
    try:
        mark, *topics = signing.loads(value, salt=SALT, max_age=VALID_FOR)
    except (signing.BadSignature, ValueError):
        return []
    return topics if session and constant_time_compare(str(mark), _mark(session)) else []


def allowed(cookie_header: str, wanted: Iterable[str]) -> set[str]:
    """Those of the wanted topics that the signed cookie allows."""
    try:
        value = SimpleCookie(cookie_header)[COOKIE].value
    except (KeyError, CookieError):
        return set()
    may = set(_topics(value, session_of(cookie_header)))
    return {topic for topic in wanted if topic in may or f"{topic.partition(':')[0]}:*" in may}


def may_follow(request: Any, response: Any, *topics: str) -> Any:
    """Let the browser that gets this page follow these topics, and the last ones it was let in to."""
    session = request.session.session_key or ""
    before = _topics(request.COOKIES.get(COOKIE, ""), session)
    kept = [topic for topic in before if topic not in topics][-MOST_TOPICS:]
    value = ticket([*kept, *topics], session)
    response.set_cookie(COOKIE, value, max_age=VALID_FOR, httponly=True, samesite="Lax", secure=request.is_secure())
    return response


def session_of(cookie_header: str) -> str:
    try:
        return SimpleCookie(cookie_header)[settings.SESSION_COOKIE_NAME].value
    except (KeyError, CookieError):
        return ""


def still_stands(session: str) -> bool:
    """Whether this session is signed in: not after signing out, a new password, or leaving the company."""
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(session)
    return get_user(request).is_authenticated


class Hub:
    """One for each web process: who follows what, the last state told, one listening connection."""

    def __init__(self) -> None:
        self.followers: dict[str, set[asyncio.Queue[str]]] = defaultdict(set)
        self.told: dict[str, str] = {}
        self.news = asyncio.Event()
        self.ended = asyncio.Event()
        self.rounds = 0

    def follow(self, topics: set[str]) -> asyncio.Queue[str]:
        queue: asyncio.Queue[str] = asyncio.Queue(maxsize=100)
        for topic in topics:
            self.followers[topic].add(queue)
            if topic in self.told:
                queue.put_nowait(event(topic, self.told[topic]))
        self.news.set()
        return queue

    def leave(self, topics: set[str], queue: asyncio.Queue[str]) -> None:
        for topic in topics:
            self.followers[topic].discard(queue)
            if not self.followers[topic]:
                del self.followers[topic]
                self.told.pop(topic, None)

    async def run(self) -> None:
        """Listen and tell, until the process ends."""
        listening = asyncio.create_task(self._listen())
        try:
            while True:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self.news.wait(), IDLE_BEAT)
                self.news.clear()
                began = time.monotonic()
                if self.followers:
                    await self._tell()
                await asyncio.sleep(max(0.0, BEAT - (time.monotonic() - began)))
        finally:
            listening.cancel()

    async def _tell(self) -> None:
        """One round: draw what is followed, hand on what differs."""
        self.rounds += 1
        try:
            states = await sync_to_async(draw, thread_sensitive=False)(set(self.followers))
        except Exception:
            logger.exception("the live snapshot failed")
            return
        for topic, state in states.items():
            if self.told.get(topic) == state or topic not in self.followers:
                continue
            self.told[topic] = state
            for queue in self.followers[topic]:
                if queue.full():
                    queue.get_nowait()
                queue.put_nowait(event(topic, state))

    async def _listen(self) -> None:
        """One connection that hears of changes; made again when it breaks."""
        database = settings.DATABASES["default"]
        place = {"host": database["HOST"], "port": database["PORT"], "dbname": database["NAME"]}
        place |= {"user": database["USER"], "password": database["PASSWORD"]}
        while True:
            try:
                given = {key: value for key, value in place.items() if value}
                async with await psycopg.AsyncConnection.connect(autocommit=True, **given) as listening:
                    await listening.execute(f"LISTEN {CHANNEL}")
                    self.news.set()
                    async for _ in listening.notifies():
                        self.news.set()
            except psycopg.Error:
                await asyncio.sleep(2)


def draw(topics: set[str]) -> dict[str, str]:
    """The state of each topic as JSON; one call for each kind."""
    close_old_connections()
    by_kind: dict[str, set[str]] = defaultdict(set)
    for topic in topics:
        kind, _, key = topic.partition(":")
        by_kind[kind].add(key)
    states = {}
    for kind, keys in by_kind.items():
        if kind in SNAPSHOTS:
            for key, state in SNAPSHOTS[kind](keys).items():
                topic = f"{kind}:{key}" if key else kind
                states[topic] = json.dumps(state, ensure_ascii=False, separators=(",", ":"))
    return states


def event(topic: str, state: str) -> str:
    return f"event: {topic}\ndata: {state}\n\n"


_hub: Hub | None = None


async def lifespan(receive: Callable, send: Callable) -> None:
    """Begins and ends with the web process."""
    global _hub  # noqa: PLW0603 - one hub for each process
    running = None
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            _hub = Hub()
            running = asyncio.create_task(_hub.run())
            await send({"type": "lifespan.startup.complete"})
        else:
            if running:
                running.cancel()
            await send({"type": "lifespan.shutdown.complete"})
            return


async def push(scope: dict, receive: Callable, send: Callable) -> None:
    """`GET /live/?topic=…&topic=…`: the stream of one browser; 403 where the cookie allows none of it."""
    headers = dict(scope["headers"])
    wanted = parse_qs(scope["query_string"].decode("latin-1")).get("topic", [])[:20]
    cookies = headers.get(b"cookie", b"").decode("latin-1")
    topics = allowed(cookies, wanted)
    if scope["method"] != "GET" or not topics or _hub is None or not await _stands(cookies):
        await _answer(send, 403, b"text/plain; charset=utf-8", b"Sign in to follow this.", more=False)
        return
    queue = _hub.follow(topics)
    gone = asyncio.create_task(_until_gone(receive))
    try:
        await _answer(send, 200, b"text/event-stream; charset=utf-8", b"retry: 3000\n\n", more=True)
        asked = time.monotonic()
        while not gone.done():
            if time.monotonic() - asked > ASK_AGAIN:
                if not await _stands(cookies):
                    break
                asked = time.monotonic()
            waiting = asyncio.create_task(queue.get())
            await asyncio.wait({waiting, gone}, timeout=20, return_when=asyncio.FIRST_COMPLETED)
            text = waiting.result() if waiting.done() else ": still here\n\n"
            waiting.cancel()
            await send({"type": "http.response.body", "body": text.encode(), "more_body": True})
    except OSError:
        pass  # the browser has gone
    finally:
        gone.cancel()
        with contextlib.suppress(OSError):
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        _hub.leave(topics, queue)


@sync_to_async(thread_sensitive=False)
def _stands(cookies: str) -> bool:
    try:
        return still_stands(session_of(cookies))
    finally:
        connection.close()  # else each thread of the executor keeps one open for good


async def _until_gone(receive: Callable) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _answer(send: Callable, status: int, content_type: bytes, body: bytes, *, more: bool) -> None:
    headers = [(b"content-type", content_type), (b"cache-control", b"no-store"), (b"x-accel-buffering", b"no")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": more})
