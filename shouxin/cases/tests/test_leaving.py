"""Nothing stays silently with somebody who leaves."""

from datetime import date, timedelta

import pytest

from shouxin.cases import actions
from shouxin.cases.jobs import ask_to_hand_over
from shouxin.cases.leaving import leavers, proposed
from shouxin.cases.models import Case, CaseLink
from shouxin.core.clock import day_of, now
from shouxin.core.guards import Refused
from shouxin.people import actions as people
from shouxin.people.models import Notice, Staff


@pytest.fixture
def held(cast, opened):
    """Three cases of Lin's, one of Chen's; the leader is Chou."""
    made = [opened("A15") for _ in range(4)]
    for case, to in zip(made, (cast.lin, cast.lin, cast.lin, cast.chen), strict=True):
        actions.assign(case, by=cast.chou, to=to)
    return [Case.objects.get(pk=case.pk) for case in made]


def test_a_last_day_in_the_future_acts_on_that_day(cast):
    day = day_of(now()) + timedelta(days=30)
    people.leave(cast.lin, by=cast.hsu, on=day)

    assert Staff.objects.get(pk=cast.lin.pk).is_active
    assert people.end_departed(at=now() + timedelta(days=29)) == 0
    assert people.end_departed(at=now() + timedelta(days=30)) == 1
    assert not Staff.objects.get(pk=cast.lin.pk).is_active


def test_the_leader_is_asked_and_hands_over_everything_in_one_step(cast, held, client):
    people.leave(cast.lin, by=cast.hsu)
    ask_to_hand_over(1, {"subject": str(cast.lin.ref), "left_on": "2026-11-24"})
    ask_to_hand_over(1, {"subject": str(cast.lin.ref), "left_on": "2026-11-24"})

    notice = Notice.objects.get()
    assert (notice.staff, notice.text) == (cast.chou, "林佳穎要離職了：請交接 3 件未結案件。")
    assert [(staff.account, count) for staff, count in leavers(cast.chou)] == [("lin", 3)]
    client.force_login(cast.chou)
    assert notice.url in client.get("/").content.decode()
    plan = {f"to_{each.case.pk}": str(each.to.pk) for each in proposed(cast.lin, cast.chou)}
    assert client.post(notice.url, plan | {"reason": "離職交接"}).status_code == 303

    assert not Case.objects.filter(officer=cast.lin).exists()
    assert leavers(cast.chou) == []


def test_a_proposal_spreads_by_load_among_those_who_can(cast, held):
    people.leave(cast.lin, by=cast.hsu)

    assert [each.to.account for each in proposed(cast.lin, cast.chou)] == ["chou", "chen", "chou"]


def test_who_leads_another_team_hands_over_nothing_here(cast, held):
    other = people.join(
        people.NewStaff(account="tl2", name="外組", post="TL", team=cast.south, joined_on=date(2020, 1, 1)), by=None
    )
    people.leave(cast.lin, by=cast.hsu)

    assert proposed(cast.lin, other) == []


def test_a_case_taken_first_by_somebody_else_is_told_so(cast, held):
    with pytest.raises(Refused, match="林佳穎"):
        actions.assign(held[0], by=cast.chen, to=cast.chen)


def test_linking_again_as_a_duplicate_changes_the_kind(cast, held):
    actions.link(held[0], by=cast.lin, other=held[1])
    actions.link(held[1], by=cast.lin, other=held[0], kind="duplicate")
    actions.link(held[1], by=None, other=held[0])

    assert [link.kind for link in CaseLink.objects.all()] == ["duplicate"]
