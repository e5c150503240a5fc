"""The thinnest whole, in a real browser: asked by the public form, answered at the desk, read by link, and counted."""

import re

import pytest

from shouxin.cases.models import Case, Letter
from shouxin.complaints.models import Complaint
from tests.browser import sign_in, wait_for
from tests.cast import make_cast
from tests.journeys.looking import customer, faults

pytestmark = pytest.mark.journey
ANSWER = "王小姐您好：保費在每月五日扣款，這個月已經扣款完成。"


@pytest.fixture
def cast(server):
    return make_cast()


def ask(page, *, about: str, subject: str, body: str) -> str:
    """Fill in the public form; the address of the page it leads to."""
    page.goto("/service/")
    page.locator("a[href*='request']").first.click()
    page.select_option("select[name=service]", about)
    for name, text in {"subject": subject, "body": body, "name": "王雅婷", "phone": "0912-345-417",
                       "email": "ya.ting@example.com"}.items():  # fmt: skip
        page.fill(f"[name={name}]", text)
    page.locator("main button").click()
    page.wait_for_url("**/follow/**")
    return page.url


def take_next(page, subject: str) -> None:
    """From the desk, by the keyboard, to the case."""
    page.goto("/cases/")
    page.keyboard.press("n")
    page.wait_for_url(re.compile("/cases/C"))
    assert page.locator("h1").inner_text() == subject


def close_by_key(page, reason: str) -> None:
    page.keyboard.press("c")
    page.locator("#form-closure select[name=reason]").select_option(reason)
    page.locator("#form-closure button").click()


def test_from_the_public_form_to_the_figure_that_counts_it(page, browser, server, worker, cast):
    with customer(browser, server) as asking:
        link = ask(asking, about="A14", subject="想問保費何時扣款", body="這個月的保費扣了嗎？")
        number = Case.objects.get().number
        assert number in asking.locator("header").inner_text()
        assert asking.locator(".clock, .dial").count() > 0

        sign_in(page, "lin")
        take_next(page, "想問保費何時扣款")
        assert "這個月的保費扣了嗎？" in page.locator("main").inner_text()
        page.keyboard.press("r")
        page.keyboard.type(ANSWER)
        page.keyboard.press("Control+Enter")
        wait_for(lambda: Case.objects.get().state == "answered", 10, "the answer was not sent")
        page.locator(".case-main", has_text=ANSWER).wait_for()
        assert faults(page) == []
        page.evaluate("document.activeElement.blur()")
        close_by_key(page, "answered")
        wait_for(lambda: Case.objects.get().state == "closed", 10, "the case is not closed")

        asking.goto(link)
        assert ANSWER in asking.locator("#conversation").inner_text()
    wait_for(lambda: Letter.objects.filter(sent_at__isnull=False).count() == 2, 30, "receipt and answer did not leave")
    page.goto("/measures/first-reply/")
    assert faults(page) == []
    page.locator("#_figures a[href*='/facts/']").first.click()
    page.locator(f"main a:has-text('{number}')").first.click()
    page.wait_for_url(f"**/cases/{number}/**")


def test_a_complaint_goes_from_its_line_to_its_letter(page, browser, server, worker, cast):
    with customer(browser, server) as asking:
        link = ask(asking, about="A15", subject="理賠拖了三週", body="六月十日送件，到現在沒有消息。")
        wait_for(lambda: Complaint.objects.exists(), 20, "it did not become a complaint")
        case = Case.objects.get()

        sign_in(page, "lin")
        take_next(page, "理賠拖了三週")
        page.locator(f"a[href='/complaints/{case.number}/']").click()
        for step, fields in (
            ("line", {"is_dissatisfied": True, "disputes_right": True}),
            ("target", {"against_kind": "agent", "agent": "A-1001"}),
            ("investigator", {"investigator": str(cast.chen.pk)}),
            (
                "decision",
                {
                    "outcome": "upheld",
                    "findings": "送件後無人接續。",
                    "reasons": "期限已過，應先付。",
                    "without": "事實清楚，書面資料已足以判斷。",
                },
            ),
            ("cause", {"cause": "delay"}),
        ):
            fill(page, step, fields)
        assert "何政達" in page.locator("main").inner_text()
        assert faults(page) == []
        page.locator("form[action$='/letter/'] button").click()
        wait_for(lambda: Complaint.objects.get().letters.exists(), 10, "the letter was not sent")
        page.goto(f"/cases/{case.number}/")
        close_by_key(page, "granted")
        wait_for(lambda: Case.objects.get().state == "closed", 10, "the complaint is not closed")

        asking.goto(link)
        assert "如您不接受本公司處理結果" in asking.locator("#next-step").inner_text()
        with asking.expect_download() as coming:
            asking.locator("#answer a").first.click()
        assert coming.value.path().read_bytes().startswith(b"%PDF")


def fill(page, step: str, fields: dict[str, str | bool]) -> None:
    """One step of a complaint's page: opened, filled in, saved."""
    form = page.locator(f"form[action$='/{step}/']")
    if not form.is_visible():
        page.locator("details", has=form).locator("summary").first.click()
    for name, value in fields.items():
        field = form.locator(f"[name={name}]")
        if value is True:
            field.check()
        elif field.evaluate("node => node.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
    with page.expect_navigation():
        form.locator("button").click()
    assert page.locator("[role=alert].field-error").count() == 0


def test_the_public_pages_are_fit_for_everybody(page, browser, server, cast):
    with customer(browser, server) as asking:
        link = ask(asking, about="A15", subject="扣款兩次", body="同一個月扣了兩次。")
    for path in ("/service/", "/service/request/", "/service/link/", "/follow/C26-999999/wrong/", link):
        page.goto(path)
        assert faults(page) == []
    page.goto("/service/request/")
    page.locator("main button").click()
    assert faults(page) == []
    page.goto(link)
    page.fill("[name=answer]", "5417")
    page.locator("#unlock button").click()
    page.locator("#conversation").wait_for()
    assert faults(page) == []
