"""A request taken in by staff: whose words they are, who reads them, and whether customer and policy go together."""

import pytest
from django.urls import reverse

from shouxin.cases import actions
from shouxin.cases.models import Case, Touch
from shouxin.core.clock import now
from shouxin.customers.actions import Person, register
from shouxin.customers.models import Customer
from shouxin.policies.models import Policy
from shouxin.policies.tests.test_models import load
from tests.cast import NOON

STRANGER = "方志明在保單 QL-"
TICK = 'name="no_role"'
MARK = "客戶在這張保單上沒有身分</b>"


@pytest.fixture
def policy(cast) -> Policy:
    return load(cast, 1)[0]


@pytest.fixture
def stranger(cast) -> Customer:
    return register(Person(name="方志明"), by=cast.lin, at=NOON)


def said(cast, **more) -> dict:
    return {"channel": "counter", "service": "A15", "subject": "改地址", "body": "我搬家了。", "name": "王雅婷",
            "phone": "0912345417", "branch": cast.tainan.pk, **more}  # fmt: skip


def test_the_form_says_who_reads_what(cast, client):
    client.force_login(cast.huang)
    page = client.get("/cases/new/").content.decode()
    assert "客戶會在自己的案件頁面看到這段話" in page and "只有同仁看得到" in page


def test_the_same_intake_sent_twice_is_one_case_with_one_note(cast, client):
    client.force_login(cast.huang)
    for _ in range(2):
        client.post("/cases/new/", said(cast, note="熟客", key="6a3e8f3e-3f1c-4df4-9d4e-3d2c2e6f1a11"))
    assert (Case.objects.count(), Touch.objects.count()) == (1, 2)


def test_a_policy_of_somebody_else_is_asked_about_and_marked_on_the_case(cast, client, policy, stranger):
    client.force_login(cast.huang)
    both = said(cast, customer=stranger.number, policy=policy.number)
    asked = client.post("/cases/new/", both)
    assert (asked.status_code, Case.objects.count(), STRANGER in asked.content.decode()) == (422, 0, True)
    assert TICK in asked.content.decode() and TICK not in client.get("/cases/new/").content.decode()

    done = client.post("/cases/new/", {**both, "no_role": "on"})
    page = client.get(done["Location"]).content.decode()
    assert done.status_code == 303 and "本案" in page and MARK in page and policy.number in page


def test_a_policy_of_their_own_is_taken_without_a_question_and_stands_first(cast, client, policy):
    client.force_login(cast.huang)
    done = client.post("/cases/new/", said(cast, customer=Customer.objects.get().number, policy=policy.number))
    page = client.get(done["Location"]).content.decode()
    assert done.status_code == 303 and "本案" in page and MARK not in page
    assert page.count(f"/policies/{policy.number}/") == 1


@pytest.mark.parametrize("form", ["kind", "who"])
def test_wherever_a_policy_and_a_customer_meet_on_a_case_it_is_asked(cast, opened, client, policy, stranger, form):
    about = {"customer": stranger} if form == "kind" else {"policy": policy}
    case = actions.assign(opened(at=now(), **about), by=cast.lin, to=cast.lin)
    client.force_login(cast.lin)
    told = {
        "kind": {"service": "A15", "priority": 3, "policy": policy.number},
        "who": {"customer": stranger.number, "reason": "核對三項資料"},
    }[form]

    page, send = (
        reverse("cases:page", args=[case.number]) + f"?open={form}",
        reverse(f"cases:{form}", args=[case.number]),
    )
    refused = client.send(send, told, on=page) if form == "kind" else client.post(send, told)
    unchanged = Case.objects.values_list("customer", "policy").get()
    told |= {"no_role": "on"}
    done = client.send(send, told, on=page) if form == "kind" else client.post(send, told)

    assert (refused.status_code, STRANGER in refused.content.decode(), done.status_code) == (422, True, 303)
    assert unchanged == (case.customer_id, case.policy_id)
    assert Case.objects.values_list("customer", "policy").get() == (stranger.pk, policy.pk)


def test_another_kind_with_the_same_policy_is_not_asked_again(cast, opened, client, policy, stranger):
    case = actions.assign(opened(at=now(), customer=stranger, policy=policy), by=cast.lin, to=cast.lin)
    client.force_login(cast.lin)
    told = {"service": "A14", "priority": 3, "policy": policy.number}
    page = reverse("cases:page", args=[case.number]) + "?open=kind"
    assert client.send(reverse("cases:kind", args=[case.number]), told, on=page).status_code == 303
    assert Case.objects.get().service_id == "A14"
