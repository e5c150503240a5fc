"""Access object by object: every address of a case, for its officer, colleagues, another office and other posts."""

import re

import pytest

from shouxin.cases import actions
from shouxin.cases.models import Attachment, Case, SavedView, Service, Touch
from shouxin.cases.rules import Claimant
from shouxin.core.clock import now
from shouxin.core.files import store
from shouxin.people.models import Notice
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
        filled = re.sub(r"files/<int:\w+>", f"files/{Attachment.objects.get().pk}", filled)
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
