"""Terms about policies begin with what happens to them, and backward ones ahead of the end of their cover."""

from datetime import date, datetime, timedelta

import pytest

from shouxin.cases.actions import assign, record_event
from shouxin.cases.policy_clocks import promise_about_policies
from shouxin.people.models import Company
from shouxin.people.organisation import save_agent
from shouxin.policies.models import Policy, Product
from shouxin.promises.models import Promise
from tests.cast import NOON

DAY = timedelta(days=1)
TODAY = NOON.date()


@pytest.fixture
def house(cast):
    Company.objects.update(founded_at=NOON - 300 * DAY)
    return cast


@pytest.fixture
def policy(house):
    def make(line: str = "life", **about) -> Policy:
        product, _made = Product.objects.get_or_create(code=line, defaults={"name": line, "line": line})
        told = {"issued_on": date(2024, 1, 2), "premium": 1, "currency": "TWD", "branch": house.taipei}
        number = f"P-{Policy.objects.count() + 1}"
        return Policy.objects.create(number=number, number_key=number.lower(), product=product, **{**told, **about})

    return make


def promised(policy: Policy) -> list[tuple[str, datetime, str]]:
    return list(Promise.objects.about(policy.ref).order_by("rule").values_list("rule", "start_at", "state"))


def test_customers_are_to_be_told_that_their_agent_left(house, policy):
    held, other = policy(agent=house.lo), policy()
    house.lo.left_on = TODAY - 2 * DAY
    save_agent(house.lo, by=None, changed=["left_on"], at=NOON)

    assert promise_about_policies(NOON) == 1 and promise_about_policies(NOON) == 0

    assert [(rule, state) for rule, _at, state in promised(held)] == [("CO-11", "running")]
    made = Promise.objects.about(held.ref).get()
    assert made.start_at.astimezone(NOON.tzinfo).isoformat() == "2026-11-22T00:00:00+08:00"
    assert made.due_at.astimezone(NOON.tzinfo).isoformat() == "2026-12-05T00:00:00+08:00"  # ten working days
    assert promised(other) == []


def test_on_the_mainland_the_law_gives_thirty_days(house, policy):
    house.taipei.jurisdiction, house.taipei.place = "CN", ""
    house.taipei.save()
    house.lo.left_on = TODAY
    house.lo.save()
    long, short = policy(agent=house.lo), policy("accident", agent=house.lo, ends_on=date(2024, 12, 1))

    promise_about_policies(NOON)

    assert [rule for rule, *_rest in promised(long)] == ["CN-31", "CO-11"]
    assert [rule for rule, *_rest in promised(short)] == ["CO-11"]  # a year or less: the law asks for nothing


def test_a_word_to_the_customer_in_a_case_of_the_policy_keeps_it(house, policy, opened):
    house.lo.left_on = TODAY - 2 * DAY
    house.lo.save()
    held = policy(agent=house.lo)
    promise_about_policies(NOON)
    case = assign(opened("A20", policy=held), by=house.lin, to=house.lin, at=NOON)

    record_event(case, by=house.lin, event="customer_told", at=NOON, said_at=NOON)

    assert [state for _rule, _at, state in promised(held)] == ["kept"]


def test_a_delivered_policy_is_promised_a_welcome_call(house, policy):
    new, old = policy(delivered_on=TODAY - DAY), policy(delivered_on=TODAY - 90 * DAY)

    promise_about_policies(NOON)

    assert [rule for rule, *_rest in promised(new)] == ["CO-13"]
    assert promised(old) == []


def test_what_counts_backwards_is_promised_ahead_of_the_end_of_cover(house, policy):
    ends_on = date(2027, 1, 15)
    car, soon = policy("motor", ends_on=ends_on), policy("motor", ends_on=TODAY + 10 * DAY)

    promise_about_policies(NOON)

    made = Promise.objects.about(car.ref).get(rule="TW-34")
    # Thirty full days between: 15 December is the last day, told by its end.
    assert made.due_at.astimezone(NOON.tzinfo).isoformat() == "2026-12-16T00:00:00+08:00"
    assert promised(soon) == []  # the day for it was over before anybody could have known


def test_nothing_is_promised_of_the_time_before_the_company_came(house, policy):
    Company.objects.update(founded_at=NOON)
    house.lo.left_on = TODAY - 2 * DAY
    house.lo.save()
    held = policy(agent=house.lo)

    promise_about_policies(NOON)

    assert promised(held) == []
