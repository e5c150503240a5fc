"""Papers: everything that is missing is asked for at once, and the clocks know."""

from datetime import timedelta

import pytest

from shouxin.cases import queries
from shouxin.cases.actions import assign, paper_received, request_papers
from shouxin.cases.models import FAR, Case
from shouxin.core.audience import Audience
from shouxin.core.guards import Refused
from shouxin.promises.models import Promise
from shouxin.record.queries import timeline
from tests.cast import NOON

LATER = NOON + timedelta(hours=1)


@pytest.fixture
def case(cast, opened) -> Case:
    return assign(opened("A04", channel="counter"), by=cast.lin, to=cast.lin, at=NOON)


def ask(case: Case, cast, **how):
    return request_papers(
        case, by=cast.lin, body="請補下列文件", **{"papers": ["form", "id", "policy"], "at": LATER, **how}
    )


def fact(case: Case, kind: str):
    return next(entry for entry in timeline(case.ref, Audience.CUSTOMER) if entry.kind == kind)


def promise(case: Case, rule: str) -> Promise:
    return Promise.objects.about(case.ref).get(rule=rule)


def test_one_request_names_all_that_is_missing_and_the_case_waits(cast, case):
    touch = ask(case, cast)

    case.refresh_from_db()
    assert (case.state, case.first_replied_at) == ("waiting", LATER)
    assert queries.body_of(touch) == "請補下列文件"
    assert fact(case, "PapersRequested").papers == ["form", "id", "policy"]
    assert {paper.code: paper.asked_at for paper in case.papers.all()} == dict.fromkeys(["form", "id", "policy"], LATER)


def test_asking_keeps_the_promise_of_a_first_answer(cast, case):
    ask(case, cast)

    assert promise(case, "CO-01").state == "kept"


def test_a_second_request_needs_a_reason(cast, case):
    ask(case, cast, papers=["form"])

    with pytest.raises(Refused):
        ask(case, cast, papers=["id"])

    ask(case, cast, papers=["id"], again="法務要求核對身分")
    again = fact(case, "PapersRequested")
    assert (again.papers, again.data["again"]) == (["id"], True)


def test_a_paper_that_came_is_not_asked_for_again(cast, case):
    ask(case, cast, papers=["form", "id"])
    paper_received(case, paper="form", by=cast.lin, at=LATER)

    ask(case, cast, papers=["form", "policy"], again="保單影本不清楚")

    assert fact(case, "PapersRequested").papers == ["policy"]


def test_with_the_last_paper_the_case_goes_on_and_new_promises_begin(cast, case):
    ask(case, cast, papers=["form", "id"])
    paper_received(case, paper="form", by=cast.lin, at=LATER)
    case.refresh_from_db()
    assert case.state == "waiting"

    complete_at = LATER + timedelta(days=2)
    paper_received(case, paper="id", by=cast.lin, at=complete_at)

    case.refresh_from_db()
    assert case.state == "open"
    servicing = promise(case, "CO-05")
    assert (servicing.start_at, servicing.state) == (complete_at, "running")
    assert case.due_at == servicing.due_at < FAR


def test_clocks_whose_rule_allows_it_stand_still_until_the_papers_came(cast, case):
    ask(case, cast, papers=["form"])
    paper_received(case, paper="form", by=cast.lin, at=LATER)
    before = promise(case, "CO-05").due_at

    ask(case, cast, papers=["policy"], again="遺失聲明也需要", at=LATER + timedelta(hours=1))
    assert promise(case, "CO-05").state == "paused"
    paper_received(case, paper="policy", by=cast.lin, at=LATER + timedelta(days=2))

    running = promise(case, "CO-05")
    assert (running.state, running.due_at > before) == ("running", True)
    assert fact(case, "PromisePaused").content == {"waiting_for": "保險單或遺失聲明"}


def test_the_law_of_the_place_does_not_pause(cast, case):
    statutory = promise(case, "TW-10")

    ask(case, cast)

    assert promise(case, "TW-10").state == "running"
    case.refresh_from_db()
    assert case.due_at == statutory.due_at


def test_a_paper_may_be_waived(cast, case):
    ask(case, cast, papers=["form"])

    paper_received(case, paper="form", by=cast.lin, at=LATER, is_waived=True)

    assert fact(case, "PaperReceived").waived is True
    assert case.papers.get().is_missing is False


def test_papers_outside_the_list_can_be_asked_for(cast, case):
    ask(case, cast, papers=["監護宣告裁定"])

    paper = case.papers.get()
    assert (paper.title, paper.is_missing) == ("監護宣告裁定", True)
    paper_received(case, paper=paper.code, by=cast.lin, at=LATER)
    assert not any(each.is_missing for each in case.papers.all())


def test_a_paper_nobody_misses_is_refused(cast, case):
    with pytest.raises(Refused):
        paper_received(case, paper="diagnosis", by=cast.lin, at=LATER)

    assert case.papers.count() == 0
