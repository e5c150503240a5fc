"""Dates, lists and large numbers in the reader's language."""

from datetime import date

import pytest
from django.utils.translation import override

from shouxin.core.clock import day_of, now
from shouxin.core.templatetags.moment import day, grouped, listed, long_day, register


@pytest.mark.parametrize(
    ("language", "told"), [("zh-hant", "要保人、被保險人"), ("zh-hans", "要保人、被保險人"), ("en", "要保人, 被保險人")]
)
def test_the_items_of_a_list_are_parted_as_the_language_does(language, told):
    with override(language):
        assert listed(["要保人", "被保險人"]) == told


def test_an_english_date_names_its_month():
    this_year = day_of(now()).year
    thursday = date(2025, 12, 11)
    with override("en"):
        assert (day(thursday), long_day(thursday)) == ("Thu 11 Dec 2025",) * 2
        assert day(date(this_year, 12, 11)).endswith(" 11 Dec")
    with override("zh-hant"):
        assert (day(thursday), long_day(thursday)) == ("2025/12/11(四)", "2025 年 12 月 11 日(四)")


def test_large_numbers_are_grouped_by_thousands():
    assert [grouped(number) for number in (0, 999, 75045)] == ["0", "999", "75,045"]


@pytest.mark.parametrize("nothing", [None, ""])
def test_nothing_is_written_of_what_is_not_there(nothing):
    written = {name: str(write(nothing)) for name, write in register.filters.items()}
    assert written == dict.fromkeys(register.filters, "") | {"is_today": "False"}
