import asyncio
import http.client
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from shouxin.core import live
from tests.databases import database_url

TOPICS = ["team:complaints-1", "board:*"]


def in_a_loop_of_its_own(walk):
    """In a thread: a browser journey before this test may have left its loop running in ours."""
    with ThreadPoolExecutor(max_workers=1) as pool:
        return pool.submit(asyncio.run, walk).result(timeout=60)


def cookie(topics: list[str], session: str = "s1") -> str:
    return f"sessionid={session}; {live.COOKIE}={live.ticket(topics, session)}"


def test_the_cookie_lets_in_to_what_it_names_and_to_nothing_else():
    wanted = ["team:complaints-1", "team:south", "board:taipei", "staff:1"]
    assert live.allowed(cookie(TOPICS), wanted) == {"team:complaints-1", "board:taipei"}


@pytest.mark.parametrize(
    "header",
    [
        "",
        "live=",
        "live=forged:sig",
        "other=1",
        cookie(TOPICS)[:-2] + "xx",
        cookie(TOPICS).partition("; ")[2],
        cookie(TOPICS).replace("sessionid=s1", "sessionid=s2"),
    ],
    ids=["none", "empty", "forged", "another", "changed", "without a session", "in another session"],
)
def test_without_a_valid_cookie_nothing_may_be_followed(header):
    assert live.allowed(header, ["team:complaints-1"]) == set()


def test_a_session_stands_until_somebody_signs_out_or_leaves(cast, client):
    client.force_login(cast.lin, backend="shouxin.people.backends.StaffBackend")
    session = client.cookies["sessionid"].value
    assert live.still_stands(session)
    cast.lin.is_active = False
    cast.lin.save()
    assert not live.still_stands(session), "left the company"

    client.force_login(cast.chen, backend="shouxin.people.backends.StaffBackend")
    session = client.cookies["sessionid"].value
    assert live.still_stands(session)
    client.post("/sign-out/")
    assert not live.still_stands(session), "signed out"
    assert not live.still_stands("") and not live.still_stands("never-there")


def test_who_signs_out_takes_the_cookie_along(client, cast):
    client.force_login(cast.lin)
    client.cookies[live.COOKIE] = live.ticket(TOPICS, "s1")
    client.get("/")
    assert client.cookies[live.COOKIE].value != ""
    client.logout()
    client.cookies[live.COOKIE] = live.ticket(TOPICS, "s1")
    client.get("/")
    assert client.cookies[live.COOKIE].value == ""


def test_each_follower_is_told_a_state_once_and_newcomers_at_once(monkeypatch):
    states = {"taipei": 1}
    monkeypatch.setitem(live.SNAPSHOTS, "board", lambda keys: {key: states[key] for key in keys})

    async def walk() -> tuple:
        hub = live.Hub()
        first = hub.follow({"board:taipei"})
        await hub._tell()
        second = hub.follow({"board:taipei"})
        await hub._tell()
        states["taipei"] = 2
        await hub._tell()
        told = [[queue.get_nowait() for _ in range(queue.qsize())] for queue in (first, second)]
        hub.leave({"board:taipei"}, first)
        hub.leave({"board:taipei"}, second)
        return told, dict(hub.followers), hub.told

    told, followers, remembered = in_a_loop_of_its_own(walk())
    one, two = live.event("board:taipei", "1"), live.event("board:taipei", "2")
    assert told == [[one, two], [one, two]]
    assert followers == {} and remembered == {}


def test_one_round_asks_once_for_all_topics_of_a_kind(monkeypatch, db):
    asked = []
    monkeypatch.setitem(live.SNAPSHOTS, "board", lambda keys: asked.append(keys) or {key: key for key in keys})
    assert live.draw({"board:a", "board:b", "unknown:c"}) == {"board:a": '"a"', "board:b": '"b"'}
    assert asked == [{"a", "b"}]


def test_a_change_is_heard_after_the_commit(own_database):
    with psycopg.connect(database_url(), autocommit=True) as listening:
        listening.execute(f"LISTEN {live.CHANNEL}")
        live.changed("board:taipei")
        heard = list(listening.notifies(timeout=5, stop_after=1))
    assert [notice.payload for notice in heard] == ["board:taipei"]


def follow(server, header: str, topic: str) -> tuple[int, http.client.HTTPResponse]:
    wire = http.client.HTTPConnection(server.url.removeprefix("http://"), timeout=20)
    wire.request("GET", f"/live/?topic={topic}", headers={"Cookie": header})
    answer = wire.getresponse()
    return answer.status, answer


@pytest.mark.journey
def test_a_stranger_may_not_follow_nor_one_whose_session_is_over(server, settings):
    settings.SECRET_KEY = (server.home / "secret-key").read_text().strip()
    assert follow(server, "", "board:taipei")[0] == 403
    assert follow(server, cookie(TOPICS, "never-there"), "board:taipei")[0] == 403
