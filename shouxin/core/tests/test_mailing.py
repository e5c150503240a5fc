"""Mail into files: found by what it is about, and gone when that is forgotten."""

from email import message_from_bytes, policy
from pathlib import Path

import pytest
from django.core.mail import EmailMessage, get_connection, send_mail

from shouxin.core.mailing import forget_mail
from shouxin.core.refs import Ref

CASE, OTHER = Ref("case", 4517), Ref("case", 45)


@pytest.fixture
def folder(settings, tmp_path) -> Path:
    settings.EMAIL_BACKEND = "shouxin.core.mailing.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path / "mail"
    return tmp_path / "mail"


def post(about: Ref | None, number: str = "C26-004517.aa", body: str = "王小姐您好") -> None:
    message = EmailMessage("案件", body, to=["a@example.com"], headers={"Message-ID": f"<{number}@house.example>"})
    message.about = about
    message.send()


def test_a_message_is_one_file_that_only_this_house_may_read(folder):
    post(CASE)

    (path,) = folder.rglob("*.eml")
    message = message_from_bytes(path.read_bytes(), policy=policy.default)
    assert (message["To"], message["Subject"]) == ("a@example.com", "案件")
    assert message.get_content().strip() == "王小姐您好"
    assert path.parent.name == "case-4517"
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)


def test_forgetting_a_case_takes_its_mail_and_no_other(folder):
    post(CASE)
    post(OTHER, "C26-000045.bb")
    send_mail("給稽核", "封印", None, ["auditor@example.com"])

    forget_mail(CASE, known_as="C26-004517")
    forget_mail(CASE, known_as="C26-004517")

    assert [path.name for path in folder.iterdir() if path.is_dir()] == ["case-45"]
    assert [len(list(place.glob("*.eml"))) for place in (folder, folder / "case-45")] == [1, 1]


def test_of_a_case_single_messages_can_be_forgotten(folder):
    post(CASE, "C26-004517.aa")
    post(CASE, "C26-004517.bb")

    forget_mail(CASE, only=["<C26-004517.aa@house.example>"])

    assert [path.name.endswith("C26-004517.bb.eml") for path in folder.rglob("*.eml")] == [True]
    forget_mail(CASE, only=[])
    assert len(list(folder.rglob("*.eml"))) == 1


def test_mail_of_former_days_is_found_by_the_number_it_bears(folder):
    former = "django.core.mail.backends.filebased.EmailBackend"
    numbers = ["C26-004517", "C26-000045"]
    connections = [get_connection(former, file_path=str(folder)) for _number in numbers]
    for number, connection in zip(numbers, connections, strict=True):
        headers = {"Message-ID": f"<{number}.aa@house.example>"}
        EmailMessage("連結", "您的案件", to=["a@example.com"], headers=headers, connection=connection).send()

    forget_mail(CASE, known_as="C26-004517")
    (left,) = folder.glob("*.log")
    assert b"C26-000045" in left.read_bytes()
    forget_mail(OTHER, only=["<C26-000045.aa@house.example>"])
    assert list(folder.glob("*.log")) == []
