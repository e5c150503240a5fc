"""Nothing stays silently with somebody who leaves."""

from datetime import date, datetime, time, timedelta

import pytest
from django.urls import reverse

from shouxin.cases import actions
from shouxin.cases.jobs import ask_to_hand_over
from shouxin.cases.leaving import leavers, proposed
from shouxin.cases.models import Case, CaseLink
from shouxin.core.clock import day_of, now
from shouxin.core.guards import Refused
from shouxin.people import actions as people
from shouxin.people.models import Deputy, Notice, Staff, Team
from shouxin.people.succession import duties_of
from tests.cast import TAIPEI


@pytest.fixture
def held(cast, opened):
    """Three cases of Lin's, one of Chen's; the leader is Chou."""
    made = [opened("A15") for _ in range(4)]
    for case, to in zip(made, (cast.lin, cast.lin, cast.lin, cast.chen), strict=True):
        actions.assign(case, by=cast.chou, to=to)
    return [Case.objects.get(pk=case.pk) for case in made]


def test_a_last_day_in_the_future_is_worked_and_acts_when_it_is_over(cast):
    day = day_of(now()) + timedelta(days=30)
    people.leave(cast.lin, by=cast.hsu, on=day)

    assert Staff.objects.get(pk=cast.lin.pk).is_active
    midnight = datetime.combine(day + timedelta(days=1), time(), tzinfo=TAIPEI)
    assert people.end_departed(at=midnight - timedelta(minutes=1)) == 0
    assert Staff.objects.get(pk=cast.lin.pk).is_active, "they work on their last day"
    assert people.end_departed(at=midnight) == 1
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


def test_teams_and_those_they_stand_in_for_are_handed_over_in_the_same_step(cast, client):
    """Chou leads the team and stands in for Lin; the last day lies within that span."""
    day = day_of(now())
    last = day + timedelta(days=10)
    row = people.name_deputy(cast.lin, by=None, deputy=cast.chou, from_on=day, until_on=day + timedelta(days=20))
    people.leave(cast.chou, by=cast.hsu, on=last)
    client.force_login(cast.hsu)
    url = reverse("cases:handovers", args=["chou"])
    assert url in client.get("/people/staff/chou/").content.decode()
    page = client.get(url).content.decode()
    assert "誰來帶領申訴一組" in page and "誰來代理林佳穎" in page
    proposed_by = {duty.field: duty.to.account for duty in duties_of(cast.chou, cast.hsu, day)}
    assert proposed_by == {f"lead_{cast.complaints.pk}": "lin", f"deputy_{row.pk}": "chen"}

    chosen = {f"lead_{cast.complaints.pk}": cast.chen.pk, f"deputy_{row.pk}": cast.wu.pk}
    assert client.post(url, chosen | {"reason": "離職交接"}).status_code == 303

    assert Team.objects.get(code="complaints-1").leader == cast.chen
    spans = Deputy.objects.filter(staff=cast.lin).order_by("from_on").values_list("deputy", "from_on", "until_on")
    after = last + timedelta(days=1)
    assert list(spans) == [(cast.chou.pk, day, last), (cast.wu.pk, after, day + timedelta(days=20))]
    assert duties_of(Staff.objects.get(account="chou"), cast.hsu, after) == []


def test_nobody_hands_over_what_is_not_theirs_to_give(cast, client):
    people.leave(cast.chou, by=cast.hsu, on=day_of(now()) + timedelta(days=10))
    client.force_login(cast.chen)

    assert client.get(reverse("cases:handovers", args=["chou"])).status_code == 403
    assert duties_of(cast.chou, cast.chen, day_of(now())) == []


def test_a_team_whose_leader_left_at_once_is_still_handed_over(cast):
    people.leave(cast.chou, by=cast.hsu)

    gone = Staff.objects.get(account="chou")
    assert [duty.of for duty in duties_of(gone, cast.hsu, day_of(now()))] == [cast.complaints]


def test_who_loses_their_own_deputy_names_another_on_the_page_they_are_led_to(cast, client):
    day = day_of(now())
    row = people.name_deputy(cast.lin, by=None, deputy=cast.chou, from_on=day, until_on=day + timedelta(days=20))
    people.leave(cast.chou, by=cast.hsu, on=day + timedelta(days=10))
    client.force_login(cast.lin)
    url = reverse("cases:handovers", args=["chou"])
    assert url in client.get("/people/staff/chou/").content.decode()
    assert client.get(url).status_code == 200

    assert client.post(url, {f"deputy_{row.pk}": cast.chen.pk, "reason": "離職交接"}).status_code == 303

    found = Deputy.objects.filter(staff=cast.lin).order_by("from_on").values_list("deputy", "until_on")
    assert list(found) == [(cast.chou.pk, day + timedelta(days=10)), (cast.chen.pk, day + timedelta(days=20))]
