"""Days of a figure are those of the clocks: from the closing on the desk to the share within so many working days."""

from datetime import date, datetime

import pytest

from shouxin.cases.actions import assign, close, open_case
from shouxin.cases.models import Case, Service
from shouxin.cases.rules import Claimant
from shouxin.complaints import actions, ending
from shouxin.complaints.jobs import end_complaint
from shouxin.complaints.models import Complaint
from shouxin.core.audience import Audience
from shouxin.measures.asking import Question
from shouxin.measures.engine import measure
from shouxin.record.queries import timeline
from tests.cast import TAIPEI

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.mark.parametrize(
    ("opened", "closed", "days", "working_days"),
    [
        # 19 June is the Dragon Boat Festival: 30 June is the tenth working day after the 15th.
        ("2026-06-15T09:00", "2026-06-30T17:30", 15, 10),
        ("2026-06-15T17:00", "2026-07-01T12:00", 16, 11),
    ],
)
def test_a_closing_says_how_many_days_it_took_as_the_clocks_count_them(cast, opened, closed, days, working_days):
    opened, closed = (datetime.fromisoformat(each).replace(tzinfo=TAIPEI) for each in (opened, closed))
    case = open_case(
        by=None, at=opened, service=Service.objects.get(pk="A15"), channel="web", subject="理賠遲延", body="等了三週。",
        branch=cast.taipei, claimant=Claimant(name="王雅婷", phone="0912345417"),
    )  # fmt: skip
    complaint = actions.ensure_complaint(assign(case, by=cast.chou, to=cast.lin, at=opened))
    actions.appoint(complaint, by=cast.lin, investigator=cast.chen, at=opened)
    actions.sign_findings(complaint, by=cast.chen, text="無人接續。", at=opened)
    actions.decide(complaint, by=cast.lin, verdict=actions.Verdict("upheld", "無人接續。", "期限已過。"), at=closed)
    ending.send_final_letter(Complaint.objects.get(pk=complaint.pk), by=cast.lin, at=closed)
    close(Case.objects.get(pk=case.pk), by=cast.lin, reason="granted", at=closed)
    closing = next(each for each in timeline(case.ref, Audience.STAFF) if each.kind == "CaseClosed")
    end_complaint(closing.id, {"subject": str(case.ref)})

    ended = next(each for each in timeline(case.ref, Audience.STAFF) if each.kind == "ComplaintClosed")
    assert (closing.days, closing.working_days) == (ended.days, ended.working_days) == (days, working_days)
    shares = [
        measure(Question("complaints-closed-within", opened.date(), date(2026, 7, 31), unit="working", days=limit))
        for limit in (working_days, working_days - 1)
    ]
    assert [(each.rows[0].numerator, each.rows[0].denominator) for each in shares] == [(1, 1), (0, 1)]
