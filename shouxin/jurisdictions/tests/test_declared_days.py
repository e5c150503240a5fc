"""Days declared closed by place."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError

from shouxin.core.refs import Ref
from shouxin.jurisdictions import queries
from shouxin.jurisdictions.actions import Declaration, declare_day
from shouxin.jurisdictions.calendars import Hours, office_hours
from shouxin.jurisdictions.models import DeclaredDay
from shouxin.jurisdictions.packs import pack
from shouxin.jurisdictions.queries import calendar_of, keeps_hours
from shouxin.record.models import FactRow

TAIPEI = ZoneInfo("Asia/Taipei")
TYPHOON = date(2026, 9, 10)
LIN = Ref("staff", 7)


@pytest.mark.django_db
def test_a_typhoon_day_closes_its_place_and_no_other():
    declare_day(Declaration("TW", "台南市", TYPHOON, "台南市政府公告"), by=LIN)
    tainan, taipei = calendar_of("TW:台南市"), calendar_of("TW:台北市")
    assert not tainan.is_working_day(TYPHOON)
    assert taipei.is_working_day(TYPHOON)
    assert tainan.version != taipei.version


@pytest.mark.django_db
def test_a_deadline_on_a_typhoon_day_moves_to_the_next_working_day():
    rule, start = pack("TW").rule("TW-14"), datetime(2026, 8, 11, 9, tzinfo=TAIPEI)
    before = rule.reckon(start, calendar_of("TW:台南市")).due_at
    declare_day(Declaration("TW", "", TYPHOON, "行政院人事行政總處公告"), by=LIN)
    after = rule.reckon(start, calendar_of("TW:台南市")).due_at
    assert before == datetime(2026, 9, 11, tzinfo=TAIPEI)
    assert after == before + timedelta(days=1)


@pytest.mark.django_db
def test_half_a_day_stays_open_and_the_newest_word_holds():
    declare_day(Declaration("TW", "台南市", TYPHOON, "上午公告"), at=datetime(2026, 9, 9, 20, tzinfo=TAIPEI))
    night = datetime(2026, 9, 9, 22, tzinfo=TAIPEI)
    declare_day(Declaration("TW", "台南市", TYPHOON, "修正公告", is_open=True, hours=("13:00-17:30",)), at=night)
    now, earlier = calendar_of("TW:台南市"), calendar_of("TW:台南市", night - timedelta(hours=1))
    assert now.windows_on(TYPHOON) == ((780, 1050),)
    assert earlier.windows_on(TYPHOON) == ()
    assert now.is_working_day(TYPHOON)


@pytest.mark.django_db
def test_declaring_records_a_fact_with_its_source():
    row = declare_day(Declaration("TW", "台南市", TYPHOON, "台南市政府公告"), by=LIN)
    fact = FactRow.objects.get(kind="DayDeclared")
    assert (fact.subject, fact.actor, fact.jurisdiction) == (str(row.ref), "staff:7", "TW")
    assert fact.data["day"] == "2026-09-10"
    assert fact.data["told_by"] == "台南市政府公告"


@pytest.mark.django_db
def test_the_same_calendar_is_kept_until_something_is_declared():
    first = calendar_of("TW:台北市")
    assert calendar_of("TW:台北市") is first
    declare_day(Declaration("TW", "台北市", TYPHOON, "台北市政府公告"))
    assert calendar_of("TW:台北市") is not first


@pytest.mark.django_db
def test_hours_that_are_none_and_days_without_source_are_refused():
    with pytest.raises(ValueError, match="not a window"):
        declare_day(Declaration("TW", "", TYPHOON, "公告", is_open=True, hours=("12:00-09:00",)))
    with pytest.raises(LookupError):
        declare_day(Declaration("company", "", TYPHOON, "公告"))
    with pytest.raises(IntegrityError):
        DeclaredDay.objects.create(
            jurisdiction="TW", day=TYPHOON, source="", declared_at=datetime(2026, 9, 9, tzinfo=TAIPEI)
        )


@pytest.mark.django_db
def test_hours_that_an_office_keeps_hold_from_their_day_on(monkeypatch):
    longer = Hours(office_hours(range(5), "08:00-20:00").weekly, from_on=date(2026, 9, 1))
    monkeypatch.setattr(queries, "_KEEPERS", [])
    keeps_hours(lambda jurisdiction, place: (longer,) if place == "台南市" else ())
    tainan = calendar_of("TW:台南市")
    assert tainan.windows_on(date(2026, 8, 31)) == calendar_of("TW:台北市").windows_on(date(2026, 8, 31))
    assert tainan.windows_on(date(2026, 9, 1)) == ((480, 1200),)
    assert tainan.version != calendar_of("TW:台北市").version
