"""Compliance erases a customer: found, read, confirmed by typing the number, and a report to be printed."""

import pytest

from shouxin.customers.actions import Person, register
from tests.browser import sign_in
from tests.cast import NOON, make_cast
from tests.journeys.looking import faults

pytestmark = pytest.mark.journey


def test_a_customer_is_erased_by_page(page, server):
    cast = make_cast()
    person = Person(name="王雅婷", id_number="A123456789", contacts=(("phone", "0912345417"),))
    customer = register(person, by=cast.chang, at=NOON)
    sign_in(page, "tsai")

    page.goto("/customers/erasures/?q=王雅婷")
    wrong = faults(page)
    page.get_by_role("link", name="看看會抹除什麼").click()
    wrong += faults(page)
    page.get_by_label("為什麼要抹除？").select_option("request")
    page.get_by_label("申請書文號").fill("2026-PDPA-014")
    page.get_by_label("請輸入客戶編號以確認").fill(customer.number)
    page.get_by_role("button", name="永久抹除").click()

    page.wait_for_url("**/customers/erasures/*/")
    assert page.get_by_role("heading", level=1).inner_text() == "抹除報告"
    assert customer.number in page.content() and "王雅婷" not in page.content()
    wrong += faults(page)
    assert wrong == []
