from datetime import timedelta

import pytest

from shouxin.cases.actions import attach
from shouxin.cases.models import Attachment
from shouxin.core.files import store
from shouxin.core.loops import write_heartbeats
from shouxin.front.health import house
from tests.cast import NOON


def test_a_loop_that_is_silent_is_not_heard_of_and_one_that_fails_says_why(cast):
    write_heartbeats({"worker": ("ok", ""), "sealing": ("failing", "OSError: disk full")}, NOON)
    write_heartbeats({"promises": ("ok", "")}, NOON - timedelta(minutes=5))

    lines = {line.name: (line.word, line.tone, line.text) for line in house(NOON).loops}

    assert lines == {
        "背景工作": ("正常", "kept", ""),
        "封存紀錄": ("出錯", "overdue", "OSError: disk full"),
        "看守承諾期限": ("沒有消息", "overdue", ""),
    }


def test_one_role_alone_is_amber(cast):
    found = house(NOON)

    assert [each.tone for each in found.findings if "DATABASE_WEB_URL" in each.text] == ["amber"]
    assert [(line.word, line.tone) for line in found.record if line.name == "資料庫角色"] == [("一個", "soon")]
    assert not found.is_well


@pytest.mark.parametrize(("name", "status"), [("admin", 200), ("tsai", 200), ("lin", 403)])
def test_the_page_is_for_administrators_and_compliance(cast, signed_in, name, status):
    assert signed_in(getattr(cast, name)).get("/health/").status_code == status


@pytest.mark.parametrize(
    ("url", "mail_host", "told"),
    [
        ("http://127.0.0.1:8000", "", ("僅限本機", "kept")),
        ("http://127.0.0.1:8000", "mail.example", ("僅限本機", "overdue")),
        ("https://elsewhere.example", "mail.example", ("連不到", "overdue")),
        ("https://testserver", "mail.example", ("僅限本機", "overdue")),
    ],
)
def test_an_address_that_customers_cannot_open_is_red_once_letters_go_out(cast, settings, url, mail_host, told):
    settings.SHOUXIN_PUBLIC_URL, settings.EMAIL_HOST = url, mail_host

    assert [(line.word, line.tone) for line in house(NOON).parts if line.name == "對外網址"] == [told]


def test_damaged_files_are_counted(cast, opened, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    attach(opened(), by=cast.lin, stored=store(b"paper", "a.txt"))

    def told() -> list[tuple[str, str]]:
        return [(line.word, line.tone) for line in house(NOON).parts if line.name == "附件"]

    assert told() == [("0 個損壞或不見", "kept")]
    Attachment.objects.update(damaged_at=NOON)
    assert told() == [("1 個損壞或不見", "overdue")]
