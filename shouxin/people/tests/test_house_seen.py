"""Where links lead, whom mail is from, which picture customers see."""

import smtplib
import socket
import struct
from email import message_from_bytes, policy

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.mail import EmailMessage

from shouxin.people import mailing
from shouxin.people.address import is_only_here, link, origin, public_url
from shouxin.people.logo import logo, picture_type
from shouxin.people.models import Company

PNG = b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII5s", 13, b"IHDR", 40, 20, b"\x08\x02\0\0\0") + b"\0" * 8


def test_the_environment_wins_over_the_setting_and_that_over_where_the_server_listens(cast, settings):
    settings.SHOUXIN_PUBLIC_URL, settings.SHOUXIN_SERVED_AT = "", "http://127.0.0.1:8105"
    assert public_url() == "http://127.0.0.1:8105"
    Company.objects.update(public_url="https://service.example.com")
    assert link("/follow/") == "https://service.example.com/follow/"
    settings.SHOUXIN_PUBLIC_URL = "https://given.example.com"
    assert link("/follow/") == "https://given.example.com/follow/"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("https://service.example.com/", "https://service.example.com"), ("http://10.0.0.7:81", "http://10.0.0.7:81"),
        (" https://客服.example ", "https://客服.example"), ("https://[2001:db8::1]:843", "https://[2001:db8::1]:843"),
        ("service.example.com", ""), ("javascript:alert(1)", ""), ("https://a.example/path", ""),
        ("https://u:p@a.example", ""), ("https://a.example:port", ""), ("https://", ""), ("ftp://a.example", ""),
    ],
)  # fmt: skip
def test_an_address_is_scheme_and_host_and_nothing_else(typed, kept):
    assert origin(typed) == kept


@pytest.mark.parametrize(
    ("url", "is_here"),
    [
        ("http://127.0.0.1:8000", True), ("http://localhost:8000", True), ("http://[::1]:8", True),
        ("http://127.8.8.8", True), ("http://0.0.0.0:8000", True), ("http://a.localhost", True),
        ("https://service.example.com", False), ("http://10.0.0.7", False), ("http://[2001:db8::1]", False),
    ],
)  # fmt: skip
def test_an_address_of_this_machine_is_known(url, is_here):
    assert is_only_here(url) is is_here


def test_mail_is_from_the_service_address_of_the_company(cast, settings, tmp_path):
    settings.EMAIL_BACKEND, settings.EMAIL_FILE_PATH = "shouxin.people.mailing.HouseMail", str(tmp_path)
    Company.objects.update(email="service@qingchuan.example")

    EmailMessage("案件", "您好", to=["a@example.com"]).send()

    (path,) = tmp_path.glob("*.eml")
    message = message_from_bytes(path.read_bytes(), policy=policy.default)
    assert message["From"].addresses[0].addr_spec == "service@qingchuan.example"
    assert message["From"].addresses[0].display_name == "晴川人壽"


def test_the_mail_server_is_set_on_a_page_and_its_password_lies_beside_the_secrets(cast, client, settings, tmp_path):
    settings.HOME = tmp_path
    client.force_login(cast.admin)
    about = {"mail_host": "127.0.0.1", "mail_port": 1, "mail_security": "none", "mail_user": "", "password": "geheim 1"}

    assert client.send("/settings/mail/", about)["Location"] == "/settings/mail/"

    server = mailing.server()
    assert (server.host, server.port, server.password, server.security) == ("127.0.0.1", 1, "geheim 1", "none")
    assert (tmp_path / "secrets/smtp-password").stat().st_mode & 0o777 == 0o600
    assert "geheim" not in client.get("/settings/mail/").content.decode()


def test_a_test_mail_tells_in_words_why_the_server_did_not_take_it(cast, client):
    Company.objects.update(mail_host="127.0.0.1", mail_port=1, mail_security="none")
    client.force_login(cast.admin)

    answer = client.post("/settings/mail/test/", {"to": "a@example.com"}, follow=True)

    assert "郵件伺服器在這個連接埠沒有回應" in answer.content.decode()


@pytest.mark.parametrize(
    ("problem", "words"),
    [
        (socket.gaierror(), "找不到"), (TimeoutError(), "逾時"), (smtplib.SMTPAuthenticationError(535, b""), "密碼"),
        (smtplib.SMTPRecipientsRefused({}), "收件人"), (smtplib.SMTPDataError(554, b"no"), "554"),
    ],
)  # fmt: skip
def test_each_refusal_of_a_mail_server_has_its_words(problem, words):
    assert words in str(mailing.reason_of(problem))


def test_only_an_administrator_sets_mail_and_logo(cast, client):
    for who, status in ((cast.hsu, 403), (cast.admin, 200)):
        client.force_login(who)
        assert [client.get(path).status_code for path in ("/settings/mail/", "/settings/logo/")] == [status] * 2


def test_a_logo_stands_on_every_public_page_with_telephone_and_address(cast, client):
    Company.objects.update(address="台北市信義路五段 7 號")
    client.force_login(cast.admin)
    upload = SimpleUploadedFile("logo.png", PNG, "image/png")

    assert client.post("/settings/logo/", {"logo": upload})["Location"] == "/settings/logo/"
    client.logout()

    page = client.get("/service/").content.decode()
    source = page.partition('class="company-logo" src="')[2].partition('"')[0]
    picture = client.get(source)
    assert (picture.content, picture["Content-Type"]) == (PNG, "image/png")
    assert "0800-000-417" in page and "台北市信義路五段 7 號" in page


@pytest.mark.parametrize(
    "content",
    [b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", b"GIF89a", b"", b"\x89PNG\r\n\x1a\n",
     PNG.replace(struct.pack(">I", 40), struct.pack(">I", 40000)), b"\xff\xd8\xff\xe0"],
)  # fmt: skip
def test_what_runs_or_is_no_picture_is_refused_as_a_logo(cast, client, content):
    assert picture_type(content) == ""
    client.force_login(cast.admin)
    answer = client.post("/settings/logo/", {"logo": SimpleUploadedFile("logo.png", content, "image/png")})
    assert (answer.status_code, logo()) == (422, None)
