"""The same complaint again: one term for both, as the Mainland's rule of 2020 (art. 18) has it, until it is undone."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import translation

from shouxin.cases.actions import assign, change, link_customer, open_case
from shouxin.cases.models import Case, CaseLink, Service
from shouxin.cases.rules import Claimant
from shouxin.complaints import actions, jobs, joining
from shouxin.complaints.models import Complaint, Joining
from shouxin.core.audience import Audience
from shouxin.core.guards import Refused
from shouxin.core.rights import NotAllowed
from shouxin.customers.actions import Person, register
from shouxin.people.models import Branch
from shouxin.policies.models import Policy, Product
from shouxin.promises.actions import withdraw
from shouxin.promises.firing import break_due
from shouxin.promises.models import Promise
from shouxin.record.queries import timeline
from tests.cast import NOON

DAY = timedelta(days=1)
AGAIN = NOON + 4 * DAY


@pytest.fixture
def shanghai(cast) -> Branch:
    return Branch.objects.create(code="shanghai", name="上海分公司", jurisdiction="CN", place="上海")


@pytest.fixture
def wang(cast):
    contacts = (("phone", "13800000417"), ("email", "wang@example.com"))
    return register(Person(name="王雅婷", contacts=contacts), by=cast.lin, at=NOON)


@pytest.fixture
def complain(cast, shanghai):
    """complain(at, customer=…, policy=…) -> a complaint of that instant, served by lin."""

    def make(at=NOON, service="A15", **about) -> Case:
        told = {"channel": "web", "subject": "收益与宣传不符", "body": "与当初说的不一样。", "branch": shanghai} | about
        opened = open_case(by=None, at=at, service=Service.objects.get(pk=service), **told)
        return assign(opened, by=cast.lin, to=cast.lin, at=at) if opened.officer_id is None else opened

    return make


@pytest.fixture(autouse=True)
def _serves(cast, shanghai):
    """Lin serves in Shanghai."""
    cast.complaints.branch = shanghai
    cast.complaints.save()
    cast.lin.refresh_from_db()


def policy(number: str, cast, agent=None) -> Policy:
    product, _made = Product.objects.get_or_create(code="END", defaults={"name": "富足养老", "line": "life"})
    return Policy.objects.create(
        number=number, number_key=number, product=product, issued_on=date(2024, 1, 1), premium=1000, currency="CNY",
        agent=agent,
    )  # fmt: skip


def terms(case: Case) -> list[tuple]:
    """The terms of this case under the rule of complaints: from when, and how each stands."""
    found = Promise.objects.about(case.ref).filter(rule="CN-12").order_by("pk")
    return list(found.values_list("start_at", "state"))


def heard(case: Case, kind: str, job) -> None:
    """What the worker would have run for the latest such fact."""
    entry = next(each for each in timeline(case.ref, Audience.STAFF) if each.kind == kind)
    job(entry.id, {"subject": str(case.ref), **entry.data})


def kinds(case: Case) -> list[str]:
    return [entry.kind for entry in timeline(case.ref, Audience.STAFF)]


def test_the_same_complaint_within_the_term_has_no_second_term(complain, wang):
    first, second = complain(customer=wang), complain(AGAIN, customer=wang)

    assert (terms(first), terms(second)) == ([(NOON, "running")], [])
    assert set(Promise.objects.about(second.ref).values_list("rule", flat=True)) >= {"CO-01", "CO-03", "CO-04"}
    link = CaseLink.objects.get()
    assert (link.case, link.other, link.kind, link.linked_by) == (second, first, "duplicate", None)
    assert "ComplaintJoined" in kinds(second) and "CaseLinked" in kinds(first)


def test_a_third_one_is_joined_with_the_first_whose_term_runs(complain, wang):
    first, _second, third = complain(customer=wang), complain(AGAIN, customer=wang), complain(AGAIN, customer=wang)

    assert Joining.objects.get(case=third).other == first


def test_who_is_known_by_a_contact_of_the_customer_is_the_customer(complain, wang):
    complain(customer=wang)
    by_mail = complain(AGAIN, claimant=Claimant(name="王女士", email="WANG@example.com"))
    by_phone = complain(AGAIN, claimant=Claimant(name="王女士", phone="+86 138-0000-0417"))
    a_stranger = complain(AGAIN, claimant=Claimant(name="王雅婷", email="417@example.com", phone="417"))

    assert [bool(terms(each)) for each in (by_mail, by_phone, a_stranger)] == [False, False, True]


@pytest.mark.parametrize(
    ("first", "second", "is_joined"),
    [
        ({"policy": "one"}, {"policy": "one"}, True),
        ({"policy": "one"}, {"policy": "one", "service": "A13"}, True),
        ({"policy": "one"}, {"policy": "two"}, False),
        ({"policy": "one"}, {}, True),
        ({"policy": "one"}, {"service": "A13"}, False),
        ({}, {}, True),
        ({"policy": "one", "aimed": "agent"}, {"policy": "two"}, True),
        ({"policy": "one", "aimed": "agent"}, {"policy": "three"}, False),
        ({"aimed": "product"}, {"policy": "three", "service": "A13"}, True),
    ],
)
def test_the_same_is_one_policy_agent_product_or_service(cast, complain, wang, first, second, is_joined):
    policies = {
        "one": policy("QL-1", cast, cast.lo), "two": policy("QL-2", cast, cast.lo), "three": policy("QL-3", cast),
    }  # fmt: skip
    aimed = first.pop("aimed", "")
    told = [{**each, **({"policy": policies[each["policy"]]} if "policy" in each else {})} for each in (first, second)]
    earlier = complain(customer=wang, **told[0])
    if aimed:
        one = {"agent": cast.lo} if aimed == "agent" else {"product": Product.objects.get(code="END")}
        complaint = actions.ensure_complaint(earlier)
        actions.aim(complaint, by=cast.lin, target=actions.Target(aimed, **one), at=NOON)

    assert (terms(complain(AGAIN, customer=wang, **told[1])) == []) is is_joined


def test_only_the_same_customer_within_the_term_and_where_the_law_joins(cast, complain, wang):
    other = register(Person(name="李明"), by=cast.lin, at=NOON)
    taipei = cast.taipei
    complain(customer=wang)
    complain(customer=other, branch=taipei)
    somebody_else = complain(AGAIN, customer=register(Person(name="陈静"), by=cast.lin, at=NOON))
    in_taiwan = complain(AGAIN, customer=other, branch=taipei)
    too_late = complain(NOON + 16 * DAY, customer=wang)

    assert terms(somebody_else) and terms(too_late)
    assert Promise.objects.about(in_taiwan.ref).filter(rule="TW-14").exists()
    assert not Joining.objects.exists()


def test_what_is_broken_already_is_joined_by_nothing(complain, wang):
    complain(customer=wang)
    break_due(NOON + 15.5 * DAY)

    assert terms(complain(NOON + 14 * DAY, customer=wang)) == [(NOON + 14 * DAY, "running")]


def test_taken_apart_with_a_reason_it_has_its_own_term_from_its_own_opening(cast, complain, wang):
    first, second = complain(customer=wang), complain(AGAIN, customer=wang)

    with pytest.raises(Refused):
        joining.separate(second, by=cast.lin, reason=" ", at=AGAIN + DAY)
    with pytest.raises(NotAllowed):
        joining.separate(second, by=cast.chang, reason="另一张保单", at=AGAIN + DAY)
    joining.separate(second, by=cast.lin, reason="这次投诉的是另一位业务员", at=AGAIN + DAY)

    assert (terms(first), terms(second)) == ([(NOON, "running")], [(AGAIN, "running")])
    made = next(each for each in timeline(second.ref, Audience.STAFF) if each.kind == "PromiseMade")
    assert (made.dims["rule"], made.data["begun_by"]) == ("CN-12", "complaint_received")
    assert Promise.objects.about(second.ref).get(rule="CN-12").due_at - AGAIN > 15 * DAY - timedelta(hours=15)
    told = next(each for each in timeline(second.ref, Audience.STAFF) if each.kind == "ComplaintSeparated")
    assert (told.content, told.other) == ({"reason": "这次投诉的是另一位业务员"}, str(first.ref))
    assert not CaseLink.objects.exists()
    change(second, by=cast.lin, service=Service.objects.get(pk="A13"), at=AGAIN + DAY)
    assert terms(second) == [(AGAIN, "running")]
    with pytest.raises(Refused):
        joining.separate(second, by=cast.lin, reason="再一次", at=AGAIN + DAY)


def test_new_facts_begin_the_term_anew_on_the_day_they_came(cast, complain, wang):
    first, second = complain(customer=wang), complain(AGAIN, customer=wang)

    joining.bring_new_facts(second, by=cast.lin, reason="附上当时的录音", at=AGAIN + DAY)

    assert terms(first) == [(NOON, "withdrawn"), (AGAIN, "running")]
    assert terms(second) == [] and "NewFactsBrought" in kinds(second)
    assert not _undecided(first)
    assert Joining.objects.get(case=second).separated_at is None
    with pytest.raises(Refused):
        joining.bring_new_facts(second, by=cast.lin, reason="再一次", at=AGAIN + DAY)


def _undecided(case: Case) -> bool:
    """Whether the worker is told of the withdrawal at all."""
    entry = next(each for each in timeline(case.ref, Audience.STAFF) if each.kind == "PromiseWithdrawn")
    return joining.ends_undecided(entry)


@pytest.mark.parametrize(("reason", "start_at"), [("withdrawn", AGAIN), ("not_ours", AGAIN), ("duplicate", NOON)])
def test_the_first_ends_undecided_and_the_second_has_its_own_term(cast, complain, wang, reason, start_at):
    first, second = complain(customer=wang), complain(AGAIN, customer=wang)

    withdraw(Promise.objects.about(first.ref).get(rule="CN-12"), at=AGAIN + DAY, reason=reason, by=cast.lin.ref)
    assert _undecided(first)
    for _twice in range(2):
        heard(first, "PromiseWithdrawn", jobs.release_joined)

    assert terms(second) == [(start_at, "running")]
    assert kinds(second).count("ComplaintSeparated") == 1


def test_what_was_joined_under_a_replaced_version_of_the_rule_is_taken_apart(cast, complain, wang):
    first, second, third = complain(customer=wang), complain(AGAIN, customer=wang), complain(AGAIN, customer=wang)
    Joining.objects.update(rule_version=1)

    joining.separate(second, by=cast.lin, reason="另一张保单", at=AGAIN + DAY)
    withdraw(Promise.objects.about(first.ref).get(rule="CN-12"), at=AGAIN + DAY, reason="not_ours", by=cast.lin.ref)
    heard(first, "PromiseWithdrawn", jobs.release_joined)

    assert (terms(second), terms(third)) == ([(AGAIN, "running")], [(AGAIN, "running")])


def test_when_we_learn_who_asks_the_later_term_ends_as_joined(cast, complain, wang):
    first = complain(customer=wang)
    second = complain(AGAIN, claimant=Claimant(name="王女士", email="new@example.com"))
    third = complain(AGAIN, claimant=Claimant(name="王女士", email="new@example.com"))
    assert terms(second) and terms(third)

    for case in (second, third):
        link_customer(case, by=cast.lin, customer=wang, reason="核对身份证", at=AGAIN + DAY)
        heard(case, "CustomerLinked", jobs.join_when_known)

    assert [terms(each)[0][1] for each in (first, second, third)] == ["running", "withdrawn", "withdrawn"]
    assert {each.other for each in Joining.objects.all()} == {first}


def test_the_first_is_known_last_and_all_are_joined_with_it(cast, complain, wang):
    first = complain(claimant=Claimant(name="王女士", email="new@example.com"))
    second, third = complain(AGAIN, customer=wang), complain(AGAIN, customer=wang)
    assert Joining.objects.get().case == third

    link_customer(first, by=cast.lin, customer=wang, reason="核对身份证", at=AGAIN + DAY)
    heard(first, "CustomerLinked", jobs.join_when_known)

    assert {(each.case, each.other) for each in Joining.objects.all()} == {(second, first), (third, first)}
    assert [terms(each)[-1:] for each in (first, second, third)] == [[(NOON, "running")], [(AGAIN, "withdrawn")], []]


def test_staff_see_it_at_the_head_of_both_cases_and_part_them_on_the_page(cast, complain, wang, client):
    first, second = complain(customer=wang), complain(AGAIN, customer=wang)
    Complaint.objects.get_or_create(case=second)
    client.force_login(cast.lin)

    head = client.get(reverse("cases:page", args=[second.number])).content.decode()
    assert "併入" in head and reverse("cases:page", args=[first.number]) in head
    assert f"{second.number}</a>" in client.get(reverse("cases:page", args=[first.number])).content.decode()
    where = reverse("complaints:complaint", args=[second.number])
    assert f"{where}?joining" in head
    assert "<details open>" in client.get(f"{where}?joining").content.decode().partition("is_dissatisfied")[0]
    assert "<details open>" not in client.get(where).content.decode().partition("is_dissatisfied")[0]
    url = reverse("complaints:joining", args=[second.number])
    assert client.post(url, {"what": "separate", "reason": ""}).status_code == 422
    assert client.post(url, {"what": "separate", "reason": "另一件事"}).status_code == 303
    assert terms(second) == [(AGAIN, "running")]
    assert "併入" not in client.get(reverse("cases:page", args=[second.number])).content.decode()


def test_the_timeline_tells_it_in_plain_words(cast, complain, wang, client):
    first, second = complain(customer=wang), complain(AGAIN, customer=wang)
    joining.bring_new_facts(second, by=cast.lin, reason="附上当时的录音", at=AGAIN + DAY)
    joining.separate(second, by=cast.lin, reason="另一张保单", at=AGAIN + DAY)
    client.force_login(cast.lin)

    with translation.override("zh-hant"):
        told = client.get(reverse("cases:page", args=[second.number])).content.decode()
    for words in (f"與 {first.number} 併案", "自收到新事證之日重新起算", f"與 {first.number} 分開"):
        assert words in told
