"""What officers look at all day: the work list, a case's page, a reply; four of them at once, over HTTP.

Each officer has cases of his own and opens another one each time, so that hardly anything was read before. The time
of a reply is that of sending it (the page it leads to is a case's page again).
"""

import os
from itertools import cycle
from pathlib import Path

from bench.clients import Answer, Client, Step, press
from bench.figures import Figure, at_most, percentile, told
from bench.ground import wait_until_quiet
from bench.officers import Officer, cases_of, officers, reply, signed_in, token_of

CLIENTS, SECONDS, WARM_SECONDS, MANY = 4, 12.0, 4.0, 3000
TARGET_MS = 80
LISTS = ("/cases/", "/cases/?of=team", "/cases/?of=all")


def run(cases: int) -> list[Figure]:
    """The figures of this bench; raises RuntimeError where a page is not what it should be."""
    address, team = os.environ["SHOUXIN_BENCH_ADDRESS"], officers(CLIENTS)
    mine = [cases_of(officer, MANY) for officer in team]
    found: list[Figure] = []
    wait_until_quiet(Path(os.environ["SHOUXIN_HOME"]))
    for name, steps in (("work list", lists), ("case page", case_pages), ("reply", replies)):

        async def begin(client: Client, number: int, steps=steps) -> Step:
            return await steps(client, team[number], mine[number])

        press(address, CLIENTS, WARM_SECONDS, begin)
        done = press(address, CLIENTS, SECONDS, begin)
        if done.wrong:
            raise RuntimeError(f"{len(done.wrong)} answers of {name} were wrong: {done.wrong[:2]}")
        found += [
            at_most(f"{name} at {cases:,} cases, p95", percentile(done.took[name], 0.95) * 1000, "ms", TARGET_MS),
            told(f"{name}, p50", percentile(done.took[name], 0.5) * 1000, "ms"),
            told(f"{name}, answered", done.rate(name), "/s"),
        ]
    return found


async def lists(client: Client, officer: Officer, _mine: list[str]) -> Step:
    """My list, my team's, everybody's, in turn."""
    signed_in(client, officer)
    seen = 0

    async def step(client: Client) -> tuple[str, Answer, bool]:
        nonlocal seen
        seen += 1
        page = await client.get(LISTS[seen % len(LISTS)])
        return "work list", page, page.status == 200 and b"C2" in page.body

    return step


async def case_pages(client: Client, officer: Officer, mine: list[str]) -> Step:
    signed_in(client, officer)
    waiting = cycle(mine)

    async def step(client: Client) -> tuple[str, Answer, bool]:
        number = next(waiting)
        page = await client.get(f"/cases/{number}/")
        return "case page", page, page.status == 200 and number.encode() in page.body

    return step


async def replies(client: Client, officer: Officer, mine: list[str]) -> Step:
    """Answer one case after the other; the token of the first page serves for all."""
    signed_in(client, officer)
    token = token_of(await client.get(f"/cases/{mine[0]}/"))
    waiting = cycle(mine[::-1])

    async def step(client: Client) -> tuple[str, Answer, bool]:
        number = next(waiting)
        answer = await client.post(f"/cases/{number}/touches/", reply(token), as_form_data=True)
        return "reply", answer, answer.status == 303 and answer.location.startswith(f"/cases/{number}/")

    return step
