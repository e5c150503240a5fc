"""Every page of a case and its complaint opens for everybody the record names, at every stage of its way."""

from datetime import timedelta

import pytest
from django.urls import reverse

from shouxin.cases.actions import assign, close, open_case
from shouxin.cases.models import Case, Service
from shouxin.cases.rules import Claimant
from shouxin.cases.views.page import FORMS
from shouxin.complaints import actions, ending
from shouxin.complaints.models import Complaint
from shouxin.core.clock import day_of, now
from shouxin.people.actions import name_deputy
from shouxin.people.models import Staff
from tests.cast import Cast
from tests.sending import Client

STAGES = ("opened", "aimed", "named", "signed", "decided", "sent", "closed")
VERDICT = actions.Verdict("upheld", "送審後無人接續。", "期限已過。")


def brought_to(stage: str, cast: Cast) -> Complaint:
    """A complaint against wu, served by lin, looked into and signed by chen, at this stage of its way."""
    at = now() - timedelta(days=3)
    case = open_case(
        by=None, at=at, service=Service.objects.get(pk="A15"), channel="web", subject="理賠遲延", body="等了三週。",
        branch=cast.taipei, claimant=Claimant(name="王雅婷", phone="0912345417", email="ya@example.com"),
    )  # fmt: skip
    found = actions.ensure_complaint(assign(case, by=cast.chou, to=cast.lin, at=at))
    steps = {
        "aimed": lambda: actions.aim(found, by=cast.lin, target=actions.Target("staff", staff=cast.wu)),
        "named": lambda: actions.appoint(found, by=cast.lin, investigator=cast.chen),
        "signed": lambda: actions.sign_findings(found, by=cast.chen, text="送審後無人接續。"),
        "decided": lambda: actions.decide(found, by=cast.lin, verdict=VERDICT),
        "sent": lambda: ending.send_final_letter(found, by=cast.lin),
        "closed": lambda: close(Case.objects.get(pk=case.pk), by=cast.lin, reason="granted"),
    }
    for name in STAGES[1 : STAGES.index(stage) + 1]:
        found.refresh_from_db()
        steps[name]()
    found.refresh_from_db()
    return found


def roles(cast: Cast) -> dict[str, Staff]:
    """Officer, investigator (who signs), the officer's deputy, the leader, and who is complained of."""
    today = day_of(now())
    name_deputy(cast.lin, by=None, deputy=cast.chang, from_on=today, until_on=today + timedelta(days=2))
    return {
        "officer": cast.lin, "investigator": cast.chen, "deputy": cast.chang, "leader": cast.chou, "accused": cast.wu,
    }  # fmt: skip


def pages(complaint: Complaint, *, may_handle: bool) -> dict[str, int]:
    """The addresses of the case that are read, and how each answers a colleague who may see it."""
    number = complaint.case.number
    told = {reverse(f"cases:{name}", args=[number]): 200 for name in ("page", "timeline")}
    told |= {reverse("cases:form", args=[number, name]): 200 for name in FORMS}
    letters = [reverse("complaints:sent-letter", args=[number, each.pk]) for each in complaint.letters.all()]
    draft = 200 if complaint.decisions.exists() else 409
    handled = {reverse("complaints:complaint", args=[number]): 200, reverse("complaints:draft", args=[number]): draft}
    handled |= dict.fromkeys(letters, 200)
    return told | (handled if may_handle else dict.fromkeys(handled, 403))


@pytest.mark.parametrize("stage", STAGES)
def test_every_page_opens_for_every_role_on_the_record(cast, stage, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    complaint, wrong = brought_to(stage, cast), []
    for role, member in roles(cast).items():
        client = Client(raise_request_exception=False)
        client.force_login(member, backend="shouxin.people.backends.StaffBackend")
        may_handle = member.post in {"EC", "TL"}
        for url, status in pages(complaint, may_handle=may_handle).items():
            is_kept_out = role == "accused" and stage != "opened" and url.startswith("/cases/")
            answer = client.get(url, headers={"HX-Request": "true"} if "/forms/" in url else {})
            if answer.status_code != (404 if is_kept_out else status):
                wrong.append(f"{role}: {url} answers {answer.status_code}")
        assert client.get(reverse("front:today")).status_code == 200, role
    assert wrong == []
