"""A page for erasure: found, read, confirmed, done once; refused in words while something stands against it."""

from datetime import date
from uuid import uuid4

import pytest

from shouxin.cases.actions import assign, open_case
from shouxin.cases.models import Case, Service
from shouxin.complaints import actions as complaints
from shouxin.complaints import ending
from shouxin.core.audience import Audience
from shouxin.core.rights import NotAllowed
from shouxin.customers import erasure
from shouxin.customers.actions import Person, register
from shouxin.customers.models import Customer
from shouxin.customers.ties import merge
from shouxin.people.models import Staff
from shouxin.policies.models import Policy, PolicyRole, Product
from shouxin.record.queries import timeline
from tests.cast import NOON

WHY = {"reason": "request", "reference": "2026-PDPA-014"}


@pytest.fixture
def yating(cast, settings, tmp_path) -> Customer:
    settings.HOME, settings.MEDIA_ROOT = tmp_path, tmp_path / "attachments"
    person = Person(name="王雅婷", id_number="A123456789", contacts=(("phone", "0912345417"),))
    return register(person, by=cast.chang, at=NOON)


def opened(cast, customer: Customer) -> Case:
    case = open_case(
        by=cast.lin, at=NOON, service=Service.objects.get(code="A15"), channel="phone", subject="理賠未付", body="請查",
        branch=cast.taipei, customer=customer,
    )  # fmt: skip
    assign(case, by=cast.chou, to=cast.lin, at=NOON)
    return Case.objects.get(pk=case.pk)


def insured(customer: Customer, state: str) -> Policy:
    policy = Policy.objects.create(
        number="P-2020-000417", number_key="P2020000417", issued_on=date(2020, 1, 1), premium=1000, currency="TWD",
        product=Product.objects.create(code="L-1", name="終身壽險", line="life"), state=state,
    )  # fmt: skip
    PolicyRole.objects.create(policy=policy, customer=customer, role=PolicyRole.Role.choices[0][0])
    return policy


def test_compliance_finds_reads_confirms_and_gets_a_report_to_print(cast, client, yating):
    client.force_login(cast.tsai)
    number, url = yating.number, f"/customers/{yating.number}/erasure/"
    assert url in client.get("/customers/erasures/?q=王雅婷").content.decode()
    page = client.get(url).content.decode()
    assert "會抹除的" in page and "會留下的，以及原因" in page and "聯絡方式" in page
    assert Customer.objects.get(pk=yating.pk).name == "王雅婷", "reading it erases nothing"

    wrong = client.post(url, WHY | {"typed": "K-999999"})
    key = str(uuid4())
    done = [client.post(url, WHY | {"typed": number.lower(), "key": key}) for _twice in range(2)]

    assert (wrong.status_code, "這不是這位客戶的編號" in wrong.content.decode()) == (422, True)
    assert [answer.status_code for answer in done] == [303, 303]
    assert done[0]["Location"] == done[1]["Location"]
    yating.refresh_from_db()
    assert (yating.name, yating.id_number, yating.contact_points.count()) == ("–", "", 0)
    (told,) = erasure.past()
    assert (told.numbers, told.reason, told.reference, told.actor) == (
        [number],
        "request",
        "2026-PDPA-014",
        cast.tsai.ref,
    )
    assert told.tables["customers_contactpoint"] == 1
    report = client.get(done[0]["Location"]).content.decode()
    for said in (number, "當事人請求", "2026-PDPA-014", "蔡佩珊", "聯絡方式"):
        assert said in report
    assert number in client.get("/customers/erasures/").content.decode()
    for page in (report, client.get("/customers/erasures/").content.decode()):
        assert "王雅婷" not in page and "0912" not in page


def test_nothing_personal_stands_in_the_facts_of_it(cast, yating):
    erasure.erase_customer(yating, by=cast.tsai, at=NOON, **WHY)

    told = [entry.data for entry in timeline([yating.ref, erasure.HOUSE], Audience.COMPLIANCE, limit=50)]
    assert "王雅婷" not in str(told) and "A123456789" not in str(told) and "0912345417" not in str(told)


@pytest.mark.parametrize("against", ["open case", "policy", "complaint", "once more", "a name in the reason"])
def test_what_stands_against_it_is_said_in_words_and_nothing_is_erased(cast, client, yating, against):
    client.force_login(cast.tsai)
    told, data = "", dict(WHY)
    if against == "open case":
        told = f"還有未結的案件：{opened(cast, yating).number}"
    elif against == "policy":
        insured(yating, Policy.State.IN_FORCE)
        told = "列在有效的保單上：P-2020-000417"
    elif against == "complaint":
        case = opened(cast, yating)
        complaint = complaints.ensure_complaint(case, by=cast.lin)
        verdict = complaints.Verdict(outcome="refused", findings="查", reasons="由", without="無")
        complaints.appoint(complaint, by=cast.lin, investigator=cast.chen, at=NOON)
        complaints.decide(complaint, by=cast.lin, verdict=verdict, at=NOON)
        ending.send_final_letter(complaint, by=cast.lin, at=NOON)
        complaint.letters.update(next_step_until=date(2999, 1, 1))
        Case.objects.update(state="closed", closed_at=NOON)
        told = f"申訴案 {case.number} 在 2999-01-01 以前"
    elif against == "once more":
        erasure.erase_customer(yating, by=cast.tsai, at=NOON, **WHY)
        told = "已經抹除過了"
    else:
        data, told = {"reason": "request", "reference": "A123456789"}, "請不要寫出任何人的姓名"
    url = f"/customers/{yating.number}/erasure/"

    answer = client.post(url, data | {"typed": yating.number})

    assert (answer.status_code, told in answer.content.decode()) == (422, True)
    assert len(erasure.past()) == (1 if against == "once more" else 0)
    if against in ("open case", "policy", "complaint"):
        assert told in client.get(url).content.decode()
        assert Customer.objects.get(pk=yating.pk).name == "王雅婷"


def test_a_policy_that_has_ended_stays_by_its_number_and_hinders_nothing(cast, yating):
    insured(yating, Policy.State.SURRENDERED)

    assert [each.what for each in erasure.outlook(yating).stays if "保單" in each.what] == ["1 張保單的編號"]
    erasure.erase_customer(yating, by=cast.tsai, at=NOON, **WHY)

    assert Policy.objects.get().roles.get().customer.name == "–"


def test_all_numbers_of_the_person_go_together(cast, yating):
    other = register(Person(name="王雅亭"), by=cast.chang, at=NOON)
    merge(other, into=yating, by=cast.chou, reason="同一人", at=NOON)

    fact, _report = erasure.erase_customer(yating, by=cast.admin, at=NOON, **WHY)

    assert erasure.report_of(fact).numbers == sorted([yating.number, other.number])
    assert set(Customer.objects.values_list("name", flat=True)) == {"–"}


def test_who_has_no_right_sees_no_page_and_the_action_refuses(cast, client, yating):
    leader = Staff.objects.get(account="chou")
    client.force_login(leader)
    fact = erasure.erase_customer(yating, by=cast.tsai, at=NOON, **WHY)[0]

    for path in ("/customers/erasures/", f"/customers/erasures/{fact}/", f"/customers/{yating.number}/erasure/"):
        assert client.get(path).status_code == 403
    with pytest.raises(NotAllowed):
        erasure.erase_customer(yating, by=leader, **WHY)
    client.force_login(cast.admin)
    assert client.get(f"/customers/erasures/{fact + 1000}/").status_code == 404
