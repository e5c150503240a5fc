"""A planner keeps the catalogue and the replies: from the menu to a reply that officers are offered."""

import pytest

from shouxin.cases.catalogue import load_catalogue
from shouxin.cases.models import ReplyTemplate
from tests.browser import sign_in
from tests.cast import make_cast
from tests.journeys.looking import faults

pytestmark = pytest.mark.journey


@pytest.fixture
def cast(transactional_db):
    load_catalogue()
    return make_cast()


def test_a_planner_writes_a_reply_corrects_it_and_retires_it_by_keyboard(page, cast):
    sign_in(page, cast.admin.account)
    page.locator(".who summary").press("Enter")
    page.locator(".who a", has_text="回覆範本").press("Enter")
    page.wait_for_url("**/catalogue/templates/")
    page.locator("main a", has_text="新增範本").press("Enter")
    page.locator("#id_title").fill("謝謝您的提醒")
    page.locator("#id_body").fill("{costumer} 您好：謝謝您。")
    page.locator("main form .button--main").press("Enter")
    assert "{customer}" in page.locator(".field-error").inner_text()
    assert page.locator("#id_title").input_value() == "謝謝您的提醒"
    wrong = faults(page)

    page.locator("#id_body").fill("{customer} 您好：謝謝您。")
    page.locator("main form [name=preview]").press("Enter")
    page.locator(".touch-body", has_text="王淑婷 您好").wait_for()
    page.locator("main form .button--main").press("Enter")
    page.locator("main a", has_text="謝謝您的提醒").press("Enter")
    page.locator("#id_is_offered").press("Space")
    page.locator("main form .button--main").press("Enter")
    page.wait_for_url("**/catalogue/templates/")
    page.select_option("#template-state", "retired")
    page.locator("#_template_table tbody tr:only-child", has_text="謝謝您的提醒").wait_for()
    assert not ReplyTemplate.objects.get(title="謝謝您的提醒").is_offered

    for path in ("/catalogue/", "/catalogue/services/A10/", page.url):
        page.goto(path)
        wrong += faults(page)
    assert wrong == []
