"""What surrounds every page: its sign in the browser's tab, and a landmark around everything that is read."""

import re

import pytest
from django.contrib.staticfiles import finders

from shouxin.people.models import Company
from tests.sending import Client

ICON = re.compile(r'<link rel="icon" type="image/svg\+xml" href="/static/([^"]+)">')


@pytest.mark.parametrize("path", ["/sign-in/", "/service/", "/no-such-page/"])
def test_the_seal_stands_in_the_tab_before_anybody_signs_in(cast, path):
    (name,) = ICON.findall(Client().get(path).text)

    assert finders.find(name) is not None


def test_a_browser_that_asks_by_the_old_name_is_led_to_the_seal(cast):
    assert Client().get("/favicon.ico")["Location"] == "/static/core/favicon.svg"


@pytest.mark.parametrize("path", ["/no-such-page/", "/cases/C26-999999/", "/imports/policies/"])
def test_a_colleague_keeps_the_desk_around_a_page_that_is_not_shown(cast, path):
    client = Client()
    client.force_login(cast.lin, backend="shouxin.people.backends.StaffBackend")
    answer = client.get(path)

    assert answer.status_code in {403, 404}
    assert ('class="rail' in answer.text, "現在還不行" in answer.text) == (True, False)
    assert ("不在您的職務範圍內" in answer.text) is (answer.status_code == 403)
    assert 'class="rail' not in Client().get(path, follow=True).text


def test_the_banner_of_the_example_is_a_landmark_of_its_own(cast):
    Company.objects.update(is_example=True)
    client = Client()
    client.force_login(cast.lin, backend="shouxin.people.backends.StaffBackend")

    assert '<aside class="banner" aria-label="範例資料">' in client.get("/").text
