"""Who works on what."""

from datetime import timedelta

import pytest

from shouxin.cases.actions import assign, hand_over, take_back, take_next
from shouxin.cases.models import Case, WorkItem
from shouxin.core.audience import Audience
from shouxin.core.guards import Refused
from shouxin.core.rights import NotAllowed
from shouxin.record.queries import timeline
from tests.cast import NOON

LATER = NOON + timedelta(hours=1)


def test_take_next_gives_the_most_wanted_for_ones_skills(cast, opened):
    opened("A14")
    complaint = opened("A15", at=NOON - timedelta(days=2))

    item = take_next(cast.lin, at=LATER)

    assert item.subject == str(complaint.ref)
    complaint.refresh_from_db()
    assert (complaint.state, complaint.officer, complaint.team) == ("open", cast.lin, cast.complaints)


def test_nobody_is_given_what_they_cannot_serve(cast, opened):
    opened("A15")

    assert take_next(cast.chang, at=LATER) is None


def test_what_is_taken_is_not_given_again(cast, opened):
    opened("A15")

    assert take_next(cast.lin, at=LATER) is not None
    assert take_next(cast.chen, at=LATER) is None


def test_an_urgent_case_overtakes_those_that_are_due_a_little_earlier(cast, opened):
    opened("A15", at=NOON - timedelta(days=1))
    urgent = opened("A15", priority=1)

    assert take_next(cast.lin, at=LATER).subject == str(urgent.ref)


def test_taking_is_a_fact_with_the_time_the_case_waited(cast, opened):
    case = opened("A15")
    take_next(cast.lin, at=LATER)

    fact = next(e for e in timeline(case.ref, Audience.STAFF) if e.actor == cast.lin.ref)
    assert (fact.kind, fact.actor, fact.data["how"], fact.seconds) == ("CaseAssigned", cast.lin.ref, "taken", 3600)
    assert fact.dims["team"] == "complaints-1"


def test_a_team_leader_gives_a_case_to_somebody(cast, opened):
    case = opened("A15")

    assign(case, by=cast.chou, to=cast.chen, at=LATER)

    case.refresh_from_db()
    assert (case.state, case.officer) == ("open", cast.chen)
    assert WorkItem.objects.get().officer == cast.chen


def test_an_officer_does_not_give_cases_to_others(cast, opened):
    with pytest.raises(NotAllowed):
        assign(opened("A15"), by=cast.lin, to=cast.chen, at=LATER)

    assert Case.objects.get().officer is None


def test_handing_over_needs_a_reason(cast, opened):
    case = assign(opened("A15"), by=cast.lin, to=cast.lin, at=LATER)

    with pytest.raises(Refused):
        hand_over(case, by=cast.lin, to=cast.chen, reason=" ", at=LATER)

    hand_over(case, by=cast.lin, to=cast.chen, reason="我下週休假", at=LATER)
    case.refresh_from_db()
    assert case.officer == cast.chen
    fact = next(e for e in timeline(case.ref, Audience.STAFF) if e.actor == cast.lin.ref)
    assert (fact.kind, fact.data["to"], fact.data["former"]) == (
        "CaseHandedOver", str(cast.chen.ref), str(cast.lin.ref),
    )  # fmt: skip
    assert fact.content == {"reason": "我下週休假"}


def test_a_case_taken_back_waits_for_everybody_again(cast, opened):
    case = assign(opened("A15"), by=cast.lin, to=cast.lin, at=LATER)

    take_back(case, by=cast.chou, reason="林佳穎請病假", at=LATER)

    assert take_next(cast.chen, at=LATER).subject == str(case.ref)
    case.refresh_from_db()
    assert (case.officer, case.state) == (cast.chen, "open")


def test_a_colleague_elsewhere_hands_nothing_over(cast, opened):
    case = assign(opened("A15"), by=cast.lin, to=cast.lin, at=LATER)

    with pytest.raises(NotAllowed):
        hand_over(case, by=cast.chen, to=cast.chen, reason="我想接", at=LATER)

    case.refresh_from_db()
    assert case.officer == cast.lin
