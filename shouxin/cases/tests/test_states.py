"""The state machine: declared in rules.MOVES, held by the database, walked at random."""

from datetime import timedelta
from itertools import product

import pytest
from django.db import IntegrityError, transaction
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from shouxin.cases import queries
from shouxin.cases.actions import (
    assign,
    call_missed,
    close,
    hand_over,
    no_answer_needed,
    note,
    paper_received,
    receive,
    reopen,
    reply,
    request_papers,
    take_back,
    take_next,
)  # fmt: skip
from shouxin.cases.models import FAR, Case, State, WorkItem
from shouxin.cases.rules import MOVES, TRANSITIONS, ClosingReason, Move, Settled
from shouxin.cases.tests.answering import named
from shouxin.core.audience import Audience
from shouxin.core.guards import Refused
from shouxin.promises.given import Given
from shouxin.promises.models import Promise
from shouxin.promises.terms import acts_of
from shouxin.record.queries import entry_of, timeline
from tests.cast import NOON


@pytest.mark.parametrize(("old", "new"), [pair for pair in product(State, State) if pair[0] != pair[1]])
def test_the_database_refuses_exactly_what_the_rules_do_not_know(cast, opened, old, new):
    case = opened("A15")
    instant = {state: NOON if state == State.CLOSED else None for state in State}
    Case.objects.filter(pk=case.pk).exclude(state=old).update(state=old, closed_at=instant[old])

    def move() -> None:
        with transaction.atomic():
            Case.objects.filter(pk=case.pk).update(state=new, closed_at=instant[new])

    if (old, new) in TRANSITIONS:
        move()
    else:
        with pytest.raises(IntegrityError):
            move()
    assert Case.objects.get(pk=case.pk).state == (new if (old, new) in TRANSITIONS else old)


def test_every_state_can_be_reached_and_left():
    assert {new for _old, new in TRANSITIONS} == set(State) - {State.NEW}
    assert {old for old, _new in TRANSITIONS} == set(State)
    assert set(MOVES) == set(Move)


class CaseMachine(RuleBasedStateMachine):
    """Officers and customers do whatever they can think of, in any order."""

    def __init__(self, cast, opened) -> None:
        super().__init__()
        # Every walk begins with an empty queue, whatever the walks before left behind.
        WorkItem.objects.all().delete()
        self.cast, self.at = cast, NOON
        self.case = opened("A04", channel="phone")
        self.closings = 0

    def later(self):
        self.at += timedelta(minutes=7)
        return self.at

    def now(self) -> Case:
        return Case.objects.select_related("officer", "service").get(pk=self.case.pk)

    def server(self):
        return self.now().officer or self.cast.lin

    def attempt(self, action) -> None:
        """Refused where the table says so, carried out everywhere else."""
        with transaction.atomic():
            action()

    @precondition(lambda self: WorkItem.objects.filter(officer=None).exists())
    @rule()
    def somebody_takes_the_next(self) -> None:
        assert take_next(self.cast.lin, at=self.later()) is not None

    @rule(body=st.sampled_from(["謝謝", "還沒收到", "請問要多久?"]))
    def the_customer_writes(self, body) -> None:
        receive(self.case, body=body, channel="web", at=self.later())

    @rule()
    def an_officer_answers(self) -> None:
        self.tried(Move.REPLIED, lambda: reply(self.case, by=self.server(), body="您好", at=self.later()))

    @precondition(lambda self: self.now().is_open)
    @rule(data=st.data())
    def an_answer_keeps_what_the_officer_names(self, data) -> None:
        keeps = data.draw(st.lists(st.sampled_from(named(self.now())), unique=True)) if named(self.now()) else []
        reply(self.case, by=self.server(), body="這是答覆", keeps=tuple(keeps), reports=data.draw(st.booleans()),
              at=self.later())  # fmt: skip

    @rule()
    def nobody_answers_the_telephone(self) -> None:
        before = set(Promise.objects.about(self.case.ref).values_list("pk", "state"))
        first = self.now().first_replied_at
        call_missed(self.case, by=self.server(), body="沒有接通", at=self.later())
        assert set(Promise.objects.about(self.case.ref).values_list("pk", "state")) == before
        assert self.now().first_replied_at == first

    @precondition(lambda self: self.now().is_open)
    @rule(hours=st.integers(1, 30))
    def an_officer_promises_to_call(self, hours) -> None:
        at = self.later()
        given = Given("callback", at + timedelta(hours=hours))
        reply(self.case, by=self.server(), body="會再回電", given=given, at=at)

    @precondition(lambda self: self.now().is_open)
    @rule()
    def an_officer_calls_and_they_speak(self) -> None:
        reply(self.case, by=self.server(), body="已在電話中說明", channel="phone", at=self.later())

    @rule(hours=st.sampled_from([5, 40, 400]))
    def time_goes_by(self, hours) -> None:
        self.at += timedelta(hours=hours)

    @precondition(lambda self: self.now().wrote_at is not None)
    @rule()
    def it_was_only_thanks(self) -> None:
        no_answer_needed(self.case, by=self.server(), at=self.later())

    @rule()
    def a_colleague_notes(self) -> None:
        note(self.case, by=self.cast.chen, body="備註", at=self.later())

    @rule()
    def papers_are_asked_for(self) -> None:
        missing = [paper.code for paper in queries.checklist(self.now()) if paper.is_missing]
        if missing:
            self.tried(Move.PAPERS_REQUESTED, lambda: request_papers(
                self.case, by=self.server(), papers=missing, body="請補", again="還需要", at=self.later()
            ))  # fmt: skip

    @precondition(lambda self: self.now().papers.filter(received_at=None).exists())
    @rule()
    def a_paper_comes(self) -> None:
        paper = self.now().papers.filter(received_at=None).first()
        paper_received(self.case, paper=paper.code, by=self.server(), at=self.later())

    @precondition(lambda self: self.now().officer is not None)
    @rule()
    def it_is_handed_over(self) -> None:
        officer = self.now().officer
        to = self.cast.chen if officer == self.cast.lin else self.cast.lin
        self.tried(Move.TAKEN, lambda: hand_over(self.case, by=officer, to=to, reason="輪班", at=self.later()))

    @precondition(lambda self: self.now().officer is not None)
    @rule()
    def it_is_taken_back(self) -> None:
        self.tried(Move.TAKEN, lambda: take_back(self.case, by=self.server(), reason="重派", at=self.later()))

    @precondition(lambda self: self.now().officer is None)
    @rule()
    def it_is_given(self) -> None:
        self.tried(Move.TAKEN, lambda: assign(self.case, by=self.cast.chen, to=self.cast.chen, at=self.later()))

    @rule(reason=st.sampled_from(ClosingReason.values), said=st.sampled_from(["nothing", "released", "done"]))
    def it_is_closed(self, reason, said) -> None:
        case, at = self.now(), self.later()
        owed = list(Promise.objects.about(case.ref).owed().values_list("pk", flat=True))
        settled = [settlement for pk in owed if (settlement := self._settlement(pk, said))]
        act = lambda: close(self.case, by=self.server(), reason=reason, settled=settled, at=at)  # noqa: E731
        try:
            self.attempt(act)
        except Refused:
            assert not case.is_open or owed
            return
        assert case.is_open
        self.closings += 1

    def _settlement(self, promise: int, said: str) -> Settled | None:
        touch = self.case.touches.filter(direction="outbound").order_by("-at").first()
        if said == "nothing" or (said == "done" and touch is None):
            return None
        return Settled(promise=promise, touch=touch.pk) if said == "done" else Settled(promise=promise, words="不用了")

    @rule()
    def it_is_reopened(self) -> None:
        self.tried(Move.REOPENED, lambda: reopen(self.case, by=self.server(), reason="漏了", at=self.later()))

    def tried(self, move: Move, action) -> None:
        expected = MOVES[move].get(State(self.now().state))
        if expected is None:
            with pytest.raises(Refused):
                self.attempt(action)
        else:
            self.attempt(action)
            assert self.now().state == expected

    @invariant()
    def the_queue_says_the_same_as_the_case(self) -> None:
        case, item = self.now(), WorkItem.objects.filter(subject=str(self.case.ref)).first()
        assert (item is not None) == (case.is_open or case.wrote_at is not None)
        assert item is None or item.officer_id == case.officer_id

    @invariant()
    def the_nearest_due_instant_is_that_of_what_is_owed(self) -> None:
        case = self.now()
        running = Promise.objects.about(case.ref).owed().exclude(state="paused")
        assert case.due_at == min((promise.due_at for promise in running), default=FAR)
        assert case.is_open or not Promise.objects.about(case.ref).owed().exists()

    @invariant()
    def what_is_kept_was_kept_by_an_act_of_its_kind(self) -> None:
        for promise in Promise.objects.about(self.case.ref).exclude(act="", state="withdrawn"):
            if promise.state == "kept" or promise.act:
                assert promise.act in acts_of(promise)
                told = entry_of(promise.act_fact, Audience.STAFF)
                assert told.kind == "ReplySent" and told.happened_at <= promise.ended_at
                assert promise.act != "call_reached" or told.dims["channel"] == "phone"

    @invariant()
    def what_was_due_before_the_closing_is_never_called_kept_or_withdrawn(self) -> None:
        for promise in Promise.objects.about(self.case.ref).filter(pauses=None).exclude(ended_at=None):
            assert (promise.state == "broken") == (promise.ended_at > promise.due_at)

    @invariant()
    def the_counts_are_exact(self) -> None:
        assert sum(queries.standing().values()) == Case.objects.count()

    @invariant()
    def every_touch_and_closing_is_told(self) -> None:
        kinds = [entry.kind for entry in timeline(self.case.ref, Audience.STAFF, limit=500)]
        told = sum(kinds.count(kind) for kind in ("TouchReceived", "ReplySent", "NoteWritten", "CallMissed"))
        assert told == self.now().touch_count == self.now().touches.count()
        assert kinds.count("CaseClosed") == self.closings


def test_no_walk_leads_to_a_case_that_contradicts_itself(cast, opened):
    run_state_machine_as_test(
        lambda: CaseMachine(cast, opened), settings=settings(max_examples=12, stateful_step_count=14, deadline=None)
    )

    assert queries.standing()
