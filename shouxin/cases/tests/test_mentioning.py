"""A colleague named in a note is told of it; a notice turns old when what it asked for is done."""

import pytest

from shouxin.cases import actions
from shouxin.cases.actions.excluding import keep_out
from shouxin.cases.models import Case
from shouxin.core.clock import now
from shouxin.core.links import link_for
from shouxin.people.models import Notice
from shouxin.people.notices import notify


@pytest.fixture
def case(cast, opened) -> Case:
    return actions.assign(opened("A14", at=now()), by=cast.lin, to=cast.lin)


def told(*, text: str = "提到您") -> list[str]:
    return list(
        Notice.objects.filter(text__contains=text).order_by("staff__account").values_list("staff__account", flat=True)
    )


@pytest.mark.parametrize(
    ("body", "whom"),
    [
        ("@陳柏宏 請留意", ["chen"]), ("＠陳柏宏請留意，@周文彬也是，@陳柏宏", ["chen", "chou"]),
        ("陳柏宏請留意", []), ("寄到 lin@chen.tw 與 a@chen", []), ("@chenx", []), ("@林佳穎 自己", []), ("@", []),
        ("@黃國榮 看不到台北的案件", []), ("@chen 請看", ["chen"]),
    ],
)  # fmt: skip
def test_a_note_tells_those_it_names_who_may_see_the_case(cast, case, body, whom):
    actions.note(case, by=cast.lin, body=body)
    assert told() == whom


def test_of_names_that_begin_alike_the_longest_is_meant_and_a_note_sent_twice_tells_once(cast, case):
    cast.chang.name = "陳柏宏明"
    cast.chang.save()
    for _ in range(2):
        actions.note(case, by=cast.lin, body="@陳柏宏明 請看", key="6a3e8f3e-3f1c-4df4-9d4e-3d2c2e6f1a11")
    assert told() == ["chang"]
    notice = Notice.objects.get()
    assert (notice.text, notice.url) == (f"林佳穎在備註裡提到您：{case.number}", link_for(case.ref))


def test_a_reply_or_a_colleague_kept_out_is_told_nothing(cast, case):
    actions.reply(case, by=cast.lin, body="@陳柏宏 您好")
    keep_out(case, [cast.chen], by=cast.chou, at=now())
    actions.note(case, by=cast.lin, body="@陳柏宏")
    assert told() == []


def test_closing_makes_what_was_asked_old_but_not_that_somebody_was_named(cast, case):
    notify(cast.chou, "即將到期", url=link_for(case.ref))
    notify(cast.chou, "另一件", url="/cases/C26-999999/")
    actions.note(case, by=cast.lin, body="@周文彬 請看")
    actions.close(case, by=cast.lin, reason="withdrawn")
    assert set(Notice.objects.filter(read_at=None).values_list("text", flat=True)) == {
        "另一件", f"林佳穎在備註裡提到您：{case.number}"
    }  # fmt: skip
