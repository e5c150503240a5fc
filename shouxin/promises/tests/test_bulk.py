"""History written in bulk is what the actions and the loop would have written."""

from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouxin.jurisdictions.packs import pack, packs
from shouxin.promises.actions import Making, keep, make_many, pause, resume, withdraw
from shouxin.promises.bulk import Past, Reckoner, Stood, write_history
from shouxin.promises.firing import break_due, warn_due
from shouxin.promises.models import Promise, State
from shouxin.promises.tests.stories import CASE, COMPLAINT, KEY, LIN, SERVICING, WANG, at, told
from shouxin.promises.tests.test_laws import instants

pytestmark = pytest.mark.django_db
COMPARED = ("kind", "happened_at", "subject", "actor", "rule", "team", "outcome", "seconds", "working_seconds")


def _making(rule: Any, start_at: datetime) -> Making:
    dims = {"team": "complaints-1", "officer": str(LIN)}
    return Making(
        rule=rule, subject=CASE, person=WANG, start_at=start_at, calendar_key=KEY, by=LIN, dims=dims,
        amount=Decimal(186000), currency="TWD",
    )  # fmt: skip


def _lived(past: Past) -> Promise:
    """The same promise, lived through action by action."""
    (promise,) = make_many([past.making])
    instants = [*promise.warn_ats, promise.due_at]
    for stood in past.pauses:
        pause(promise, at=stood.paused_at, reason=stood.reason, waiting_for=stood.waiting_for, by=stood.by)
        resume(promise, at=stood.resumed_at, by=stood.by)
        instants = [*promise.warn_ats, promise.due_at]
    for instant in instants:
        if past.ended_at is None or instant < past.ended_at:
            warn_due(instant)
    if past.ended_at is None or promise.due_at < past.ended_at:
        break_due(at("12-31"))
    if past.ended_at:
        if past.reason:
            withdraw(promise, at=past.ended_at, reason=past.reason, by=past.ended_by)
        else:
            keep(promise, at=past.ended_at, by=past.ended_by)
    return promise


PASTS = {
    "kept": Past(making=_making(SERVICING, at("11-23")), ended_at=at("11-24"), ended_by=LIN, act="done"),
    "released": Past(making=_making(SERVICING, at("11-23")), ended_at=at("11-24"), ended_by=LIN, reason="released"),
    "released late": Past(
        making=_making(SERVICING, at("11-23")), ended_at=at("12-08"), ended_by=LIN, reason="released"
    ),
    "broken": Past(making=_making(SERVICING, at("11-23"))),
    "late": Past(making=_making(SERVICING, at("11-23")), ended_at=at("12-08"), ended_by=LIN, act="done"),
    "paused": Past(
        making=_making(SERVICING, at("11-23")),
        pauses=(Stood(paused_at=at("11-23", "15:00"), resumed_at=at("11-25"), reason="waiting_for_papers",
                      waiting_for="補收據", by=LIN),),
        ended_at=at("11-26"), ended_by=LIN, act="done",
    ),
}  # fmt: skip


@pytest.mark.parametrize("story", PASTS)
def test_bulk_writes_what_the_actions_write(story: str):
    (written,) = write_history([PASTS[story]], at=at("12-31"), origin="live")
    by_bulk = [[fact[name] for name in COMPARED] for fact in told()]
    seen = len(by_bulk)
    lived = _lived(PASTS[story])
    by_hand = [[fact[name] for name in COMPARED] for fact in told()[seen:]]
    assert sorted(by_bulk, key=str) == sorted(by_hand, key=str)
    lived.refresh_from_db()
    written.refresh_from_db()
    for field in Promise._meta.concrete_fields:
        if field.name != "id":
            assert getattr(written, field.name) == getattr(lived, field.name), field.name
    dues = [list(each.dues.values_list("old", "new", "why")) for each in (written, lived)]
    assert dues[0] == dues[1]


@given(st.sampled_from([rule for each in packs() for rule in each.rules if rule.has_clock]), instants)
def test_reckoning_by_the_day_is_reckoning(rule: Any, start_at: datetime):
    calendar = pack("TW").calendar("台北市")
    by_day = Reckoner(calendar)
    for begin in (start_at.replace(hour=3), start_at):
        assert by_day.reckon(_making(rule, begin)) == rule.reckon(begin, calendar)


def test_what_is_still_open_runs_and_its_facts_are_silent():
    pasts = [
        Past(making=_making(COMPLAINT, at("11-22"))),
        Past(
            making=_making(SERVICING, at("11-23")),
            pauses=(Stood(paused_at=at("11-24"), resumed_at=None, reason="waiting_for_papers"),),
        ),
    ]
    open_one, paused = write_history(pasts, at=at("11-25"))
    assert open_one.state == State.RUNNING and open_one.warn_at == at("12-15", "09:00")
    assert paused.state == State.PAUSED and paused.pauses.get().resumed_at is None
    assert {fact["source"] for fact in told()} == {"example"}
