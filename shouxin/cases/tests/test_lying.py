"""What lies with a customer, and the list of what was written after a closing."""

import pytest

from shouxin.cases import actions
from shouxin.cases.desk import Looking, tabs
from shouxin.cases.queries import work_of
from shouxin.core.clock import now
from shouxin.customers.actions import Person, register
from shouxin.customers.ties import merge


@pytest.fixture
def yating(cast):
    return register(Person(name="王雅婷"), by=cast.lin)


def test_the_page_of_a_customer_begins_with_the_open_cases_and_takes_a_request_in(cast, opened, client, yating):
    former = register(Person(name="王雅婷"), by=cast.lin)
    mine = [opened(at=now(), customer=each, subject=f"第{n}件") for n, each in enumerate((yating, former))]
    done = actions.assign(opened("A14", at=now(), customer=yating), by=cast.lin, to=cast.lin)
    actions.close(done, by=cast.lin, reason="withdrawn")
    merge(former, into=yating, by=cast.chou, reason="同一人")
    client.force_login(cast.lin)

    page = client.get(f"/customers/{yating.number}/").content.decode()

    assert page.count("<li data-row") == 2 and all(case.number in page for case in (*mine, done))
    assert page.index("h-cases") < page.index("h-held") < page.index("h-timeline")
    assert f'href="/cases/new/?customer={yating.number}">受理新案</a>' in page
    begun = client.get(f"/cases/new/?customer={yating.number}").content.decode()
    assert f'name="customer" value="{yating.number}"' in begun


def test_each_entry_of_a_customer_names_its_case_and_leads_there(cast, opened, client, yating):
    case = opened(at=now(), customer=yating)
    client.force_login(cast.lin)
    told = client.get(f"/customers/{yating.number}/").content.decode().partition('id="h-timeline"')[2]
    link = f'<a class="nowrap" href="/cases/{case.number}/">{case.number}</a> '
    assert link in told and f">{yating.number}</a>" not in told


def test_after_a_closing_ones_own_and_nobodys_are_counted_and_all_for_who_leads(cast, opened):
    for officer in (cast.lin, cast.chen):
        case = actions.assign(opened("A14", at=now()), by=cast.chou, to=officer)
        actions.close(case, by=officer, reason="withdrawn")
        actions.receive(case, body="謝謝", channel="web")

    counted = {
        staff.account: next(tab["count"] for tab in tabs(staff, Looking()) if tab["query"] == "of=wrote")
        for staff in (cast.lin, cast.chen, cast.chou, cast.chang)
    }  # fmt: skip
    assert counted == {"lin": "1", "chen": "1", "chou": "2", "chang": "0"}
    assert [case.officer for case in work_of(cast.lin, of="wrote")] == [cast.lin]
