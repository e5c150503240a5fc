"""Making, pausing, lengthening, keeping: what is written, what is recorded, what is refused."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation

from shouxin.core.audience import Audience
from shouxin.core.guards import Refused
from shouxin.jurisdictions.acts import Act
from shouxin.jurisdictions.packs import pack
from shouxin.jurisdictions.queries import calendar_of
from shouxin.promises.actions import (
    Making,
    break_overdue,
    carry,
    extend,
    keep,
    make_many,
    pause,
    pause_about,
    restart,
    resume,
    resume_about,
    settle,
    withdraw,
)
from shouxin.promises.firing import break_due
from shouxin.promises.given import Given
from shouxin.promises.making import drawn_up
from shouxin.promises.models import Promise, PromiseDue, State
from shouxin.promises.terms import acts_of
from shouxin.promises.tests.stories import (
    CALLBACK,
    CASE,
    CHOU,
    COMPLAINT,
    KEY,
    LIN,
    PERSONAL_DATA,
    SERVICING,
    WANG,
    at,
    promised,
    told,
)  # fmt: skip
from shouxin.record.erasing import erase

pytestmark = pytest.mark.django_db
MOMENT = timedelta(microseconds=1)


def test_a_promise_keeps_its_own_copy_of_the_rule_and_tells_the_record():
    promise = promised()
    assert promise.due_at == at("12-23", "00:00") and promise.state == State.RUNNING
    assert (promise.rule, promise.rule_version, promise.title) == ("TW-14", COMPLAINT.version, "申訴處理並回覆")
    assert promise.terms["limit"] == 30 and promise.audience == "customer"
    (made,) = told()
    assert (made["kind"], made["subject"], made["actor"]) == ("PromiseMade", "case:4517", "staff:1")
    assert (made["rule"], made["team"], made["jurisdiction"]) == ("TW-14", "complaints-1", "TW")
    assert made["data"]["promise"] == promise.pk and made["data"]["officer"] == "staff:1"
    assert "audience" not in made["data"] and made["audience"] == "customer"


def test_many_promises_cost_as_many_statements_as_one(django_assert_num_queries):
    """One to know that the calendar is still the same, three to write; one due soon rings the bell as well."""
    calendar_of(KEY)
    about = {"subject": CASE, "start_at": at("11-22", "20:41", year=2090), "calendar_key": KEY}
    for rules in ([COMPLAINT], [COMPLAINT, SERVICING, CALLBACK]):
        with django_assert_num_queries(4):
            made = make_many([Making(rule=rule, **about) for rule in rules])
        assert [each.rule for each in made] == [rule.id for rule in rules]


def test_nothing_to_promise_makes_nothing():
    assert make_many([]) == [] and told() == []


def test_our_own_word_is_due_at_the_instant_an_officer_names():
    promise = promised(Given("callback", at("11-24", "15:00")), start_at=at("11-24", "14:40"))
    assert promise.due_at == at("11-24", "15:00") and promise.warn_at == at("11-24", "14:55")
    assert (promise.rule, promise.title, promise.jurisdiction) == ("given-callback", "回電給您", "company")
    with pytest.raises(ValueError, match="ahead"):
        promised(Given("callback", at("11-24", "14:00")), start_at=at("11-24", "14:40"))
    with pytest.raises(ValueError, match="sing"):
        Given("sing", at("11-24", "15:00"))


def test_a_promise_is_as_confidential_as_its_rule():
    secret = promised(replace(COMPLAINT, audience=Audience.COMPLIANCE))
    assert told("PromiseMade")[0]["audience"] == secret.audience == "compliance"
    assert list(Promise.objects.visible_to(Audience.CUSTOMER)) == []


def test_a_pause_adds_the_working_days_it_lasted():
    promise = promised(SERVICING, start_at=at("11-23"))  # a Monday; due on Thursday
    assert promise.due_at == at("11-27", "00:00")
    pause(promise, at=at("11-23", "16:20"), reason="waiting_for_papers", waiting_for="王小姐補診斷證明書", by=LIN)
    assert promise.state == State.PAUSED
    resume(promise, at=at("11-25", "11:00"), by=LIN)
    assert promise.state == State.RUNNING and promise.due_at == at("12-01", "00:00")
    moved = PromiseDue.objects.get(promise=promise)
    assert (moved.old, moved.new, moved.why) == (at("11-27", "00:00"), at("12-01", "00:00"), "resumed")
    paused, resumed = told("PromisePaused", "PromiseResumed")
    assert "王小姐" not in str(paused["data"]) and paused["working_seconds"] == 5 * 3600 + 20 * 60
    assert resumed["seconds"] == 42 * 3600 + 40 * 60 and resumed["data"]["due_at"] == "2026-12-01T00:00:00+08:00"


def test_a_clock_is_paused_only_for_a_reason_its_rule_knows():
    with pytest.raises(Refused):
        pause(promised(), at=at("11-24"), reason="waiting_for_papers")
    ended = keep(promised(SERVICING, start_at=at("11-23")), at=at("11-24"))
    with pytest.raises(Refused):
        pause(ended, at=at("11-24", "11:00"), reason="waiting_for_papers")


def test_pausing_a_case_pauses_what_may_be_paused_and_resuming_wakes_it():
    statutory, company = promised(start_at=at("11-23")), promised(SERVICING, start_at=at("11-23"))
    assert pause_about(CASE, at=at("11-24"), reason="waiting_for_papers") == [company]
    statutory.refresh_from_db()
    assert statutory.state == State.RUNNING
    assert resume_about(CASE, at=at("11-25"), reason="waiting_for_customer") == []
    assert resume_about(CASE, at=at("11-25"), reason="waiting_for_papers") == [company]
    company.refresh_from_db()
    assert company.state == State.RUNNING and company.due_at == at("11-28", "00:00")


def test_resuming_what_runs_changes_nothing():
    promise = promised()
    resume(promise, at=at("11-24"))
    assert promise.state == State.RUNNING and not told("PromiseResumed")


def test_a_term_is_lengthened_once_by_each_step_of_its_rule():
    promise = promised(PERSONAL_DATA, start_at=at("11-02"))
    assert promise.due_at == at("11-18", "00:00")
    with pytest.raises(Refused, match=r"."):
        extend(promise, step="reasons_in_writing", at=at("11-10"), reason="", by=LIN)
    extend(promise, step="reasons_in_writing", at=at("11-10"), reason="資料散在三個分公司", by=LIN)
    assert promise.due_at == at("12-03", "00:00")
    for step in ("reasons_in_writing", "because_we_like"):
        with pytest.raises(Refused):
            extend(promise, step=step, at=at("11-11"), reason="再等等", by=LIN)
    (extended,) = told("PromiseExtended")
    assert extended["data"]["due_before"] == "2026-11-18T00:00:00+08:00" and "分公司" not in str(extended["data"])


def test_erasing_the_words_reaches_whom_we_waited_for():
    """Of one fact, and of a person; the promise and its pauses stay."""
    one, other = (promised(SERVICING, start_at=at("11-23")) for _ in range(2))
    rows = [pause(each, at=at("11-24"), reason="waiting_for_papers", waiting_for="王小姐") for each in (one, other)]
    erase([rows[0].fact], by=LIN, reason="asked for")
    assert [each.pauses.get().waiting_for for each in (one, other)] == ["", "王小姐"]
    erase(WANG, by=LIN, reason="asked for")
    assert other.pauses.get().waiting_for == "" and other.state == State.PAUSED


def test_no_term_is_lengthened_after_it_ended():
    with pytest.raises(Refused):
        extend(promised(PERSONAL_DATA, start_at=at("11-02")), step="reasons_in_writing", at=at("11-18"), reason="太晚")


def test_a_promise_is_kept_with_the_time_it_took():
    promise = keep(promised(SERVICING, start_at=at("11-23")), at=at("11-24", "10:00"), by=LIN)
    assert (promise.state, promise.ended_at, promise.ended_by) == (State.KEPT, at("11-24", "10:00"), "staff:1")
    (kept,) = told("PromiseKept")
    assert (kept["outcome"], kept["seconds"], kept["working_seconds"]) == ("kept", 86400, 27000)
    keep(promise, at=at("11-25"), by=CHOU)
    assert promise.ended_by == "staff:1" and len(told("PromiseKept")) == 1


def test_the_due_instant_itself_is_in_time():
    assert keep(promised(CALLBACK, start_at=at("11-24")), at=at("11-24", "12:00")).state == State.KEPT
    late = keep(promised(CALLBACK, start_at=at("11-24")), at=at("11-24", "12:01"))
    assert late.state == State.BROKEN


def test_a_late_answer_is_a_breach_made_good():
    promise = keep(promised(CALLBACK, start_at=at("11-24")), at=at("11-24", "15:00"), by=LIN)
    assert (promise.state, promise.broken_at, promise.ended_at) == (
        State.BROKEN,
        at("11-24", "12:00"),
        at("11-24", "15:00"),
    )
    broken, good = told("PromiseBroken", "PromiseMadeGood")
    assert broken["happened_at"] == at("11-24", "12:00") and broken["working_seconds"] == 7200
    assert (good["outcome"], good["data"]["late_seconds"], good["working_seconds"]) == ("late", 3 * 3600, 4 * 3600)


def test_a_promise_kept_while_paused_is_kept():
    promise = promised(SERVICING, start_at=at("11-23"))
    pause(promise, at=at("11-24"), reason="waiting_for_papers")
    keep(promise, at=at("12-15"), by=LIN)
    assert promise.state == State.KEPT and promise.pauses.get().resumed_at == at("12-15")
    assert told("PromiseKept")[0]["working_seconds"] == 27000


def test_news_that_came_late_corrects_the_breach():
    promise = promised(CALLBACK, start_at=at("11-24"))
    assert break_due(at("11-24", "12:01")) == 1
    keep(promise, at=at("11-24", "11:50"), by=LIN)
    assert promise.state == State.KEPT and promise.broken_at is None
    broken, kept = told("PromiseBroken", "PromiseKept")
    assert kept["corrects"] == broken["id"]


def test_settling_ends_each_as_it_stands():
    late, kept = promised(start_at=at("10-24")), promised(start_at=at("11-24"))
    done = settle([kept, late], at=at("11-24", "13:00"), act=Act.FINAL_LETTER, by=LIN, fact=17)
    assert [(each.state, each.act, each.act_fact) for each in done] == [
        (State.BROKEN, "final_letter", 17), (State.KEPT, "final_letter", 17)
    ]  # fmt: skip
    assert [each["data"]["act"] for each in told("PromiseKept", "PromiseMadeGood")] == ["final_letter"] * 2


def test_an_act_its_rule_does_not_name_keeps_nothing():
    promise = promised(CALLBACK, start_at=at("11-24"))
    with pytest.raises(ValueError, match="CO-02 is not kept by"):
        settle([promise], at=at("11-24"), act=Act.REPLY)
    promise.refresh_from_db()
    assert promise.state == State.RUNNING and told("PromiseKept") == []


def test_what_fell_due_is_broken_whatever_ends_it_later_and_nobody_waits_any_more():
    promise = promised(SERVICING, start_at=at("11-23"))
    due_at = promise.due_at
    ended = withdraw(promise, at=at("12-05"), reason="not_ours", by=CHOU)
    assert (ended.state, ended.broken_at, ended.ended_at, ended.ended_reason) == (
        State.BROKEN, due_at, at("12-05"), "not_ours"
    )  # fmt: skip
    assert [each["happened_at"] for each in told("PromiseBroken", "PromiseWithdrawn")] == [due_at, at("12-05")]
    assert not Promise.objects.about(CASE).owed().exists()
    assert withdraw(ended, at=at("12-06"), reason="released").ended_reason == "not_ours"


def test_the_breach_stays_with_whoever_answered_for_it_when_it_fell_due():
    promise = promised(SERVICING, start_at=at("11-23"))
    assert carry(CASE, {"officer": str(CHOU)}, at=at("12-05")) == 1
    (broken,) = told("PromiseBroken")
    assert (broken["happened_at"], broken["data"]["officer"]) == (promise.due_at, str(LIN))
    assert break_due(at("12-06")) == 0


def test_what_is_due_at_this_very_instant_is_not_broken_yet():
    promise = promised(SERVICING, start_at=at("11-23"))
    assert break_overdue(CASE, at=promise.due_at) == []
    assert [each.pk for each in break_overdue(CASE, at=promise.due_at + MOMENT)] == [promise.pk]


def test_a_withdrawn_promise_is_owed_no_longer():
    promise = promised(SERVICING, start_at=at("11-23"))
    pause(promise, at=at("11-24"), reason="waiting_for_papers")
    withdraw(promise, at=at("11-25"), reason="customer_withdrew", by=LIN)
    assert promise.state == State.WITHDRAWN and not promise.pauses.filter(resumed_at=None).exists()
    assert told("PromiseWithdrawn")[0]["outcome"] == "withdrawn"
    kept = withdraw(keep(promised(), at=at("11-24")), at=at("11-25"), reason="too_late")
    assert kept.state == State.KEPT


def test_new_facts_begin_the_term_anew_where_the_rule_says_so():
    mainland = pack("CN").rule("CN-12")
    old = promised(mainland, start_at=at("11-02"), calendar_key="CN:")
    new = restart(old, at=at("11-10"), by=LIN)
    assert (old.state, old.ended_reason) == (State.WITHDRAWN, "restarted")
    assert (new.rule, new.start_at, new.subject, new.person) == ("CN-12", at("11-10"), old.subject, old.person)
    assert new.due_at == at("11-26", "00:00") and new.dims == old.dims
    for refused in (promised(SERVICING, start_at=at("11-23")), old):
        with pytest.raises(Refused):
            restart(refused, at=at("11-24"))


def test_the_last_step_needs_another_person_who_approves():
    promise = promised(pack("CN").rule("CN-12"), start_at=at("11-02"), calendar_key="CN:")
    with pytest.raises(Refused, match="only after the first"), translation.override("en"):
        extend(promise, step="CN-14", at=at("11-10"), reason="案情複雜", by=LIN, approver=CHOU)
    extend(promise, step="CN-13", at=at("11-09"), reason="案情複雜", by=LIN)
    for approver in (None, LIN):
        with pytest.raises(Refused):
            extend(promise, step="CN-14", at=at("11-10"), reason="案情複雜", by=LIN, approver=approver)
    extend(promise, step="CN-14", at=at("11-10"), reason="案情複雜", by=LIN, approver=CHOU)
    # 60 natural days end on New Year's Day, and stay there.
    assert promise.due_at == at("01-02", "00:00", year=2027)
    assert promise.extensions.get(step="CN-14").approver == str(CHOU)


def test_a_second_request_for_documents_does_not_stop_the_clock_again():
    promise = promised(pack("CN").rule("CN-02"), start_at=at("03-02"), calendar_key="CN:")
    pause(promise, at=at("03-05"), reason="papers_notice", by=LIN)
    resume(promise, at=at("03-12"), by=LIN)
    with pytest.raises(Refused):
        pause(promise, at=at("03-20"), reason="papers_notice", by=LIN)
    assert pause_about(CASE, at=at("03-20"), reason="papers_notice", by=LIN) == []
    promise.refresh_from_db()
    assert promise.due_at == at("04-09", "00:00")  # 30 days end on 04-01, seven days were deducted


def test_what_is_owed_goes_with_the_case():
    promise, done = promised(start_at=at("11-23")), keep(promised(start_at=at("11-23")), at=at("11-24"))
    assert carry(CASE, {"team": "south", "officer": str(CHOU)}, at=at("11-24")) == 1
    promise.refresh_from_db()
    done.refresh_from_db()
    assert (promise.dims["team"], promise.dims["officer"], promise.dims["post"]) == ("south", "staff:2", "EC")
    assert done.dims["team"] == "complaints-1"


@pytest.mark.parametrize(
    "change",
    [
        {"terms": {}},
        {"rule_version": 9},
        {"start_at": at("11-01")},
        {"due_at": at("12-30")},
        {"state": "running", "ended_at": None, "ended_by": None},
        {"state": "withdrawn", "ended_reason": "whim"},
    ],
)
def test_the_database_lets_nobody_rewrite_a_kept_promise(change):
    promise = keep(promised(start_at=at("11-23")), at=at("11-24"), by=LIN)
    with pytest.raises(IntegrityError), transaction.atomic():
        Promise.objects.filter(pk=promise.pk).update(**change)


@pytest.mark.parametrize(
    "wrong",
    [
        {"state": "kept", "ended_at": at("12-30")},
        {"state": "kept"},
        {"state": "broken"},
        {"state": "withdrawn", "ended_at": at("11-24")},
        {"warn_at": at("12-30")},
        {"amount": Decimal(5)},
        {"subject": "王小姐"},
    ],
)
def test_the_database_knows_what_a_promise_may_say(wrong):
    promise = promised(start_at=at("11-23"), person=WANG)
    with pytest.raises(IntegrityError), transaction.atomic():
        Promise.objects.filter(pk=promise.pk).update(**wrong)


def test_a_promise_takes_along_what_keeps_it():
    assert promised().terms["kept_by"] == ["final_letter", "answer"]
    assert acts_of(promised(CALLBACK)) == (Act.CALL_REACHED,)
    ours = promised(Given("callback", at("11-25")), start_at=at("11-24"))
    assert ours.terms["kept_by"] == ["call_reached", "named"]


def test_a_promise_of_before_goes_by_what_its_rule_names_today():
    made = drawn_up(Making(rule=COMPLAINT, subject=CASE, start_at=at("11-24"), calendar_key=KEY), calendar_of(KEY))
    made.terms = {name: value for name, value in made.terms.items() if name != "kept_by"}
    assert acts_of(made) == (Act.FINAL_LETTER, Act.ANSWER)

    made.rule = "TW-999"
    assert acts_of(made) == (Act.NAMED,)
