from datetime import date

import pytest
from django.db import IntegrityError, transaction

from shouxin.core.audience import Audience
from shouxin.core.guards import Refused
from shouxin.core.rights import NotAllowed
from shouxin.people import actions
from shouxin.people.models import Skill, Staff
from shouxin.people.queries import colleagues, deputies_on
from shouxin.record.queries import timeline
from tests.cast import NOON

TODAY = date(2026, 11, 24)


def told(staff: Staff, audience: Audience = Audience.HR) -> list[str]:
    return [entry.kind for entry in timeline(staff.ref, audience, viewer=staff.ref)]


def test_hr_takes_somebody_on_and_the_record_says_so(cast):
    newcomer = actions.NewStaff(account="Fang", name="方雅雯", post="CC", team=cast.calls, joined_on=TODAY)

    staff = actions.join(newcomer, by=cast.hsu, at=NOON)

    (entry,) = timeline(staff.ref, Audience.STAFF)
    assert (entry.kind, entry.actor, entry.team, entry.post) == ("StaffJoined", cast.hsu.ref, "calls-1", "CC")
    assert staff.account == "fang" and not staff.has_usable_password()


def test_an_officer_cannot_take_anybody_on(cast):
    with pytest.raises(NotAllowed):
        actions.join(actions.NewStaff(account="x", name="某", post="CC", joined_on=TODAY), by=cast.lin)

    assert not Staff.objects.filter(account="x").exists()


def test_hr_cannot_make_an_administrator(cast):
    with pytest.raises(NotAllowed):
        actions.give_functions(cast.hsu, by=cast.hsu, functions=["hr", "admin"])

    cast.hsu.refresh_from_db()
    assert cast.hsu.functions == ["hr"]


def test_the_last_administrator_stays(cast):
    with pytest.raises(Refused):
        actions.leave(cast.admin, by=cast.admin)
    with pytest.raises(Refused):
        actions.give_functions(cast.admin, by=cast.admin, functions=[])

    cast.admin.refresh_from_db()
    assert cast.admin.is_active and cast.admin.functions == ["admin"]


def test_a_leader_who_leaves_leads_no_team_and_cannot_sign_in(cast, client):
    actions.leave(cast.chou, by=cast.hsu, on=TODAY, at=NOON)

    cast.complaints.refresh_from_db()
    cast.chou.refresh_from_db()
    assert cast.complaints.leader is None
    assert (cast.chou.left_on, cast.chou.is_active) == (TODAY, False)
    assert cast.chou not in colleagues()
    assert told(cast.chou) == ["StaffLeft"]


def test_a_move_tells_where_from_and_carries_where_to(cast):
    actions.move(cast.lin, by=cast.hsu, post="CC", team=cast.calls, at=NOON)

    (entry,) = timeline(cast.lin.ref, Audience.STAFF)
    assert (entry.from_post, entry.from_team, entry.post, entry.team) == ("EC", "complaints-1", "CC", "calls-1")


def test_moving_nowhere_records_nothing(cast):
    actions.move(cast.lin, by=cast.hsu, post="EC", team=cast.complaints)

    assert told(cast.lin) == []


def test_a_leader_grants_skills_in_the_own_team_alone(cast):
    claim = Skill.objects.get(code="claim")

    actions.set_skills(cast.chen, by=cast.chou, skills=[claim], at=NOON)

    assert [skill.code for skill in cast.chen.skills.all()] == ["claim"]
    assert sorted(told(cast.chen)) == ["SkillGranted", "SkillWithdrawn", "SkillWithdrawn"]
    with pytest.raises(NotAllowed):
        actions.set_skills(cast.huang, by=cast.chou, skills=[claim])


def test_a_deputy_stands_in_on_the_days_named_and_while_he_is_here(cast):
    actions.name_deputy(cast.lin, by=cast.lin, deputy=cast.chen, from_on=TODAY, until_on=date(2026, 11, 27), at=NOON)

    assert deputies_on(cast.lin, TODAY) == [cast.chen]
    assert deputies_on(cast.lin, date(2026, 11, 28)) == []
    actions.leave(cast.chen, by=cast.hsu, on=TODAY)
    assert deputies_on(cast.lin, TODAY) == []


def test_nobody_is_his_own_deputy(cast):
    with pytest.raises(IntegrityError), transaction.atomic():
        actions.name_deputy(cast.lin, by=cast.lin, deputy=cast.lin, from_on=TODAY, until_on=TODAY)


def test_how_pages_look_to_me_is_not_recorded_but_my_mail_is(cast):
    actions.change(cast.lin, by=cast.lin, theme="dark")
    assert told(cast.lin) == []

    actions.change(cast.lin, by=cast.lin, email="chia@shouxin.example")
    assert told(cast.lin) == ["StaffChanged"]


def test_a_colleague_cannot_change_my_name(cast):
    with pytest.raises(NotAllowed):
        actions.change(cast.lin, by=cast.lin, name="林佳影")

    cast.lin.refresh_from_db()
    assert cast.lin.name == "林佳穎"


def test_hr_cannot_give_itself_a_link_into_the_administrators_account(cast):
    with pytest.raises(NotAllowed):
        actions.password_link(cast.admin, by=cast.hsu)

    assert told(cast.admin) == []
