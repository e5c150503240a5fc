"""Check digits against published examples."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouxin.jurisdictions.packs import pack
from shouxin.jurisdictions.packs.identity import (
    is_american_ssn,
    is_british_nino,
    is_hong_kong_id,
    is_mainland_company,
    is_mainland_id,
    is_singapore_id,
    is_taiwan_company,
    is_taiwan_id,
)


@pytest.mark.parametrize(
    ("check", "right", "wrong"),
    [
        (is_taiwan_id, ["A123456789", "a123456789", "A800000014"], ["A123456788", "A323456789", "123456789A", ""]),
        (is_taiwan_company, ["04595257", "22099131"], ["04595258", "1234567", "2209913X"]),
        (is_mainland_id, ["11010519491231002X", "11010519491231002x"], ["110105194912310021", "11010519490231002X"]),
        (is_mainland_company, ["91350100M000100Y43"], ["91350100M000100Y44", "91350100I000100Y43"]),
        (is_hong_kong_id, ["A123456(3)", "AB987654(3)"], ["A123456(4)", "1234567"]),
        (is_singapore_id, ["S1234567D", "T0000001E"], ["S1234567A", "A1234567D"]),
        (is_british_nino, ["AB123456C", "AB 12 34 56 C"], ["GB123456C", "AB123456E"]),
        (is_american_ssn, ["123-45-6789"], ["000-45-6789", "666-45-6789", "123-00-6789", "900-45-6789"]),
    ],
)
def test_check_digits(check, right, wrong):
    assert [text for text in right if not check(text)] == []
    assert [text for text in wrong if check(text)] == []


@given(st.from_regex(r"[A-Z][1289][0-9]{7}", fullmatch=True))
def test_exactly_one_last_digit_is_right(number: str):
    assert [is_taiwan_id(f"{number}{digit}") for digit in range(10)].count(True) == 1


def test_an_unknown_kind_of_number_is_refused():
    with pytest.raises(LookupError, match="passport"):
        pack("TW").identity("passport")
