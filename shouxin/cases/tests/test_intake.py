"""A request taken in by staff: whose words they are, who reads them, and whether customer and policy go together."""

import re

import pytest
from django.urls import reverse

from shouxin.cases import actions
from shouxin.cases.models import Case, Service, Touch
from shouxin.core.audience import Audience
from shouxin.core.clock import now
from shouxin.customers.actions import Person, add_contact, register
from shouxin.customers.models import Customer
from shouxin.people.actions import leave
from shouxin.policies.models import Policy, PolicyRole
from shouxin.policies.tests.test_models import load
from shouxin.record.queries import timeline
from tests.cast import NOON

HTMX = {"HTTP_HX_REQUEST": "true"}
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


def found(client, text: str) -> str:
    return client.get("/cases/new/customers/", {"q": text}).content.decode()


def test_the_policy_they_hand_over_finds_its_people_and_fills_both(cast, client, policy):
    insured = register(Person(name="王小寶"), by=cast.lin, at=NOON)
    PolicyRole.objects.create(policy=policy, customer=insured, role="insured")
    client.force_login(cast.huang)

    page = found(client, "ql-1234567")

    assert [page.count(words) for words in ("<b>王雅婷</b>", "<b>王小寶</b>", "要保人、被保險人")] == [1, 1, 1]
    both = f"customer={insured.number}&amp;policy={policy.number}"
    assert f'href="/cases/new/?{both}" data-fills="{both}"' in page
    filled = client.get("/cases/new/", {"customer": insured.number, "policy": policy.number}).content.decode()
    assert f'value="{insured.number}"' in filled and f'value="{policy.number}"' in filled


def test_a_name_or_the_beginning_of_a_telephone_finds_them_with_their_policies(cast, client, policy):
    customer = Customer.objects.get()
    add_contact(customer, by=cast.lin, kind="phone", value="0912-345-417")
    client.force_login(cast.huang)

    for text in ("王雅婷", "0912", "０９１２３４", "0912345417", customer.number):
        page = found(client, text)
        assert ("<b>王雅婷</b>" in page, policy.number in page) == (True, True), text
    assert "找不到" in found(client, "5417")


def test_a_policys_number_is_looked_for_among_policies_alone_and_not_counted(cast, client, policy):
    register(Person(name="方志明", contacts=(("phone", "1234567"),)), by=cast.lin, at=NOON)
    client.force_login(cast.huang)
    assert "方志明" not in found(client, "QL1234567") and "方志明" in found(client, "1234567")
    kinds = [entry.kind for entry in timeline(cast.huang.ref, Audience.COMPLIANCE)]
    assert kinds.count("SearchedByMaskedData") == 1


@pytest.mark.parametrize(("account", "channel"), [("huang", "counter"), ("chang", "phone"), ("lin", "phone")])
def test_the_way_a_request_came_in_begins_with_the_usual_one_of_the_post(cast, client, account, channel):
    client.force_login(getattr(cast, account))
    page = client.get("/cases/new/").content.decode()
    assert re.findall(r'name="channel" value="(\w+)"[^>]*checked', page) == [channel]


def offered(page: str, name: str) -> list[tuple[str, list[str]]]:
    """The groups of a list with what stands in each."""
    chosen = re.search(rf'(?s)<select name="{name}".*?</select>', page)[0]
    groups = re.findall(r'(?s)<optgroup label="([^"]+)">(.*?)</optgroup>', chosen)
    return [
        (group, [text.strip() for text in re.findall(r"<option[^>]*>([^<]*)<", options)]) for group, options in groups
    ]


def test_services_stand_in_groups_and_are_written_alike_wherever_they_are_chosen(cast, opened, client):
    case = actions.assign(opened(at=now()), by=cast.lin, to=cast.lin)
    client.force_login(cast.lin)
    at_intake = offered(client.get("/cases/new/").content.decode(), "service")
    at_change = offered(
        client.get(reverse("cases:form", args=[case.number, "kind"]), **HTMX).content.decode(), "service"
    )

    assert [group for group, _options in at_intake] == [
        "常辦（諮詢申訴）",
        "理賠",
        "售後",
        "售中",
        "售前",
    ]
    assert at_intake == at_change
    told = [text for _group, options in at_intake for text in options]
    assert sorted(told) == sorted(f"{each.pk} {each.label}" for each in Service.objects.offered())
    assert "A15 申訴／投訴處理" in at_intake[0][1]


def test_a_case_is_handed_to_who_has_a_desk_by_team_with_what_lies_there(cast, opened, client):
    case = actions.assign(opened(at=now()), by=cast.lin, to=cast.lin)
    actions.assign(opened(at=now()), by=cast.chou, to=cast.chen)
    client.force_login(cast.lin)
    page = client.get(reverse("cases:form", args=[case.number, "handover"]), **HTMX).content.decode()

    assert offered(page, "to") == [
        ("申訴一組", ["吳承翰（未結 0 件）", "周文彬（未結 0 件）", "陳柏宏（未結 1 件）"]),
        ("台南櫃面組", ["黃國榮（未結 0 件）"]),
        ("客服一組", ["張淑芬（未結 0 件）"]),
    ]  # fmt: skip
    for nobody in (cast.hsu, cast.tsai, cast.admin):
        told = {"to": nobody.pk, "reason": "代理"}
        assert client.post(reverse("cases:handover", args=[case.number]), told).status_code == 422


def test_a_leavers_cases_are_offered_to_desks_of_the_office_by_team(cast, opened, client):
    case = actions.assign(opened(at=now()), by=cast.chou, to=cast.lin)
    actions.assign(opened(at=now()), by=cast.chou, to=cast.chen)
    leave(cast.lin, by=cast.hsu)
    client.force_login(cast.chou)
    page = client.get(reverse("cases:handovers", args=["lin"])).content.decode()

    assert offered(page, f"to_{case.pk}") == [
        ("申訴一組", ["吳承翰（未結 0 件）", "周文彬（未結 0 件）", "陳柏宏（未結 1 件）"]),
        ("客服一組", ["張淑芬（未結 0 件）"]),
    ]  # fmt: skip


def test_on_a_telephone_the_box_that_finds_the_customer_comes_before_the_button(cast, client):
    client.force_login(cast.huang)
    page = client.get("/cases/new/").content.decode()
    assert page.index('id="who-q"') < page.index("id_subject") < page.index("button--main")


def test_who_may_know_the_customer_reads_one_name_on_the_whole_page(cast, opened, client):
    case = actions.assign(opened(at=now()), by=cast.lin, to=cast.lin)
    seen = {}
    for staff in (cast.lin, cast.chen):
        client.force_login(staff)
        for url in (reverse("cases:page", args=[case.number]), reverse("cases:timeline", args=[case.number])):
            page = client.get(url).content.decode()
            seen[staff.account, url.endswith("timeline/")] = ("王雅婷" in page, "王○婷" in page, "y***@" in page)
    assert seen == {
        ("lin", False): (True, False, False), ("lin", True): (True, False, False),
        ("chen", False): (False, True, False), ("chen", True): (False, True, False),
    }  # fmt: skip
