"""The whole of an officer's loop by keyboard: take next, read, answer, close; and what axe finds on the way."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from shouxin.cases.actions import open_case
from shouxin.cases.catalogue import load_catalogue
from shouxin.cases.models import Case, Service
from shouxin.cases.rules import Claimant
from shouxin.core.clock import now
from tests.browser import sign_in
from tests.cast import Cast, make_cast

pytestmark = pytest.mark.journey


@pytest.fixture
def cast(transactional_db) -> Cast:
    load_catalogue()
    return make_cast()


@pytest.fixture
def case(cast) -> Case:
    return open_case(
        by=None, at=now(), service=Service.objects.get(pk="A01"), channel="web", subject="地址變更",
        body="我搬家了,請改地址。", branch=cast.taipei, claimant=Claimant(name="王雅婷", email="ya.ting@example.com"),
    )  # fmt: skip


def found_by_axe(page) -> list[str]:
    """What axe calls wrong on this page: the rule and the first place."""
    wrong = Axe().run(page).response["violations"]
    return [f"{each['id']}: {each['nodes'][0]['html'][:120]}" for each in wrong]


def test_an_officer_takes_reads_answers_and_closes_by_keyboard(page, case):
    sign_in(page, "lin")
    page.goto("/cases/")
    page.keyboard.press("n")
    page.wait_for_url(f"**/cases/{case.number}/")
    assert "請改地址" in page.locator("#_timeline").inner_text()

    page.keyboard.press("r")
    page.keyboard.type("已為您變更完成。")
    page.keyboard.press("Control+Enter")
    page.locator("#_timeline", has_text="已為您變更完成").wait_for()

    page.keyboard.press("c")
    page.locator("#closure_reason").select_option("answered")
    page.locator("#form-closure button").press("Enter")
    page.locator(".case-head .badge", has_text="已結案").wait_for()

    case.refresh_from_db()
    assert (case.state, case.officer.account) == ("closed", "lin")


def test_keys_are_silent_while_something_is_written(page, case):
    sign_in(page, "lin")
    page.goto("/cases/?of=unassigned")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/cases/{case.number}/")
    page.locator("#id_body").click()
    page.keyboard.type("nc?")

    assert page.locator("#id_body").input_value() == "nc?"
    assert page.locator("#keys").is_hidden()
    assert Case.objects.get(pk=case.pk).officer is None


def test_what_is_written_is_kept_as_a_draft(page, case):
    sign_in(page, "lin")
    page.goto(f"/cases/{case.number}/")
    page.locator("#id_body").fill("寫到一半")
    page.locator("[data-saved]", has_text="草稿已存").wait_for()
    page.reload()

    assert page.locator("#id_body").input_value() == "寫到一半"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_the_officers_pages(page, case, scheme):
    sign_in(page, "lin")
    page.emulate_media(color_scheme=scheme)
    paths = (
        "/cases/",
        "/cases/?of=all",
        f"/cases/{case.number}/",
        f"/cases/{case.number}/?open=closure",
        "/cases/new/",
    )
    found = {}
    for path in paths:
        page.goto(path)
        found |= {path: wrong} if (wrong := found_by_axe(page)) else {}

    assert found == {}


def test_nothing_is_wider_than_a_small_telephone(page, case):
    sign_in(page, "lin")
    page.set_viewport_size({"width": 360, "height": 780})
    widths = []
    for path in ("/cases/", "/cases/?of=all", f"/cases/{case.number}/", "/cases/new/"):
        page.goto(path)
        widths.append(page.evaluate("document.documentElement.scrollWidth"))

    assert widths == [360] * 4
