"""One zone per deadline: that of the case's calendar, wherever the company is. The house of the tests is in Taipei."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from shouxin.cases.actions import assign, open_case
from shouxin.cases.models import Case, Service
from shouxin.cases.rules import Claimant
from shouxin.cases.story import answer_clock
from shouxin.complaints import actions, ending
from shouxin.complaints.letters.composing import letter_data
from shouxin.core.audience import Audience
from shouxin.core.drawers import draw
from shouxin.people.models import Branch
from shouxin.promises.queries import clocks_about
from shouxin.record.queries import timeline

LONDON, THIN = ZoneInfo("Europe/London"), "\u2009"


@pytest.fixture
def london(cast) -> Branch:
    cast.complaints.branch = Branch.objects.create(code="london", name="London", jurisdiction="UK", place="London")
    cast.complaints.save()
    return cast.complaints.branch


@pytest.fixture
def case(cast, london) -> Case:
    at = datetime(2026, 1, 30, 23, 30, tzinfo=LONDON)
    case = open_case(
        by=None, at=at, service=Service.objects.get(pk="A15"), channel="web", subject="Claim delayed", body="Weeks.",
        branch=london, claimant=Claimant(name="Ada Wang", email="ada@example.com"), language="en",
    )  # fmt: skip
    return assign(case, by=cast.chou, to=cast.lin, at=at)


def test_the_last_day_of_the_next_step_is_the_uk_day_in_the_letter_and_in_what_is_stored(case, cast):
    complaint, sent_at = actions.ensure_complaint(case), datetime(2026, 1, 31, 10, tzinfo=LONDON)
    actions.appoint(complaint, by=cast.lin, investigator=cast.chen, at=sent_at)
    actions.sign_findings(complaint, by=cast.chen, text="無人接續。", at=sent_at)
    verdict = actions.Verdict("upheld", "It lay for three weeks.", "The undisputed part was due.")
    actions.decide(complaint, by=cast.lin, verdict=verdict, at=sent_at)
    complaint.refresh_from_db()

    told = letter_data(actions.decision_of(complaint), at=sent_at)
    letter = ending.send_final_letter(complaint, by=cast.lin, at=sent_at)
    assert "2026-7-31 (Fri)" in told["next"]["text"]
    assert letter.next_step_until.isoformat() == "2026-07-31"
    assert told["number_line"] == f"Case {case.number} · received 2026-1-30 (Fri)"


def test_ring_and_timeline_name_the_same_day_and_hour_in_the_zone_of_the_calendar(case):
    clocks = clocks_about(case.ref, at=case.opened_at, audience=Audience.CUSTOMER)
    drawn = [draw(each).text for each in timeline(case.ref, Audience.CUSTOMER) if each.kind == "PromiseMade"]

    answer = answer_clock(case, clocks)
    assert answer.due_at == datetime(2026, 3, 28, tzinfo=LONDON)
    assert answer.due_text == f"3/27(五){THIN}24:00 前" and answer.due_in_words == "3 月 27 日(五)"
    assert sum(f"3/27(五){THIN}24:00" in text for text in drawn) == 1
    assert not [text for text in drawn if "00:00" in text or "08:00" in text]
