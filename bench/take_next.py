"""64 officers take the next case at once: threads that call the action, each with a connection of its own.

They are spread over as many processes as `bin/serve` has for its pages, since one Python runs on one core only.
Without HTTP: what is measured is the one statement, its locks and the fact it records, not the pages around it.
"""

import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from multiprocessing.synchronize import Barrier

from bench.figures import Figure, at_least, at_most, percentile, told

AT_ONCE, EACH, PROCESSES = 64, 20, 2


def run(cases: int) -> list[Figure]:
    """The figures of this bench."""
    from django.db import connection

    from shouxin.people.models import Staff

    takers = list(Staff.objects.filter(skills__isnull=False, post__in=["EC", "CC", "CL", "CR", "CT"]).distinct())
    people = [takers[number % len(takers)] for number in range(AT_ONCE)]
    connection.close()
    processes = get_context("fork")
    start = processes.Barrier(AT_ONCE + 1)
    with ProcessPoolExecutor(PROCESSES, processes, share, (start,)) as pool:
        working = [pool.submit(take_all, [p.pk for p in people[number::PROCESSES]]) for number in range(PROCESSES)]
        start.wait()
        began = time.perf_counter()
        taken = [pair for each in working for pair in each.result()]
        seconds = time.perf_counter() - began
    twice = [item for item, times in Counter(item for item, _took in taken).items() if times > 1]
    return [
        at_least(f"take next, {AT_ONCE} at once", len(taken) / seconds, "/s", 300),
        at_most("take next, taken twice", len(twice), "items", 0),
        told("take next, p95", percentile([took for _item, took in taken], 0.95) * 1000, "ms"),
        told("take next, taken", len(taken), "items"),
    ]


_START: list[Barrier] = []


def share(start: Barrier) -> None:
    """What a process is born with: where all of them wait for each other."""
    _START.append(start)


def take_all(people: list[int]) -> list[tuple[int, float]]:
    """One process: a thread for each of these officers."""
    with ThreadPoolExecutor(len(people)) as threads:
        return [pair for taken in threads.map(lambda person: take(person, _START[0]), people) for pair in taken]


def take(person: int, start: Barrier) -> list[tuple[int, float]]:
    """One officer takes so many, one after the other."""
    from django.db import connection

    from shouxin.cases.actions import take_next
    from shouxin.people.models import Staff

    staff, taken = Staff.objects.select_related("team").get(pk=person), []
    try:
        start.wait()
        for _ in range(EACH):
            began = time.perf_counter()
            item = take_next(staff)
            if item is None:
                break
            taken.append((item.pk, time.perf_counter() - began))
    finally:
        connection.close()
    return taken
