"""Before a day is declared: what it would move and who would be told, as it then happens."""

from datetime import date

import pytest

from shouxin.cases.actions import assign
from shouxin.front.declaring import preview
from shouxin.jurisdictions.actions import Declaration, declare_day
from shouxin.jurisdictions.packs import pack
from shouxin.promises.actions import make
from shouxin.promises.models import Promise
from shouxin.promises.redue import redue_changed
from tests.cast import NOON

TYPHOON = Declaration("TW", "台北市", date(2026, 11, 25), "停班停課")


@pytest.fixture
def case(cast, opened):
    """A case with two promises that count working days, one of them for staff only."""
    case = assign(opened(), by=cast.chou, to=cast.lin, at=NOON)
    Promise.objects.all().delete()
    about = {"subject": case.ref, "start_at": NOON, "calendar_key": "TW:台北市", "dims": case.dims()}
    make(pack("company").rule("CO-05"), **about)
    inside = make(pack("company").rule("CO-08"), **about)
    Promise.objects.filter(pk=inside.pk).update(audience="staff")
    return case


def test_the_preview_says_what_declaring_then_does(cast, case):
    seen = preview(cast.chou, TYPHOON, at=NOON)
    assert (seen.promises, seen.customers, [line.case for line in seen.lines]) == (2, 1, [case])
    assert (seen.lines[0].old, seen.lines[0].new) == ("11/27(五)\u200924:00", "11/30(一)\u200924:00")
    assert Promise.objects.filter(due_at=NOON.replace(day=28, hour=0, minute=0)).count() >= 1

    declare_day(TYPHOON, by=cast.chou.ref, at=NOON)
    assert redue_changed(NOON) == seen.promises


def test_another_place_and_a_withdrawal_of_nothing_move_nothing(cast, case):
    for told in (
        Declaration("TW", "台南市", date(2026, 11, 25), "停班停課"),
        Declaration("TW", "台北市", date(2026, 11, 25), "誤植", is_withdrawn=True),
    ):
        assert preview(cast.chou, told, at=NOON).promises == 0


def test_who_may_not_see_the_case_reads_no_name(cast, case):
    seen = preview(cast.huang, TYPHOON, at=NOON)

    assert (seen.promises, seen.customers, [line.case for line in seen.lines]) == (2, 1, [None])
