"""The example insurer's year, told in bulk, is what the actions would have written."""

from datetime import datetime
from itertools import pairwise
from random import Random

import pytest
from django.db import transaction

from shouxin.cases.bulk import next_numbers
from shouxin.cases.models import Case
from shouxin.core.clock import local
from shouxin.demo.customers import invite_customers, sell_policies
from shouxin.demo.insurer import Insurer, found_insurer
from shouxin.demo.playing import Stage
from shouxin.demo.script import Script
from shouxin.demo.tests.living import Life
from shouxin.demo.tests.reading import stand, told
from shouxin.demo.writing import Writer
from shouxin.demo.year import Year
from tests.cast import NOON

pytestmark = pytest.mark.django_db
# What a life may consist of: the sample holds cases with each of them.
EVERY_KIND = (
    "note", "hand_over", "ask", "papers", "receive", "reopened", "letter", "aim", "reported", "unfinished", "unknown",
)  # fmt: skip


def _kinds(script: Script) -> set[str]:
    names = [event.kind for event in script.events]
    kinds = set(names) | ({"unfinished"} if names[-1] != "close" else set())
    kinds |= {"reopened"} if "close" in names[:-1] else set()
    kinds |= {"reported"} if ("appoint", "reply") in pairwise(names) else set()
    return kinds if script.is_known else kinds | {"unknown"}


def _sample(insurer: Insurer, now: datetime) -> list[Script]:
    """Two cases with each kind of event, from a year of some hundreds."""
    random = Random(7)
    people = invite_customers(insurer, random, 60, local(now).date())
    covers = sell_policies(insurer, people, random, 90, now)
    lacking, chosen = dict.fromkeys(EVERY_KIND, 2), []
    stage = Stage(insurer, covers, random, now)
    for opening in Year(random, now).openings(1500):
        script = stage.script(opening, random)
        if found := [kind for kind in _kinds(script) if lacking.get(kind)]:
            chosen.append(script)
            for kind in found:
                lacking[kind] -= 1
    assert not any(lacking.values()), f"the year has too few with: {lacking}"
    return chosen


class Undone(Exception):
    """The lived case makes room for the next."""


def _lived(script: Script, insurer: Insurer, now: datetime) -> tuple[list, dict]:
    """What the actions write; taken back afterwards, so that each case finds the queue empty."""
    try:
        with transaction.atomic():
            case = Life(script, insurer, now).case
            written = told(case), stand(case)
            raise Undone
    except Undone:
        return written


def _apart(in_bulk: tuple[list, dict], lived: tuple[list, dict]) -> list:
    """Where the two differ, in a form that can be read."""
    (facts, state), (lived_facts, lived_state) = in_bulk, lived
    heads = [[f"{fact['happened_at']} {fact['kind']} {fact['rule']}" for fact in each] for each in (facts, lived_facts)]
    if heads[0] != heads[1]:
        return heads
    pairs = [(one["kind"], one, other) for one, other in zip(facts, lived_facts, strict=True)]
    pairs.append(("state", state, lived_state))
    return [
        (kind, name, one[name], other[name])
        for kind, one, other in pairs for name in one if one[name] != other[name]
    ]  # fmt: skip


def test_a_sample_of_cases_is_the_same_made_by_the_actions_and_made_in_bulk(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    insurer = found_insurer(Random(7), NOON)
    scripts = _sample(insurer, NOON)
    lived = [_lived(script, insurer, NOON) for script in scripts]
    Writer(insurer, NOON).write(scripts, next_numbers("C", NOON, len(scripts)))
    cases = Case.objects.with_people().order_by("pk")
    for script, case, written in zip(scripts, cases, lived, strict=True):
        named = f"{script.service} {[event.kind for event in script.events]}"
        assert _apart((told(case), stand(case)), written) == [], named
