"""A promise that has ended, told to the customer: done, or no longer owed and why; never done where nothing was."""

from datetime import timedelta

import pytest
from django.utils import translation

from shouxin.cases.actions import assign, close, open_case, reply
from shouxin.cases.models import Case, Service
from shouxin.cases.rules import Claimant, Settled
from shouxin.jurisdictions.packs import packs
from shouxin.portal.promised import NO_LONGER_OWED, in_words
from shouxin.portal.reading import seen_by_customer
from shouxin.promises.actions import keep, withdraw
from shouxin.promises.door import WITHDRAWN_FOR
from shouxin.promises.firing import break_due
from shouxin.promises.given import Given
from shouxin.promises.models import Promise
from shouxin.promises.queries import clock_of
from tests.cast import NOON

DAY = timedelta(days=1)
LATE = NOON + 8 * DAY
CALLBACK = Given("callback", NOON + DAY)


@pytest.fixture
def case(cast) -> Case:
    case = open_case(
        by=None, at=NOON, service=Service.objects.get(pk="A14"), channel="web", subject="問題", body="請問。",
        branch=cast.taipei, claimant=Claimant(name="王雅婷", phone="0912345417"),
    )  # fmt: skip
    case = assign(case, by=cast.lin, to=cast.lin, at=NOON)
    reply(case, by=cast.lin, body="會回電", at=NOON, given=CALLBACK)
    return case


def callback(case: Case) -> Promise:
    return Promise.objects.about(case.ref).get(rule="given-callback")


@pytest.mark.parametrize("reason", sorted(NO_LONGER_OWED))
@pytest.mark.parametrize("was_late", [False, True])
def test_what_was_withdrawn_is_never_told_as_done(case, reason, was_late):
    at = LATE if was_late else NOON + DAY / 2
    ended = withdraw(callback(case), at=at, reason=reason)

    told = in_words(clock_of(ended, LATE)).left_text

    late = "我們晚了 7 日，對不起。" if was_late else ""
    assert (told, "做到" in told) == (late + str(NO_LONGER_OWED[reason]), False)


def test_a_late_call_that_was_made_is_told_as_done(case):
    break_due(LATE)
    told = in_words(clock_of(keep(callback(case), at=LATE), LATE + DAY))

    assert told.left_text == "晚了 7 日才做到，對不起。"


def test_a_broken_promise_that_the_customer_released_says_so_with_their_words(cast, case):
    enquiry = Promise.objects.about(case.ref).get(rule="CO-06")
    settled = [
        Settled(promise=enquiry.pk, words="我問到了"), Settled(promise=callback(case).pk, words="不用打了"),
    ]  # fmt: skip
    close(case, by=cast.lin, reason="answered", at=LATE, settled=settled)
    case = Case.objects.get(pk=case.pk)
    seen = {clock.reading.promise.rule: clock for clock in seen_by_customer(case, LATE, with_words=True).clocks}

    told = seen["given-callback"]
    assert (told.title, told.left_text) == ("回電給您", "我們晚了 7 日，對不起。您說不用了。")
    assert told.detail[-1] == "您說：「不用打了」"
    locked = seen_by_customer(case, LATE, with_words=False).clocks
    assert not any("不用打了" in line for clock in locked for line in clock.detail)


def test_an_answer_that_is_no_longer_owed_is_no_lateness(case):
    enquiry = Promise.objects.about(case.ref).get(rule="CO-06")
    withdraw(enquiry, at=LATE, reason="released")
    withdraw(callback(case), at=LATE, reason="released")

    assert seen_by_customer(Case.objects.get(pk=case.pk), LATE, with_words=False).late is None


def test_every_reason_there_is_has_words_for_the_customer():
    voids = {event for each in packs() for rule in each.rules for event in rule.void_by}

    assert set(NO_LONGER_OWED) == set(WITHDRAWN_FOR) | voids
    for language in ("zh-hant", "zh-hans", "en"):
        with translation.override(language):
            assert len({str(text) for text in NO_LONGER_OWED.values()}) == len(NO_LONGER_OWED)
