"""Access object by object: every address of a case, for its officer, colleagues, another office and other posts."""

import re
from uuid import uuid4

import pytest

from shouxin.cases import actions
from shouxin.cases.models import Attachment, Case, Draft, SavedView, Service, Touch
from shouxin.cases.rules import Claimant
from shouxin.complaints import actions as complaints
from shouxin.core.clock import now
from shouxin.core.files import store
from shouxin.customers.actions import Person, register
from shouxin.people.models import Notice
from shouxin.tables.models import ImportRun
from tests.sending import Client
from tests.test_access import _pages

HIDDEN = {403, 404}


@pytest.fixture
def case(cast, settings, tmp_path):
    """A case of the Taipei office, served by Lin, with a file that Lin has chosen for the next answer."""

    settings.MEDIA_ROOT = tmp_path
    made = actions.open_case(
        service=Service.objects.get(code="A09"), channel="web", subject="理賠", body="內容", branch=cast.taipei,
        claimant=Claimant(name="王雅婷", phone="0912345417", email="ya@example.com"), at=now(), by=None,
    )  # fmt: skip
    actions.assign(made, by=cast.chou, to=cast.lin)
    actions.attach(made, by=cast.lin, stored=store(b"123", "a.txt"))
    return Case.objects.get(pk=made.pk)


def _addresses(case: Case) -> list[str]:
    """Every address that names this case, its parts as they are."""
    found = []
    for route, _entry in _pages():
        if not route.startswith(("cases/<str:number>/", "complaints/<str:number>/")):
            continue
        filled = route.replace("<str:number>", case.number).replace("<str:name>", "handover")
        filled = re.sub(r"files/<int:\w+>", f"files/{Attachment.objects.get(case=case).pk}", filled)
        found.append("/" + re.sub(r"<\w+:\w+>", "1", filled))
    return found


def _as(staff) -> Client:
    client = Client()
    client.force_login(staff, backend="shouxin.people.backends.StaffBackend")
    return client


@pytest.mark.parametrize(
    ("who", "reads"),
    [("lin", True), ("chen", True), ("chou", True), ("tsai", True), ("hsu", True), ("huang", False)],
)
def test_a_case_is_read_by_whom_it_concerns_and_by_nobody_else(cast, case, who, reads):
    client = _as(getattr(cast, who))

    for name in ("", "timeline/", "forms/handover/", f"files/{Attachment.objects.get().pk}/"):
        status = client.get(f"/cases/{case.number}/{name}").status_code
        assert (status in HIDDEN) != reads, f"{who} at {name}: {status}"


def test_who_may_not_read_a_case_changes_nothing_at_any_of_its_addresses(cast, case):
    client = _as(cast.huang)
    before = list(Case.objects.values()), Touch.objects.count(), Attachment.objects.count()

    for address in _addresses(case):
        said = {"body": "x", "kind": "note", "reason": "x", "to": str(cast.lin.pk), "name": "x", "number": case.number}
        answer = client.post(address, said)
        assert answer.status_code in HIDDEN | {405}, f"{address}: {answer.status_code}"

    assert (list(Case.objects.values()), Touch.objects.count(), Attachment.objects.count()) == before


def test_a_colleague_neither_answers_nor_takes_away_what_is_anothers(cast, case):
    client = _as(cast.chen)

    answer = client.post(f"/cases/{case.number}/touches/", {"kind": "reply", "caller": "us", "body": "x"})
    removal = client.post(f"/cases/{case.number}/files/{Attachment.objects.get().pk}/removal/")

    assert answer.status_code in HIDDEN and removal.status_code in HIDDEN
    assert Attachment.objects.count() == 1
    assert not Touch.objects.filter(direction="outbound", by=cast.chen).exists()


def test_views_and_notices_are_ones_own(cast):
    view = SavedView.objects.create(staff=cast.lin, name="我的", query="of=mine")
    Notice.objects.create(staff=cast.lin, text="給林佳穎的通知", at=now())
    client = _as(cast.chen)

    client.post(f"/cases/views/{view.pk}/removal/")

    assert SavedView.objects.filter(pk=view.pk).exists()
    assert "給林佳穎的通知" not in client.get("/people/notices/", follow=True).content.decode()


def test_a_link_of_one_case_opens_no_other(cast, case):
    assert Client().get(f"/follow/{case.number}/{'0' * 32}/").status_code == 404


# What each address stands for, and of whose object its parts are filled in.
class Everything:
    """One of each object that has an address; the complaint is against Chen, the case belongs to Taipei."""

    def __init__(self, cast, case) -> None:
        self.cast, self.case = cast, case
        self.customer = register(Person(name="王雅婷", contacts=(("phone", "0912345417"),)), by=cast.chang, at=now())
        self.complaint_case = actions.open_case(
            service=Service.objects.get(code="A15"), channel="web", subject="沒說清楚", body="內容", branch=cast.taipei,
            claimant=Claimant(name="王雅婷", phone="0912345417", email="ya@example.com"), at=now(), by=None,
        )  # fmt: skip
        actions.assign(self.complaint_case, by=cast.chou, to=cast.lin)
        held = complaints.ensure_complaint(Case.objects.get(pk=self.complaint_case.pk), by=cast.lin)
        complaints.aim(held, by=cast.lin, target=complaints.Target(kind="staff", staff=cast.chen))
        file = actions.attach(self.complaint_case, by=cast.lin, stored=store(b"456", "b.txt"))
        self.paths = {
            "case": f"/cases/{case.number}/", "file": f"/cases/{case.number}/files/{Attachment.objects.first().pk}/",
            "walled": f"/cases/{self.complaint_case.number}/",
            "walled file": f"/cases/{self.complaint_case.number}/files/{file.pk}/",
            "complaint": f"/complaints/{self.complaint_case.number}/",
            "customer": f"/customers/{self.customer.number}/", "erasure": f"/customers/{self.customer.number}/erasure/",
            "staff form": "/people/staff/lin/details/", "office": "/settings/offices/taipei/",
            "import of complaints": "/imports/complaints/", "import of staff": "/imports/staff/",
        }  # fmt: skip


@pytest.fixture
def everything(cast, case) -> Everything:
    return Everything(cast, case)


# Posts at headquarters (SP: compliance, HR, administrators) read every case that is not about them, and customers
# masked; what is done with them needs the right to it.
CASES = "case file walled walled_file customer"
READS = {
    "lin": f"{CASES} complaint", "chou": f"{CASES} complaint import_of_complaints", "wu": CASES,
    "chen": "case file customer", "huang": "customer",
    "tsai": f"{CASES} complaint erasure import_of_complaints",
    "hsu": f"{CASES} staff_form import_of_staff",
    "admin": f"{CASES} erasure staff_form office import_of_staff import_of_complaints",
}  # fmt: skip


@pytest.mark.parametrize("who", sorted(READS))
def test_each_object_is_opened_by_whom_it_concerns_and_by_nobody_else(cast, everything, who):
    client = _as(getattr(cast, who))

    answers = {name.replace(" ", "_"): client.get(path).status_code for name, path in everything.paths.items()}

    assert {name for name, status in answers.items() if status not in HIDDEN} == set(READS[who].split())


def test_who_is_complained_of_changes_nothing_at_any_address_of_it(cast, everything):
    client, case = _as(cast.chen), everything.complaint_case
    before = list(Case.objects.values()), Touch.objects.count(), Attachment.objects.count()

    for address in _addresses(case):
        said = {"body": "x", "kind": "note", "reason": "x", "to": str(cast.chen.pk), "name": "x", "number": case.number}
        answer = client.post(address, said)
        assert answer.status_code in HIDDEN | {405, 422} and case.subject not in answer.content.decode(), address

    assert (list(Case.objects.values()), Touch.objects.count(), Attachment.objects.count()) == before


def test_drafts_notices_views_and_imports_are_ones_own_also_for_those_who_see_the_case(cast, case, client):
    actions.save_draft(case, by=cast.lin, body="林的草稿", at=now())
    notice = Notice.objects.create(staff=cast.lin, text="給林", url="/cases/", at=now())
    run = ImportRun.objects.create(
        importer="staff", key=uuid4(), by=cast.admin.pk, file_name="a.csv", is_trial=True, file="", began_at=now(),
        seen_at=now(),
    )  # fmt: skip
    chou, hsu = _as(cast.chou), _as(cast.hsu)

    assert "林的草稿" not in chou.get(f"/cases/{case.number}/").content.decode()
    chou.post(f"/cases/{case.number}/draft/removal/")
    assert Draft.objects.get().body == "林的草稿"
    assert chou.post(f"/notices/{notice.pk}/reading/").status_code == 404
    assert Notice.objects.get(pk=notice.pk).read_at is None
    assert _as(cast.lin).get(f"/imports/staff/{run.pk}/").status_code == 403
    taken = hsu.post(f"/imports/staff/{run.pk}/takeover/", follow=True)
    assert taken.status_code == 200 and ImportRun.objects.count() == 1
