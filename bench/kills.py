"""kill -9 of web, worker and PostgreSQL, eight times, under mixed load; then everything acknowledged is counted.

Customers send the public form, officers answer, promises of a few seconds run. Whoever gets no answer sends the same
again under the same key, as a browser does; now and then also somebody who did get one. The parent that starts what
was killed again is not killed here: tests/commands does that.
"""

import asyncio
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from bench.clients import Client
from bench.figures import Figure, at_least, at_most, told
from bench.intake import FORM, SERVICES, request
from bench.kills_count import doubled, later, lost
from bench.officers import Officer, officers, reply, signed_in, token_of
from config import env
from config.trouble import say

VICTIMS = ("part-web-1", "postgres", "part-worker", "part-web-2", "postgres", "part-worker", "part-web-1", "postgres")
# Between two kills so much is acknowledged, or so many seconds go by: on a slow machine too the kills hit work.
REQUESTS_BETWEEN, REPLIES_BETWEEN, PAUSE_SECONDS, LONGEST_PAUSE = 10, 4, 1.0, 20.0
CUSTOMERS, OFFICERS, CASES_EACH = 6, 4, 5
AGAIN_SHARE = 0.1  # of what was acknowledged, sent once more nonetheless
SETTLED_WITHIN = 120.0


@dataclass
class Acknowledged:
    """What somebody was told is done."""

    intakes: dict[str, str] = field(default_factory=dict)  # key → where the customer was led
    replies: dict[str, str] = field(default_factory=dict)  # key → number of the case
    promises: list[int] = field(default_factory=list)
    retries: int = 0
    refused: Counter[int] = field(default_factory=Counter)
    contradictions: list[str] = field(default_factory=list)


def run(_cases: int) -> list[Figure]:
    """The figures of this bench: counts; what was lost or doubled must be 0."""
    numbers, known = settle_in(), Acknowledged()
    killed = asyncio.run(under_load(known, numbers))
    waited = wait_until_settled(known)
    sealed = verified()
    return [
        at_least("kills", killed, "killed", len(VICTIMS)),
        at_least("kills, acknowledged requests", len(known.intakes), "requests", 1),
        at_least("kills, acknowledged replies", len(known.replies), "replies", 1),
        at_least("kills, acknowledged promises", len(known.promises), "promises", 1),
        told("kills, sent again", known.retries, "times"),
        told("kills, answered with a 5xx", known.refused.total(), "answers"),
        at_most("kills, other answer to the same key", len(known.contradictions), "answers", 0),
        *(at_most(f"kills, lost: {what}", count, "", 0) for what, count in lost(known).items()),
        *(at_most(f"kills, doubled: {what}", count, "", 0) for what, count in doubled().items()),
        told("kills, until all was settled", waited, "s"),
        at_least("kills, facts whose seals verify", sealed["facts"] if sealed["ok"] else 0, "facts", 1),
    ]


# ── before ────────────────────────────────────────────────────────────────────


def settle_in() -> list[tuple[Officer, list[str]]]:
    """A small company with cases to answer; each officer with the numbers of his own."""
    from uuid import uuid4

    from shouxin.cases.actions import assign, open_case
    from shouxin.cases.models import Service
    from shouxin.core.clock import now
    from shouxin.demo.insurer import found_insurer
    from shouxin.people.models import Branch, Company, Staff

    if not Company.objects.exists():
        found_insurer(random.Random(1), now())
    team, branch = officers(OFFICERS), Branch.objects.order_by("id").first()
    service, found = Service.objects.get(pk=SERVICES[0]), []
    for officer in team:
        staff, numbers = Staff.objects.select_related("team__branch").get(pk=officer.id), []
        for _ in range(CASES_EACH):
            about = {"service": service, "subject": "還沒有收到", "body": "麻煩查一下。", "branch": branch}
            case = open_case(by=staff, channel="phone", key=uuid4(), **about)
            assign(case, by=staff, to=staff)
            numbers.append(case.number)
        found.append((officer, numbers))
    return found


# ── the load and the kills ────────────────────────────────────────────────────


async def under_load(known: Acknowledged, team: list[tuple[Officer, list[str]]]) -> int:
    """Everybody works while one part after the other is killed; returns how many were."""
    address, ending = os.environ["SHOUXIN_BENCH_ADDRESS"], asyncio.Event()
    work = [asyncio.create_task(customer(Client(address), n, known, ending)) for n in range(CUSTOMERS)]
    work += [asyncio.create_task(answers(Client(address), *each, known, ending)) for each in team]
    work.append(asyncio.create_task(asyncio.to_thread(promise, known, ending)))
    killed = 0
    await until_more(known)
    for victim in VICTIMS:
        killed += kill(victim)
        await until_more(known)
    ending.set()
    await asyncio.gather(*work)
    return killed


async def until_more(known: Acknowledged) -> None:
    """Until enough was acknowledged since, and a moment has gone by."""
    began, requests, replies = time.monotonic(), len(known.intakes), len(known.replies)
    await asyncio.sleep(PAUSE_SECONDS)
    while time.monotonic() - began < LONGEST_PAUSE:
        if len(known.intakes) - requests >= REQUESTS_BETWEEN and len(known.replies) - replies >= REPLIES_BETWEEN:
            return
        await asyncio.sleep(0.1)


def kill(part: str) -> int:
    """kill -9, at the number its parent noted; 1 if it was there."""
    note = json.loads((Path(os.environ["SHOUXIN_HOME"]) / "run" / f"{part}.json").read_text())
    try:
        os.kill(note["pid"], signal.SIGKILL)
    except ProcessLookupError:
        return 0
    say(f"killed {part}")
    return 1


async def until_answered(client: Client, path: str, fields: dict[str, str], known: Acknowledged) -> str:
    """Send the same until it is acknowledged; returns where it led."""
    while True:
        try:
            answer = await client.post(path, fields, as_form_data=True)
            if answer.status == 303:
                return answer.location
            known.refused[answer.status] += 1
            if answer.status < 500:
                raise RuntimeError(f"{path}: {answer.status} {answer.body[-1500:].decode(errors='replace')}")
        except OSError:
            pass
        known.retries += 1
        await asyncio.sleep(0.3)


async def asked(client: Client, path: str):
    """A page, asked for until it comes."""
    while True:
        try:
            page = await client.get(path)
            if page.status == 200:
                return page
        except OSError:
            pass
        await asyncio.sleep(0.3)


async def customer(client: Client, number: int, known: Acknowledged, ending: asyncio.Event) -> None:
    await asked(client, FORM)
    sent = 0
    while not ending.is_set():
        sent += 1
        fields = request(SERVICES[0], number, sent)
        led = await until_answered(client, FORM, fields, known)
        known.intakes[fields["key"]] = led
        if random.random() < AGAIN_SHARE and await until_answered(client, FORM, fields, known) != led:
            known.contradictions.append(fields["key"])


async def answers(
    client: Client, officer: Officer, numbers: list[str], known: Acknowledged, ending: asyncio.Event
) -> None:
    signed_in(client, officer)
    token, sent = token_of(await asked(client, f"/cases/{numbers[0]}/")), 0
    while not ending.is_set():
        sent += 1
        number, fields = numbers[sent % len(numbers)], reply(token)
        await until_answered(client, f"/cases/{number}/touches/", fields, known)
        known.replies[fields["key"]] = number
        if random.random() < AGAIN_SHARE:
            await until_answered(client, f"/cases/{number}/touches/", fields, known)


def promise(known: Acknowledged, ending: asyncio.Event) -> None:
    """Promises that fall due within seconds; one whose making broke off was never acknowledged."""
    from django.db import DatabaseError, connection

    from shouxin.core.clock import now
    from shouxin.core.refs import Ref
    from shouxin.promises.given import Given
    from shouxin.promises.making import make

    number = 0
    while not ending.is_set():
        number, at = number + 1, now()
        rule = Given("callback", at + timedelta(seconds=2 + number % 12))
        try:
            made = make(rule, subject=Ref("bench", number), start_at=at, calendar_key="TW:台北市")
            known.promises.append(made.pk)
            time.sleep(0.05)
        except DatabaseError:
            connection.close()
            time.sleep(0.3)


# ── after ─────────────────────────────────────────────────────────────────────


def wait_until_settled(known: Acknowledged) -> float:
    """Until jobs are done, what is due has fired and all is sealed; returns how long that took."""
    from django.db import DatabaseError, connection

    began = time.monotonic()
    while time.monotonic() - began < SETTLED_WITHIN:
        try:
            if not any(later().values()):
                break
        except DatabaseError:
            connection.close()
        time.sleep(1)
    say(f"left to do: {later()}")
    return time.monotonic() - began


def verified() -> dict:
    """What `bin/shouxin verify --json` says."""
    words = [sys.executable, str(env.ROOT / "manage.py"), "verify", "--json"]
    done = subprocess.run(words, capture_output=True, text=True)
    report = json.loads(done.stdout.splitlines()[-1])
    for problem in report["problems"][:5]:
        say(str(problem))
    return report
