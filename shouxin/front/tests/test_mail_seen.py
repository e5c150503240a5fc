"""Without a mail server the health page says in amber that letters are filed and not sent."""

import pytest
from django.urls import reverse

from shouxin.front.health import house
from shouxin.people.models import Company
from tests.cast import NOON


@pytest.fixture
def no_mail(cast, settings):
    settings.EMAIL_BACKEND = "shouxin.people.mailing.HouseMail"
    return cast


def told() -> list[tuple[str, str]]:
    return [(line.word, line.tone) for line in house(NOON).parts if line.name == "寄信設定"]


def test_filed_letters_are_amber_until_a_mail_server_is_set(no_mail):
    assert told() == [("已存檔，未寄出", "soon")]
    Company.objects.update(mail_host="mail.example")
    assert told() == []


def test_the_sender_is_shown_as_people_read_it(no_mail, client):
    Company.objects.update(email="service@shouxin.example", mail_host="mail.example")
    client.force_login(no_mail.admin, backend="shouxin.people.backends.StaffBackend")
    page = client.get(reverse("people:mail")).text
    assert "寄件人：晴川人壽 &lt;service@shouxin.example&gt;" in page and "=?utf-8" not in page
