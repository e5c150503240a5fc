from datetime import timedelta

import pytest

from shouxin.core.loops import write_heartbeats
from shouxin.front.health import house
from tests.cast import NOON


def test_a_loop_that_is_silent_is_not_heard_of_and_one_that_fails_says_why(cast):
    write_heartbeats({"worker": ("ok", ""), "sealing": ("failing", "OSError: disk full")}, NOON)
    write_heartbeats({"promises": ("ok", "")}, NOON - timedelta(minutes=5))

    lines = {line.name: (line.word, line.tone, line.text) for line in house(NOON).loops}

    assert lines == {
        "worker": ("正常", "kept", ""),
        "sealing": ("出錯", "overdue", "OSError: disk full"),
        "promises": ("沒有消息", "overdue", ""),
    }


def test_one_role_alone_is_amber(cast):
    found = house(NOON)

    assert [each.tone for each in found.findings if "DATABASE_WEB_URL" in each.text] == ["amber"]
    assert [(line.word, line.tone) for line in found.record if line.name == "資料庫角色"] == [("一個", "soon")]
    assert not found.is_well


@pytest.mark.parametrize(("name", "status"), [("admin", 200), ("tsai", 200), ("lin", 403)])
def test_the_page_is_for_administrators_and_compliance(cast, signed_in, name, status):
    assert signed_in(getattr(cast, name)).get("/health/").status_code == status
