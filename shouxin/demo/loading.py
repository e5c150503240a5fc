"""The example insurer loaded by COPY: people, customers, policies, a year of cases with all their facts.

The year is made by two processes, one for each core, and brought in by this one: one transaction, so that an
interrupted first start begins anew.
"""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from random import Random

from django.db import connection, transaction

from shouxin.cases.bulk import CaseRow, index_words_afterwards, next_numbers
from shouxin.cases.models import Paper
from shouxin.complaints.models import Complaint, Decision, FinalLetter, Findings
from shouxin.core.clock import local
from shouxin.core.copying import gathering, reserve, send, sequence_of
from shouxin.core.kept import one_reading
from shouxin.demo.beside import side_by_side
from shouxin.demo.customers import invite_customers, sell_policies
from shouxin.demo.desks import desk_openings, lay
from shouxin.demo.insurer import found_insurer
from shouxin.demo.playing import Stage
from shouxin.demo.writing import Writer
from shouxin.demo.year import Opening, Year, cut
from shouxin.policies.lines import company_scopes
from shouxin.promises.models import Promise, PromiseDue, PromisePause
from shouxin.record.recording import FACT_IDS

SIZES = {"small": (3_000, 600, 900), "full": (31_000, 20_000, 30_000)}  # cases, customers, policies
CHUNK = 500
# How many numbers a case may take of each sequence: more than any case has; what is left over is a gap.
ROOM = {
    sequence_of(CaseRow.table): 1, FACT_IDS: 120, **{
        sequence_of(model._meta.db_table): most
        for model, most in ((Promise, 24), (PromisePause, 6), (PromiseDue, 6), (Paper, 3), (Complaint, 1),
                            (Decision, 1), (Findings, 1), (FinalLetter, 1))
    },
}  # fmt: skip
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Part:
    """A chunk of the year that can be made by anybody: with its own chance, its numbers and blocks of ids."""

    openings: list[Opening]
    numbers: list[str]
    blocks: dict[str, range]
    seed: str


def load(
    *, size: str, now: datetime, seed: int = 2026, progress: Progress = lambda done, total: None
) -> dict[str, int]:
    """Load the example insurer. Returns counts."""
    with _collecting_later():
        counts = _load(size, now, seed, progress)
    with transaction.atomic(), connection.cursor() as cursor:
        # Rough is enough to plan by until the database looks for itself, and takes a second instead of five.
        cursor.execute("SET LOCAL default_statistics_target = 20")
        cursor.execute("ANALYZE")
    return counts


@contextmanager
def _collecting_later() -> Iterator[None]:
    """Millions of rows are made and none of them in a circle: looking for circles costs a tenth of the time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


@contextmanager
def _known_beforehand() -> Iterator[None]:
    """What the copies of this process ask for is in memory before they are made: they ask the database nothing."""
    with one_reading():
        company_scopes()
        yield


def _load(size: str, now: datetime, seed: int, progress: Progress) -> dict[str, int]:
    case_count, customer_count, policy_count = SIZES[size]
    random = Random(seed)
    with transaction.atomic():
        with connection.cursor() as cursor:
            # Each COPY is checked at once, while the next chunk is being made, and not all of them at the end.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        insurer = found_insurer(random, now)
        people = invite_customers(insurer, random, customer_count, local(now).date())
        covers = sell_policies(insurer, people, random, policy_count, now)
        stage, writer, year = Stage(insurer, covers, random, now), Writer(insurer, now), Year(random, now)
        openings = year.openings(case_count) + desk_openings(writer.services, year.calendar, now)
        openings.sort(key=lambda opening: opening.at)
        counts = {"staff": len(insurer.staff), "customers": len(people), "policies": len(covers), "cases": 0,
                  "facts": 0}  # fmt: skip
        parts = [_part(chunk, f"{seed}/{place}") for place, chunk in enumerate(cut(openings, CHUNK))]
        with (
            _words_indexed(size),
            _known_beforehand(),
            side_by_side(lambda place: make(parts[place], stage, writer), len(parts)) as made,
        ):
            for part, (facts, parcels) in zip(parts, made, strict=True):
                send(parcels)
                counts["facts"] += facts
                counts["cases"] += len(part.openings)
                progress(counts["cases"], len(openings))
    return counts


@contextmanager
def _words_indexed(size: str) -> Iterator[None]:
    """Of a whole year the index of words is made at the end."""
    if size != "full":
        yield
        return
    with index_words_afterwards():
        yield


def _part(openings: list[Opening], seed: str) -> Part:
    count = len(openings)
    blocks = {sequence: reserve(sequence, count * most) for sequence, most in ROOM.items()}
    return Part(openings, next_numbers("C", openings[0].at, count), blocks, seed)


def make(part: Part, stage: Stage, writer: Writer) -> tuple[int, list[tuple[str, bytes]]]:
    """The facts counted, and everything to be copied. Asks nothing of the database."""
    random = Random(part.seed)
    scripts = [lay(stage, each, random) if each.desk else stage.script(each, random) for each in part.openings]
    with gathering(part.blocks) as parcels:
        facts = writer.write(scripts, part.numbers)
    return facts, parcels
