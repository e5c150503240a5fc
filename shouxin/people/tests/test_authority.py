"""Whoever changes the way into an account needs the right to give what it may do."""

from datetime import date, timedelta

import pytest
from django.core import mail
from django.test import override_settings

from shouxin.core.audience import Audience
from shouxin.core.clock import now
from shouxin.core.guards import Refused
from shouxin.core.rights import NotAllowed
from shouxin.people import actions, jobs
from shouxin.people.models import Function, Notice, Staff
from shouxin.people.staff_import import import_staff
from shouxin.people.tests.test_session import resets_asked
from shouxin.record.queries import timeline
from shouxin.tables.columns import Row

IN_MEMORY = override_settings(EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend")
TODAY = date(2026, 11, 24)
EVIL = "hsu-private@evil.example"
WAYS_IN = {
    "address": lambda staff, by: actions.change(staff, by=by, email=EVIL),
    "post": lambda staff, by: actions.move(staff, by=by, post="CT", team=staff.team),
    "team": lambda staff, by: actions.move(staff, by=by, post=staff.post, team=None),
    "leaving": lambda staff, by: actions.leave(staff, by=by),
    "coming back": lambda staff, by: actions.come_back(staff, by=by),
    "password": lambda staff, by: actions.password_link(staff, by=by),
    "functions": lambda staff, by: actions.give_functions(staff, by=by, functions=["hr"]),
}


def held(staff: Staff) -> tuple:
    staff.refresh_from_db()
    return staff.email, staff.post, staff.team_id, staff.left_on, staff.is_active, staff.functions


@pytest.mark.parametrize("way", WAYS_IN)
@pytest.mark.parametrize("function", Function.values)
def test_hr_decides_over_nobody_who_holds_a_function(cast, function, way):
    actions.give_functions(cast.chang, by=cast.admin, functions=[function])
    before = held(cast.chang)

    with pytest.raises(NotAllowed):
        WAYS_IN[way](cast.chang, cast.hsu)

    assert held(cast.chang) == before


@pytest.mark.parametrize("way", [way for way in WAYS_IN if way != "functions"])
def test_hr_decides_over_colleagues_without_a_function_and_an_administrator_over_all(cast, way):
    for whom, by in ((cast.lin, cast.hsu), (cast.tsai, cast.admin)):
        WAYS_IN[way](whom, by)
        (entry,) = timeline(whom.ref, Audience.HR, viewer=whom.ref)
        assert entry.actor == by.ref


def test_the_form_says_at_the_field_what_an_administrator_has_to_do_and_keeps_the_words(cast, client):
    client.force_login(cast.hsu)
    about = {"name": "管理員", "email": EVIL, "post": "CT", "team": cast.calls.pk, "joined_on": "2020-03-02"}

    answer = client.send("/people/staff/admin/details/", about)

    assert answer.status_code == 422
    assert sorted(answer.context["form"].errors) == ["email", "post"]
    assert EVIL in answer.content.decode()
    assert held(cast.admin)[:2] == ("admin@shouxin.example", "SP")


def test_hr_still_mends_a_misspelt_name_of_an_administrator(cast, client):
    client.force_login(cast.hsu)
    about = {
        "name": "管理者",
        "email": cast.admin.email,
        "post": "SP",
        "team": cast.calls.pk,
        "joined_on": "2020-03-02",
    }

    assert client.send("/people/staff/admin/details/", about).status_code in {302, 303}
    cast.admin.refresh_from_db()
    assert cast.admin.name == "管理者"


def test_the_staff_import_refuses_the_row_by_name(cast):
    row = {"account": "admin", "name": "管理員", "email": EVIL, "post": "SP"}
    own = {"account": "hsu", "name": "許秀琴", "post": "TL"}

    for is_trial in (True, False):
        report = import_staff(
            [Row(2, says=dict(row)), Row(3, says=dict(own))], by=cast.hsu, today=TODAY, is_trial=is_trial
        )
        assert [line.outcome for line in report.lines] == ["rejected", "rejected"]
    assert held(cast.admin)[0] == "admin@shouxin.example"
    assert held(cast.hsu)[1] == "SP"


@pytest.mark.parametrize("who", ["hsu", "admin"])
def test_nobody_gives_themselves_another_post(cast, client, who):
    me = getattr(cast, who)
    client.force_login(me)
    about = {"name": me.name, "email": me.email, "post": "TL", "team": cast.calls.pk, "joined_on": "2020-03-02"}

    assert client.send(f"/people/staff/{who}/details/", about).status_code == 422
    with pytest.raises(NotAllowed):
        actions.move(me, by=me, post="TL", team=me.team)
    assert held(me)[1] == "SP"


@IN_MEMORY
def test_the_former_address_is_told_whoever_changed_it(cast):
    actions.change(cast.lin, by=cast.hsu, email="lin@new.example")
    jobs.tell_former_address(staff=cast.lin.pk)

    (letter,) = mail.outbox
    assert letter.to == ["lin@shouxin.example"]
    assert "系統管理員" in letter.body


@IN_MEMORY
def test_a_second_change_on_the_same_day_tells_the_address_from_before_the_first(cast):
    actions.change(cast.lin, by=cast.hsu, email=EVIL)
    actions.change(cast.lin, by=cast.hsu, email="other@evil.example")
    jobs.tell_former_address(staff=cast.lin.pk)

    assert [letter.to for letter in mail.outbox] == [["lin@shouxin.example"]]


def test_a_password_link_goes_to_no_address_of_less_than_a_day(cast, client):
    actions.change(cast.lin, by=cast.hsu, email=EVIL)
    client.post("/password/forgotten/", {"email": EVIL})
    assert resets_asked() == []

    Staff.objects.filter(pk=cast.lin.pk).update(email_changed_at=now() - timedelta(hours=24, seconds=1))
    client.post("/password/forgotten/", {"email": EVIL})
    assert resets_asked() == [cast.lin.pk]


def test_who_may_not_do_what_a_colleague_may_never_sees_their_link(cast, client):
    """A link on the screen of HR is a way to act as the team leader."""
    Staff.objects.filter(pk=cast.chou.pk).update(last_login=now())
    client.force_login(cast.hsu)

    page = client.post("/people/staff/chou/password-link/", follow=True).content.decode()

    assert "/password/new/" not in page
    assert resets_asked() == [cast.chou.pk]
    (entry,) = timeline(cast.chou.ref, Audience.HR, viewer=cast.chou.ref)
    assert (entry.kind, entry.actor, entry.is_mailed) == ("PasswordLinkGiven", cast.hsu.ref, True)
    assert Notice.objects.get(staff=cast.chou).text == "許秀琴 為您的帳號要求了一個重設密碼的連結。"


def test_an_administrator_sees_the_link_and_the_colleague_is_told(cast, client):
    Staff.objects.filter(pk=cast.chou.pk).update(last_login=now())
    client.force_login(cast.admin)

    page = client.post("/people/staff/chou/password-link/", follow=True).content.decode()

    assert "/password/new/" in page
    assert resets_asked() == []
    assert Notice.objects.get(staff=cast.chou).text == "管理員 為您的帳號要求了一個重設密碼的連結。"


def test_of_somebody_with_no_more_rights_the_first_link_is_shown_and_no_later_one(cast):
    cast.lin = actions.move(cast.lin, by=cast.admin, post="SP", team=cast.lin.team)
    assert "/password/new/" in actions.password_link(cast.lin, by=cast.hsu)

    Staff.objects.filter(pk=cast.lin.pk).update(last_login=now())
    cast.lin.refresh_from_db()
    assert actions.password_link(cast.lin, by=cast.hsu) == ""


@pytest.mark.parametrize("change", [{"email": ""}, {"email_changed_at": now()}])
def test_a_link_is_mailed_to_no_address_that_is_not_settled(cast, change):
    Staff.objects.filter(pk=cast.lin.pk).update(**change)
    cast.lin.refresh_from_db()

    with pytest.raises(Refused):
        actions.password_link(cast.lin, by=cast.hsu)

    assert resets_asked() == []


def test_the_buttons_that_would_be_refused_are_not_offered(cast, client):
    client.force_login(cast.hsu)

    assert "/people/staff/admin/password-link/" not in client.get("/people/staff/admin/").content.decode()
    assert "/people/staff/lin/password-link/" in client.get("/people/staff/lin/").content.decode()
