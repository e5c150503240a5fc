"""Papers: everything that is missing is asked for at once, and the clocks know."""

from datetime import timedelta

import pytest

from shouxin.cases import queries
from shouxin.cases.actions import (
    assign,
    change_service,
    edition,
    letter_delivered,
    letter_posted,
    link_customer,
    paper_received,
    receive,
    request_papers,
)
from shouxin.cases.actions.promising import begin
from shouxin.cases.catalogue import load_catalogue
from shouxin.cases.forms import PapersForm
from shouxin.cases.models import FAR, Case, Service
from shouxin.core.audience import Audience
from shouxin.core.files import store
from shouxin.core.guards import Refused
from shouxin.customers.actions import Person, register
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


def test_who_wrote_the_list_has_it_once(cast, case):
    body = "請補：申請書、身分證、保單"
    request_papers(case, by=cast.lin, papers=["申請書", "身分證"], body=body, at=LATER)

    assert queries.body_of(case.touches.get(direction="outbound")) == body


def fact(case: Case, kind: str):
    return next(entry for entry in timeline(case.ref, Audience.CUSTOMER) if entry.kind == kind)


def promise(case: Case, rule: str) -> Promise:
    return Promise.objects.about(case.ref).get(rule=rule)


def test_one_request_names_all_that_is_missing_and_the_case_waits(cast, case):
    touch = ask(case, cast)

    case.refresh_from_db()
    assert (case.state, case.first_replied_at) == ("waiting", LATER)
    titles = [paper.title for paper in case.papers.order_by("id")]
    assert queries.body_of(touch) == "\n".join(["請補下列文件", "", *(f"・{title}" for title in titles)])
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


# ── papers that only some cases need, and lists that change ───────────────────


@pytest.fixture
def lapsed(cast, opened) -> Case:
    """A reinstatement: form and identity always, the health statement only half a year after the lapse."""
    return assign(opened("A03", channel="counter"), by=cast.lin, to=cast.lin, at=NOON)


def test_a_paper_that_may_not_apply_is_not_missing_until_somebody_asks_for_it(cast, lapsed):
    assert {each.code: each.is_missing for each in queries.checklist(lapsed)} == {
        "form": True, "id": True, "health": False,
    }  # fmt: skip

    ask(lapsed, cast, papers=["form", "health"])

    assert {each.code: each.is_missing for each in queries.checklist(lapsed)} == {
        "form": True, "id": True, "health": True,
    }  # fmt: skip
    paper_received(lapsed, paper="form", by=cast.lin, at=LATER)
    assert (fact(lapsed, "PaperReceived").missing, lapsed.__class__.objects.get().state) == (1, "waiting")


def test_the_request_offers_it_unticked(cast, lapsed):
    form = PapersForm(case=lapsed, by=cast.lin)

    assert form.fields["papers"].choices[-1] == ("health", "健康聲明書（若適用）")
    assert form.initial["papers"] == ["form", "id"]


def test_papers_brought_along_are_complete_with_the_last_required_one(cast, opened, lapsed):
    paper_received(lapsed, paper="health", by=cast.lin, at=LATER)
    paper_received(lapsed, paper="form", by=cast.lin, at=LATER)
    assert not Promise.objects.about(lapsed.ref).filter(terms__start="papers_complete").exists()
    servicing = assign(opened("A04", channel="counter"), by=cast.lin, to=cast.lin, at=NOON)
    for paper in ("form", "id"):
        paper_received(servicing, paper=paper, by=cast.lin, at=LATER)
    assert not Promise.objects.about(servicing.ref).filter(rule="CO-05").exists()

    paper_received(servicing, paper="policy", by=cast.lin, at=LATER + timedelta(hours=1))

    assert promise(servicing, "CO-05").start_at == LATER + timedelta(hours=1)


def test_a_paper_that_may_not_apply_completes_nothing_when_it_comes_unasked(cast, opened):
    case = assign(opened("A10", channel="counter"), by=cast.lin, to=cast.lin, at=NOON)

    paper_received(case, paper="receipts", by=cast.lin, at=LATER)

    assert fact(case, "PaperReceived").missing == 5
    paper_received(case, paper="claim_form", by=cast.lin, at=LATER)
    assert fact(case, "PaperReceived").missing == 4


def papers_of(case: Case) -> list[str]:
    return [each.code for each in queries.checklist(Case.objects.get(pk=case.pk))]


def test_a_case_keeps_the_list_of_the_day_it_was_opened(cast, case, opened):
    service = Service.objects.get(pk="A04")
    first, second = service.papers[:2], service.papers[1:2]
    change_service("A04", {"papers": first}, by=cast.admin, seen=edition(service), at=NOON + timedelta(hours=2))
    between = opened("A04", at=NOON + timedelta(hours=3))
    service.refresh_from_db()
    change_service("A04", {"papers": second}, by=cast.admin, seen=edition(service), at=NOON + timedelta(hours=4))
    after = opened("A04", at=NOON + timedelta(hours=5))

    assert papers_of(case) == ["form", "id", "policy"]
    assert papers_of(between) == ["form", "id"]
    assert papers_of(after) == ["id"]
    ask(case, cast, papers=["policy"])
    assert case.papers.get().title == "保險單或遺失聲明"


def test_what_changes_beside_the_papers_leaves_no_list_behind(cast):
    service = Service.objects.get(pk="A04")
    change_service("A04", {"name": "契約變更"}, by=cast.admin, seen=edition(service), at=LATER)

    assert Service.objects.get(pk="A04").past_papers == []


def test_a_new_edition_of_the_data_files_leaves_open_cases_their_list(opened):
    case = opened("A04", at=NOON - timedelta(days=365))
    old = [{"code": "id", "name": "身分證明文件", "name_en": "Proof of identity"}]
    Service.objects.filter(pk="A04").update(papers=old)
    load_catalogue()
    load_catalogue()

    assert papers_of(case) == ["id"]
    assert [papers for _until, papers in Service.objects.get(pk="A04").past_papers] == [old]


@pytest.fixture
def mainland_claim(cast, opened) -> Case:
    """A claim of the Mainland, whose 30 days stand still for one notice of missing documents."""
    case = opened("A10", channel="counter")
    Case.objects.filter(pk=case.pk).update(jurisdiction="CN")
    case.refresh_from_db()
    begin(case, events=["claim_received"], at=NOON, by=cast.lin)
    return assign(case, by=cast.lin, to=cast.lin, at=NOON)


def test_the_mainland_deducts_the_first_request_for_documents_alone(cast, mainland_claim):
    ask(mainland_claim, cast, papers=["id"], channel="email")
    assert promise(mainland_claim, "CN-02").state == "paused"
    paper_received(mainland_claim, paper="id", by=cast.lin, at=LATER + timedelta(days=7))
    due_at = promise(mainland_claim, "CN-02").due_at

    ask(mainland_claim, cast, papers=["policy"], again="另需保單正本", at=LATER + timedelta(days=8), channel="email")

    after = promise(mainland_claim, "CN-02")
    assert (after.state, after.due_at, after.pauses.count()) == ("running", due_at, 1)


def test_a_request_by_post_stops_the_mainland_clock_from_its_arrival(cast, mainland_claim):
    address = (("address", "上海市黃浦區南京東路 1 號"),)
    person = register(Person(name="王雅婷", contacts=address), by=cast.lin, at=NOON)
    link_customer(mainland_claim, by=cast.lin, customer=person, reason="出示身分證", at=NOON)
    ask(mainland_claim, cast, papers=["id"], channel="letter")
    assert promise(mainland_claim, "CN-02").state == "running"
    letter = mainland_claim.letters.get()
    letter_posted(letter, by=cast.lin, at=LATER)

    letter_delivered(letter, by=cast.lin, at=LATER + timedelta(days=3))

    found = promise(mainland_claim, "CN-02")
    assert (found.state, found.pauses.get().paused_at) == ("paused", LATER + timedelta(days=3))


def test_a_paper_in_no_list_is_asked_for_again_by_the_name_it_was_given(cast, case):
    ask(case, cast, papers=["存摺影本"])

    ask(case, cast, papers=["存摺影本", "申請書"], again="寄錯了，請再寄")
    ask(case, cast, papers=["存摺影本"], again="還是沒收到")

    rows = [(paper.title, paper.asked_at) for paper in case.papers.order_by("pk")]
    assert rows == [("存摺影本", LATER), ("申請書", LATER)]


def test_an_arrival_recorded_late_stops_the_clock_until_the_files_came(cast, mainland_claim, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    address = (("address", "上海市黃浦區南京東路 1 號"),)
    person = register(Person(name="王雅婷", contacts=address), by=cast.lin, at=NOON)
    link_customer(mainland_claim, by=cast.lin, customer=person, reason="出示身分證", at=NOON)
    ask(mainland_claim, cast, papers=["id"], channel="letter")
    letter = mainland_claim.letters.get()
    letter_posted(letter, by=cast.lin, at=LATER)
    came = LATER + timedelta(days=4)
    receive(mainland_claim, body="補件", channel="web", at=came, files=(store(b"1", "id.txt"),))

    letter_delivered(letter, by=cast.lin, at=LATER + timedelta(days=2))

    found = promise(mainland_claim, "CN-02")
    spans = list(found.pauses.values_list("paused_at", "resumed_at"))
    assert (found.state, spans) == ("running", [(LATER + timedelta(days=2), came)])
