"""What happens in a case begins the terms that count from it and ends those it keeps."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from shouxin.cases import actions, queries
from shouxin.cases.actions import assign, receive, record_breach, reopen
from shouxin.cases.models import Case, CaseEvent
from shouxin.core.audience import Audience
from shouxin.core.guards import Refused
from shouxin.core.rights import NotAllowed
from shouxin.promises.firing import break_due
from shouxin.promises.models import Promise
from shouxin.record.queries import timeline
from tests.cast import NOON
from tests.sending import Client

DAY = timedelta(days=1)
LATER = NOON + timedelta(hours=2)


@pytest.fixture
def claim(cast, opened) -> Case:
    return assign(opened("A10", channel="counter"), by=cast.lin, to=cast.lin, at=NOON)


def states(case: Case) -> dict[str, str]:
    return dict(Promise.objects.about(case.ref).order_by("pk").values_list("rule", "state"))


def record_event(case: Case, **happened) -> CaseEvent:
    """As the action, said when all of these stories are over."""
    return actions.record_event(case, said_at=NOON + 400 * DAY, **happened)


def test_the_terms_of_a_claim_begin_and_end_with_what_happens(cast, claim):
    record_event(claim, by=cast.lin, event="papers_complete", at=LATER)
    assert {"TW-01": "running", "TW-02": "running", "CO-08": "running"}.items() <= states(claim).items()

    record_event(claim, by=cast.lin, event="undisputed_paid", at=LATER + DAY)
    assert (states(claim)["TW-02"], states(claim)["TW-01"]) == ("kept", "running")

    record_event(claim, by=cast.lin, event="claim_decided", at=LATER + 2 * DAY)
    assert (states(claim)["CO-08"], states(claim)["TW-01"]) == ("kept", "running")

    record_event(claim, by=cast.lin, event="paid", at=LATER + 3 * DAY)
    assert states(claim)["TW-01"] == "kept"


def test_after_a_refusal_nothing_is_to_be_paid(cast, claim):
    record_event(claim, by=cast.lin, event="papers_complete", at=LATER)

    record_event(claim, by=cast.lin, event="refusal_told", at=LATER + DAY)

    assert (states(claim)["CO-08"], states(claim)["TW-01"], states(claim)["TW-02"]) == (
        "kept",
        "withdrawn",
        "withdrawn",
    )
    assert Promise.objects.about(claim.ref).get(rule="TW-01").ended_reason == "refusal_told"


def test_a_term_counts_from_the_day_it_happened(cast, opened):
    case = assign(opened("A03"), by=cast.lin, to=cast.lin, at=NOON)

    record_event(case, by=cast.lin, event="evidence_received", at=NOON - 3 * DAY)

    made = Promise.objects.about(case.ref).get(rule="TW-09")
    assert made.start_at == NOON - 3 * DAY
    assert made.due_at.isoformat() == "2026-12-07T16:00:00+00:00"  # 15 days from 21 November: the 6th is a Sunday


def test_silence_is_agreement_where_the_law_says_so(cast, opened):
    case = assign(opened("A03"), by=cast.lin, to=cast.lin, at=NOON)
    record_event(case, by=cast.lin, event="evidence_received", at=NOON)
    break_due(NOON + 30 * DAY)
    promise = Promise.objects.about(case.ref).get(rule="TW-09")

    for _again in range(2):
        record_breach(promise)

    (row,) = CaseEvent.objects.filter(case=case, event="deemed_agreed")
    assert (row.at, row.by) == (promise.due_at, None)
    (told,) = [entry for entry in timeline(case.ref, Audience.STAFF) if entry.kind == "EventRecorded" and entry.by_law]
    assert (told.by_law, told.event) == ("TW-09", "deemed_agreed")


def test_an_unanswered_complaint_opens_the_way_to_the_ombudsman(cast, opened):
    case = assign(opened("A15"), by=cast.lin, to=cast.lin, at=NOON)
    break_due(NOON + 60 * DAY)
    broken = Promise.objects.about(case.ref).get(rule="TW-14")

    record_breach(broken)

    (window,) = queries.windows_of(case, case.events.all(), broken.due_at + DAY)
    # Thirty days end on 24 December; sixty from then on 22 February 2027.
    assert (window.rule.id, window.until.isoformat()) == ("TW-15", "2027-02-24T00:00:00+08:00")
    assert queries.windows_of(case, case.events.all(), broken.due_at + 90 * DAY) == []


def test_a_complaint_that_comes_back_is_a_complaint_again(cast, opened):
    case = assign(opened("A15"), by=cast.lin, to=cast.lin, at=NOON)
    Promise.objects.about(case.ref).filter(rule="TW-14").delete()
    Case.objects.filter(pk=case.pk).update(state="closed", closed_at=LATER, closing_reason="answered")

    receive(case, body="我找到新的收據了", channel="web", at=LATER + 5 * DAY)
    reopen(case, by=cast.lin, reason="新的收據", at=LATER + 8 * DAY)

    assert Promise.objects.about(case.ref).get(rule="TW-14").start_at == LATER + 5 * DAY


def test_the_same_key_is_the_same_event(cast, claim):
    key = uuid4()
    rows = {record_event(claim, by=cast.lin, event="papers_complete", at=LATER, key=key).pk for _ in range(2)}

    assert len(rows) == 1
    assert Promise.objects.about(claim.ref).filter(rule="TW-01").count() == 1


def test_only_what_a_term_of_this_case_knows_is_recorded_and_only_by_who_serves_it(cast, claim):
    with pytest.raises(Refused):
        record_event(claim, by=cast.lin, event="platform_closes", at=LATER)
    with pytest.raises(Refused):
        record_event(claim, by=cast.lin, event="paid", at=NOON + 500 * DAY)
    with pytest.raises(NotAllowed):
        record_event(claim, by=cast.huang, event="paid", at=LATER)
    assert CaseEvent.objects.count() == 0


def test_an_officer_records_it_on_the_page_without_javascript(cast, claim):
    client = Client()
    client.force_login(cast.lin)
    page = client.get(reverse("cases:page", args=[claim.number]), {"open": "event"}).content.decode()
    assert '<option value="papers_complete">' in page and "papers_complete" in queries.events_for(claim)
    url, key = reverse("cases:event", args=[claim.number]), str(uuid4())

    wrong = client.post(url, {"event": "papers_complete", "on": "2999-01-01", "key": key})
    assert (wrong.status_code, CaseEvent.objects.count()) == (422, 0)

    for _twice in range(2):
        done = client.post(url, {"event": "papers_complete", "on": NOON.date().isoformat(), "key": key})
        assert done.status_code == 303 or done.status_code == 302
    assert CaseEvent.objects.get().event == "papers_complete"
