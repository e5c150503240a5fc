"""Laws of a promise: whatever is done to it, in whatever order."""

from datetime import datetime, timedelta

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from shouxin.core.guards import Refused
from shouxin.jurisdictions.packs import pack
from shouxin.jurisdictions.queries import calendar_of
from shouxin.promises.actions import extend, keep, make, pause, resume, withdraw
from shouxin.promises.firing import break_due
from shouxin.promises.models import OPEN, Promise, State
from shouxin.promises.telling import ran
from shouxin.promises.tests.stories import CASE, KEY, LIN, TAIPEI, told

RULES = [rule for rule in pack("company").rules if rule.suspensions] + [pack("TW").rule("TW-14")]
HOURLY = pack("company").rule("CO-02")
instants = st.datetimes(datetime(2025, 1, 2), datetime(2025, 6, 30)).map(
    lambda at: at.replace(second=0, microsecond=0, tzinfo=TAIPEI)
)
spans = st.integers(1, 15 * 24 * 60).map(lambda minutes: timedelta(minutes=minutes))
quick = settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])


def _made(rule, start_at) -> Promise:
    return make(rule, subject=CASE, start_at=start_at, calendar_key=KEY, by=LIN)


class LawsOfPausing(TestCase):
    @quick
    @given(st.sampled_from(RULES[:-1]), instants, spans, spans)
    def test_pausing_over_closed_time_is_free(self, rule, start_at, wait, length):
        calendar, promise = calendar_of(KEY), _made(rule, start_at)
        paused_at, resumed_at = start_at + wait, start_at + wait + length
        assume(calendar.between(paused_at, resumed_at) == timedelta() and paused_at <= promise.due_at)
        due_at = promise.due_at
        pause(promise, at=paused_at, reason="waiting_for_papers")
        resume(promise, at=resumed_at)
        assert promise.due_at == due_at

    @quick
    @given(st.sampled_from(RULES[:-1]), instants, spans, spans)
    def test_a_pause_never_brings_the_due_instant_nearer(self, rule, start_at, wait, length):
        promise = _made(rule, start_at)
        due_at = promise.due_at
        assume(start_at + wait <= due_at)
        pause(promise, at=start_at + wait, reason="waiting_for_papers")
        resume(promise, at=start_at + wait + length)
        assert promise.due_at >= due_at
        assert [(row.old, row.new) for row in promise.dues.all()] == (
            [(due_at, promise.due_at)] if promise.due_at != due_at else []
        )

    @quick
    @given(instants, spans, st.lists(spans, max_size=4))
    def test_running_and_paused_time_make_up_the_whole(self, start_at, length, cuts):
        calendar, promise = calendar_of(KEY), _made(RULES[0], start_at)
        until = start_at + length
        edges = sorted(start_at + min(cut, length) for cut in cuts)
        stood = list(zip(edges[::2], edges[1::2], strict=False))
        whole, without = ran(promise, until, calendar), ran(promise, until, calendar, stood)
        assert whole["seconds"] - without["seconds"] == sum((end - begin).total_seconds() for begin, end in stood)
        worked = sum((calendar.between(begin, end) for begin, end in stood), timedelta())
        assert whole["working_seconds"] - without["working_seconds"] == worked.total_seconds()


class LawsOfEnding(TestCase):
    @quick
    @given(st.sampled_from([*RULES, HOURLY]), instants, spans)
    def test_kept_or_broken_is_decided_by_the_due_instant_alone(self, rule, start_at, length):
        """Whether the loop or the officer comes first: the same state, and the same valid facts."""
        told_at = start_at + length
        by_officer, by_loop = _made(rule, start_at), _made(rule, start_at)
        keep(by_officer, at=told_at, by=LIN)
        Promise.objects.filter(pk=by_loop.pk).update(calendar_key=KEY)
        break_due(start_at + timedelta(days=400))
        by_loop.refresh_from_db()
        assert by_loop.state == State.BROKEN
        keep(by_loop, at=told_at, by=LIN)
        assert by_loop.state == by_officer.state
        assert (by_loop.state == State.KEPT) == (told_at <= by_loop.due_at)
        assert _valid(by_loop) == _valid(by_officer)

    @quick
    @given(st.data(), st.sampled_from([*RULES, pack("TW").rule("TW-30")]), instants)
    def test_whatever_happens_ends_once_and_every_move_is_a_row(self, data, rule, start_at):
        promise, at = _made(rule, start_at), start_at
        dues = [promise.due_at]
        for _ in range(data.draw(st.integers(1, 6))):
            at += data.draw(spans)
            ended_before = promise.state not in OPEN and (promise.state, promise.due_at)
            _do(data.draw(st.sampled_from(["pause", "resume", "extend", "keep", "withdraw", "fire"])), promise, at)
            promise.refresh_from_db()
            if ended_before and ended_before[0] != State.BROKEN:
                assert (promise.state, promise.due_at) == ended_before
            dues.append(promise.due_at)
        moves = [(row.old, row.new) for row in promise.dues.all()]
        assert moves == [(old, new) for old, new in zip(dues, dues[1:], strict=False) if old != new]
        ends = [fact["kind"] for fact in told("PromiseKept", "PromiseBroken", "PromiseWithdrawn")
                if fact["data"]["promise"] == promise.pk]  # fmt: skip
        if promise.state == State.BROKEN:  # withdrawn later it stays broken; only nobody waits for it any longer
            assert sorted(ends) in (["PromiseBroken"], ["PromiseBroken", "PromiseWithdrawn"])
        else:
            assert len(ends) == (promise.state not in OPEN)


def _do(what: str, promise: Promise, at: datetime) -> None:
    try:
        match what:
            case "pause":
                pause(promise, at=at, reason="waiting_for_papers")
            case "resume":
                resume(promise, at=at)
            case "extend":
                extend(promise, step="reasons_in_writing", at=at, reason="需要更多時間")
            case "keep":
                keep(promise, at=at)
            case "withdraw":
                withdraw(promise, at=at, reason="whim")
            case _:
                break_due(at)
    except Refused:
        pass


def _valid(promise: Promise) -> list[tuple]:
    mine = [fact for fact in told() if fact["data"].get("promise") == promise.pk]
    corrected = {fact["corrects"] for fact in mine}
    return [
        (fact["kind"], fact["happened_at"], fact["outcome"], fact["seconds"], fact["working_seconds"])
        for fact in mine
        if fact["id"] not in corrected
    ]
