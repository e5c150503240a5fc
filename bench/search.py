"""A two-character word that one case in a hundred holds: the search page over HTTP, and the search itself.

Right means: what is found are the newest of all that hold the word, as a walk over all cases finds them.
"""

import os
import time
from pathlib import Path
from urllib.parse import quote

from bench.clients import Answer, Client, Step, press
from bench.figures import Figure, at_least, at_most, percentile, told
from bench.ground import wait_until_quiet
from bench.load import RARE_WORD, value
from bench.officers import officers, signed_in

CLIENTS, SECONDS, WARM_SECONDS, TIMES = 4, 10.0, 3.0, 60
TARGET_MS, SHOWN = 150, 50
_EVERY = """
SELECT c.number FROM cases_casewords w JOIN cases_case c ON c.id = w.case_id
WHERE array_position(w.words, %s) IS NOT NULL ORDER BY w.opened_at DESC, w.case_id DESC LIMIT %s
"""


def run(cases: int) -> list[Figure]:
    """The figures of this bench."""
    from shouxin.cases.searching import search
    from shouxin.people.models import Staff

    address, team = os.environ["SHOUXIN_BENCH_ADDRESS"], officers(CLIENTS)
    lin = Staff.objects.select_related("team").get(pk=team[0].id)
    expected, holding = newest()
    took = []
    wait_until_quiet(Path(os.environ["SHOUXIN_HOME"]))
    for _ in range(TIMES):
        began = time.perf_counter()
        found = search(lin, RARE_WORD, limit=SHOWN)
        took.append(time.perf_counter() - began)
    is_right = [case.number for case in found] == expected

    async def begin(client: Client, number: int) -> Step:
        signed_in(client, team[0])

        async def step(client: Client) -> tuple[str, Answer, bool]:
            page = await client.get(f"/search/?q={quote(RARE_WORD)}")
            return "search", page, page.status == 200 and expected[0].encode() in page.body

        return step

    press(address, CLIENTS, WARM_SECONDS, begin)
    done = press(address, CLIENTS, SECONDS, begin)
    name = f"search at {cases:,} cases"
    return [
        at_most(f"{name}, page p95, {CLIENTS} clients", percentile(done.took["search"], 0.95) * 1000, "ms", TARGET_MS),
        at_most(f"{name}, alone p95", percentile(took, 0.95) * 1000, "ms", TARGET_MS),
        at_least(f"{name}, right", float(is_right and not done.wrong), "(1 = yes)", 1),
        told(f"{name}, cases that hold the word", holding, "cases"),
    ]


def newest() -> tuple[list[str], float]:
    """The newest cases that hold the word, and how many do: by looking at every one."""
    from django.db import connection

    from shouxin.core.text import bigrams

    (word,) = bigrams(RARE_WORD)
    with connection.cursor() as cursor:
        cursor.execute(_EVERY, [word, SHOWN])
        numbers = [row[0] for row in cursor.fetchall()]
    return numbers, value(f"SELECT count(*) FROM cases_casewords WHERE array_position(words, '{word}') IS NOT NULL")
