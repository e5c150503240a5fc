"""Days, amounts, currencies and identifiers of a cell: the right value, or a refusal."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouxin.tables.amounts import currency_in, read_amount, read_currency
from shouxin.tables.days import Manner, Unreadable, Window, read_day, read_instant
from shouxin.tables.parsing.cells import NUMBER, clean
from shouxin.tables.parsing.dates import DAY_FIRST, MONTH_FIRST, REPUBLIC, SHORT, WESTERN
from shouxin.tables.words import read_identifier, read_text

FIFTH = date(2024, 1, 5)
TAIPEI = ZoneInfo("Asia/Taipei")


def day(text: str, *signs: str, chosen: str = "", window: Window | None = None, others: frozenset = frozenset()):
    manner = Manner({"on": frozenset(signs), "other": others}, chosen)
    return read_day(text, "on", manner, window or Window())


@pytest.mark.parametrize(
    "text",
    ["113/01/05", "113/1/5", "1130105", "民國113年1月5日", "中華民國113年01月05日", "113年1月5日", "民國113/1/5",
     "113.1.5",
     "113-01-05", "１１３／０１／０５", "R113/01/05", "ROC 113/01/05", "2024/1/5", "2024-01-05", "2024.01.05",
     "20240105", "2024年1月5日", "2024年1月5號", "2024-01-05 00:00:00", "2024/01/05 14:30",
     "2024-01-05T14:30:00+08:00",
     "2024-01-05 下午 02:30", "2024/1/5 下午 2:30:00", "05-Jan-2024", "5 January 2024", "Jan 5, 2024", "45296",
     f"{NUMBER}45296", f"{NUMBER}1130105", f"{NUMBER}20240105", "05.01.2024", "2024/01/05(五)", "2024/1/5 星期五"],
)  # fmt: skip
def test_a_day_is_read_in_all_its_writings(text):
    assert day(text) == FIFTH


@pytest.mark.parametrize(
    "text",
    ["0001-01-01", "1900-01-01", "9999-12-31", "0000-00-00", "0001/1/1", "1/1/0001", "9999/12/31", "00000000",
     "1900-01-00", "0000-00-00 00:00:00", "0001-01-01T00:00:00", "31/12/9999", "99991231", "1753-01-01", "1/1/1"],
)  # fmt: skip
def test_a_null_date_is_no_day(text):
    assert day(text) is None


@pytest.mark.parametrize(
    "text",
    ["112/02/29", "2023-02-29", "2024-13-01", "2024111", "99999999999999999999/1/1", "0/1/1", "-5/1/1", "昨天",
     "2024-01", "113/01", "24/01/05", "690517", "05/01/2024", "01/05/24", "2099-01-01", "1130105.5", "12345",
     "0690517000", "2024/01/05 25:00", "民國前5年1月5日", "300/01/05", "١٢/٠١/٢٠٢٤ x"],
)  # fmt: skip
def test_what_is_no_plausible_day_or_could_be_two_is_refused(text):
    with pytest.raises(Unreadable):
        day(text)


def test_the_column_or_a_choice_settles_which_is_the_day():
    assert day("05/01/2024", DAY_FIRST) == FIFTH
    assert day("01/05/2024", MONTH_FIRST) == FIFTH
    assert day("05/01/2024", others=frozenset({DAY_FIRST})) == FIFTH
    assert day("05/01/2024", MONTH_FIRST, chosen="day-first") == FIFTH
    assert day("13/01/2024") == date(2024, 1, 13)
    assert day("05/05/2024") == date(2024, 5, 5)
    with pytest.raises(Unreadable):
        day("05/01/2024", DAY_FIRST, MONTH_FIRST)


def test_a_short_year_is_of_the_republic_only_where_the_column_or_the_file_writes_so():
    born = Window(date(1890, 1, 1), 0)
    assert day("69/05/17", SHORT, others=frozenset({REPUBLIC}), window=born) == date(1980, 5, 17)
    assert day("690517", SHORT, REPUBLIC, window=born) == date(1980, 5, 17)
    assert day("69/05/17", chosen="republic", window=born) == date(1980, 5, 17)
    for signs in ((SHORT,), (SHORT, WESTERN), (SHORT, WESTERN, REPUBLIC)):
        with pytest.raises(Unreadable):
            day("24/11/15", *signs)


def test_a_birth_lies_not_in_the_future_and_a_complaint_not_in_the_distant_past():
    with pytest.raises(Unreadable):
        day("2099-01-01", window=Window(date(1890, 1, 1), 0))
    with pytest.raises(Unreadable):
        day("1130-10-05")


@pytest.mark.parametrize(
    ("text", "instant", "is_day"),
    [
        ("2024-01-05", datetime(2024, 1, 5, tzinfo=TAIPEI), True),
        ("2024/01/05 14:30", datetime(2024, 1, 5, 14, 30, tzinfo=TAIPEI), False),
        ("2024-01-05 下午 02:30", datetime(2024, 1, 5, 14, 30, tzinfo=TAIPEI), False),
        ("2024-01-05 上午 12:10", datetime(2024, 1, 5, 0, 10, tzinfo=TAIPEI), False),
        ("2024-01-05T14:30:00Z", datetime(2024, 1, 5, 14, 30, tzinfo=UTC), False),
        ("2024-01-05T14:30:00-0530", datetime(2024, 1, 5, 14, 30, tzinfo=timezone(timedelta(hours=-5.5))), False),
        ("113/01/05 24:00", datetime(2024, 1, 6, tzinfo=TAIPEI), False),
        ("45296.5", datetime(2024, 1, 5, 12, tzinfo=TAIPEI), False),
    ],
)
def test_an_instant_keeps_its_clock_and_its_zone(text, instant, is_day):
    assert read_instant(text, "on", Manner(), Window(), TAIPEI) == (instant, is_day)


@given(st.dates(date(1950, 1, 1), date(2026, 1, 1)))
def test_any_day_is_read_back_however_it_is_written(found):
    year = found.year - 1911
    for text in (
        found.isoformat(), f"{found:%Y%m%d}", f"{found:%Y/%m/%d} 09:05", f"{found.year}年{found.month}月{found.day}日",
        f"民國{year}年{found.month}月{found.day}日", f"{year:03d}{found:%m%d}", f"{year:03d}/{found:%m/%d}",
        f"{found:%d-%b-%Y}", f"{found:%d.%m.%Y}",
    ):  # fmt: skip
        assert day(text) == found


@pytest.mark.parametrize(
    ("text", "amount"),
    [("36,000", "36000"), ("NT$36,000", "36000"), ("36,000元", "36000"), ("３６，０００", "36000"),
     ("36000.00", "36000"),
     ("36 000", "36000"), ("0", "0"), ("1,234,567.89", "1234567.89"), (f"{NUMBER}12000.000000001", "12000"),
     ("新臺幣36,000元整", "36000"), ("US$ 1,200.50", "1200.50"), ("RMB 500", "500"),
     ("$36,000", "36000"), ("+5", "5")],
)  # fmt: skip
def test_an_amount_is_read_as_people_write_it(text, amount):
    assert read_amount(text) == Decimal(amount)


@pytest.mark.parametrize(
    "text",
    ["36.000,00", "3,6", "1.5E+4", "1e-9", "1E+11", "(36000)", "-5", "三萬六千", "nan", "inf", "36.000", "1,2,3",
     "12.345.678",
     "1.005", "99999999999999", "-", "--", "36,00", "1'000", "12,3456"],
)  # fmt: skip
def test_an_amount_that_could_be_two_is_refused(text):
    with pytest.raises(Unreadable):
        read_amount(text)


def test_a_currency_is_known_by_its_word_and_only_a_real_one():
    words = {
        "新台幣": "TWD", "新臺幣": "TWD", "台幣": "TWD", "NTD": "TWD", "NT$": "TWD", "ＴＷＤ": "TWD",
        "人民币": "CNY", "人民幣": "CNY", "RMB": "CNY", "美金": "USD", "us$": "USD", "港幣": "HKD", "日圓": "JPY",
        "EUR": "EUR",
    }  # fmt: skip
    assert {word: read_currency(word) for word in words} == words
    assert (read_currency("元", "TWD"), currency_in("US$500"), currency_in("500元")) == ("TWD", "USD", "")
    for text in ("XXX", "元", "好", "TW"):
        with pytest.raises(Unreadable):
            read_currency(text)


def test_an_identifier_is_one_however_its_width_and_blanks():
    told = ["ＡＢ－１２０１", "AB-1201", " AB-1201 ", "\u200bAB-1201", "AB-12 01", '="AB-1201"', "AB-\ufeff1201"]
    assert {read_identifier(clean(text), 30) for text in told} == {"AB-1201"}
    assert read_identifier(f"{NUMBER}123456789012345", 30) == "123456789012345"
    for text in ("1.23457E+15", f"{NUMBER}1234567890123457024", f"{NUMBER}1.5", "=1+1", "A" * 31):
        with pytest.raises(Unreadable):
            read_identifier(text, 30)


def test_a_line_break_is_a_blank_or_between_chinese_characters_nothing():
    assert clean("臺北市\r\n信義區") == "臺北市信義區"
    assert clean("Main Street\n5") == "Main Street 5"
    assert read_text("Ｂ棟（１樓）", 20) == "B棟（1樓）"
