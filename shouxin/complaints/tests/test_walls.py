"""Whoever is complained of meets the complaint nowhere: not as officer, leader, deputy, nor as a reader."""

from datetime import timedelta

import pytest
from django.urls import reverse

from shouxin.cases import queries
from shouxin.cases.actions import assign, close, hand_over, link, note, open_case, reopen, reply, take_next
from shouxin.cases.desk import Looking, desk
from shouxin.cases.models import Case, Service, WorkItem
from shouxin.cases.rules import Claimant, Settled
from shouxin.cases.searching import search
from shouxin.complaints import actions
from shouxin.complaints.models import Against
from shouxin.core.guards import Refused
from shouxin.core.refs import Ref
from shouxin.core.rights import NotAllowed
from shouxin.people.models import Deputy
from shouxin.people.sight import seen_by
from shouxin.promises.models import Promise
from tests.cast import NOON

LATER = NOON + timedelta(hours=1)


def opened(cast, **about) -> Case:
    return open_case(
        by=None, at=NOON, service=Service.objects.get(pk="A15"), channel="web", subject="態度惡劣", body="對我大吼。",
        branch=cast.taipei, claimant=Claimant(name="王雅婷", phone="0912345417"), **about,
    )  # fmt: skip


def aimed(case: Case, cast, at_whom) -> Case:
    """Somebody else who may says whom it is against."""
    actions.aim(
        actions.ensure_complaint(case), by=cast.chou, target=actions.Target(kind=Against.STAFF, staff=at_whom), at=LATER
    )
    return Case.objects.with_people().get(pk=case.pk)


@pytest.fixture
def against_lin(cast) -> Case:
    """A complaint that lin served until it turned out to be about her."""
    return aimed(assign(opened(cast), by=cast.chou, to=cast.lin, at=NOON), cast, cast.lin)


def test_the_officer_it_is_against_loses_the_case_at_once(against_lin, cast):
    assert (against_lin.officer, against_lin.state) == (None, "open")
    assert WorkItem.objects.get(subject=str(against_lin.ref)).officer is None
    assert take_next(cast.lin, at=LATER) is None
    assert take_next(cast.chen, at=LATER).subject == str(against_lin.ref)


@pytest.mark.parametrize("what", ["page", "timeline"])
def test_the_pages_of_the_case_are_not_there_for_them(against_lin, cast, client, what):
    client.force_login(cast.lin)

    assert client.get(reverse(f"cases:{what}", args=[against_lin.number])).status_code == 404
    assert client.get(reverse("complaints:complaint", args=[against_lin.number])).status_code == 404


def test_they_neither_note_nor_answer_nor_hand_over_nor_take_nor_get_it(against_lin, cast):
    for act in (
        lambda: note(against_lin, by=cast.lin, body="我沒有大吼"),
        lambda: reply(against_lin, by=cast.lin, body="您誤會了"),
        lambda: hand_over(against_lin, by=cast.lin, to=cast.chen, reason="避嫌"),
        lambda: assign(against_lin, by=cast.lin, to=cast.lin),
        lambda: assign(against_lin, by=cast.chou, to=cast.lin),
        lambda: close(against_lin, by=cast.lin, reason="answered"),
    ):
        with pytest.raises(NotAllowed):
            act()
    taken = assign(against_lin, by=cast.chou, to=cast.chen, at=LATER)
    with pytest.raises(Refused):
        hand_over(taken, by=cast.chen, to=cast.lin, reason="她知道這件事")


def test_neither_as_a_leader_nor_as_a_deputy(cast):
    case = aimed(assign(opened(cast), by=cast.chou, to=cast.chen, at=NOON), cast, cast.chou)
    Deputy.objects.create(staff=cast.chen, deputy=cast.chou, from_on=NOON.date(), until_on=NOON.date())

    for act in (lambda: note(case, by=cast.chou, body="x"), lambda: reply(case, by=cast.chou, body="x", at=LATER)):
        with pytest.raises(NotAllowed):
            act()


def test_they_find_it_in_no_list_no_count_no_search_and_no_history(against_lin, cast):
    link(other := opened(cast), by=cast.chou, other=against_lin)

    def finds(staff) -> tuple:
        listed = desk(staff, Looking(of="all"), at=LATER)
        return (
            [row.case for group in listed.groups for row in group.rows if row.case == against_lin],
            queries.counts_of(staff, ["all"])["all"],
            [case for case in search(staff, "對我大吼") if case == against_lin],
            seen_by(staff, [against_lin.ref, Ref("case", other.pk)]) - {other.ref},
            [found for found, _link in queries.links_of(other, staff)],
        )

    assert finds(cast.lin) == ([], "1", [], set(), [])
    assert finds(cast.chen) == ([against_lin], "2", [against_lin], {against_lin.ref}, [against_lin])


def test_a_link_to_it_is_not_told_of_in_the_story_of_the_other_case(against_lin, cast, client):
    link(other := opened(cast), by=cast.chou, other=against_lin)
    url = reverse("cases:page", args=[other.number])

    client.force_login(cast.lin)
    assert against_lin.number not in client.get(url).content.decode()
    client.force_login(cast.chen)
    assert against_lin.number in client.get(url).content.decode()


def test_the_wall_falls_when_it_turns_out_to_be_about_somebody_else(against_lin, cast):
    case = aimed(against_lin, cast, cast.chen)

    assert (case.keeps_out(cast.lin), case.keeps_out(cast.chen)) == (False, True)
    assert assign(case, by=cast.chou, to=cast.lin, at=LATER).officer == cast.lin


def test_a_closed_case_that_opens_again_does_not_go_back_to_them(cast):
    from shouxin.cases.actions import receive

    case = assign(
        opened(
            cast,
        ),
        by=cast.chou,
        to=cast.lin,
        at=NOON,
    )
    complaint = actions.ensure_complaint(case)
    actions.classify(complaint, by=cast.lin, answers=actions.Answers(False, False, True, False), at=NOON)
    owed = Promise.objects.about(case.ref).owed()
    settled = [Settled(promise=each.pk, words="我自己查到了，不用再辦。", at=LATER) for each in owed]
    close(case, by=cast.lin, reason="answered", settled=settled, at=LATER)
    aimed(case, cast, cast.lin)

    receive(case, body="我還是要申訴她", channel="web", at=LATER + timedelta(hours=1))

    case = Case.objects.get(pk=case.pk)
    assert (case.officer, WorkItem.objects.get(subject=str(case.ref)).officer) == (None, None)
    with pytest.raises(NotAllowed):
        reopen(case, by=cast.lin, reason="x")
