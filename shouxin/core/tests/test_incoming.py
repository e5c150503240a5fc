"""Text at the doors: what is typed in any width is found, and what nobody can see is nothing."""

import pytest

from shouxin.core.incoming import is_blank, normal, tidy
from shouxin.core.phones import phone_digits
from shouxin.core.text import bigrams, queries


@pytest.mark.parametrize(
    "typed", ["\u200b", " \u200d\ufeff ", "\u3000", "\u2060\u00ad", "\u202e", "\u3164", "\u2800", "\u115f\uffa0"]
)
def test_what_nobody_can_see_is_nothing(typed):
    assert is_blank(typed)
    assert tidy(typed) == ""


@pytest.mark.parametrize("typed", ["王", "👨‍👩‍👧", "a\u200b", "0", "\u202eabc"])
def test_what_can_be_seen_stays_as_it_was_typed(typed):
    assert tidy(typed) == typed


def test_a_new_line_counts_once():
    assert tidy("第一行\r\n第二行") == "第一行\n第二行"


def test_identifiers_have_one_spelling():
    assert normal("\u3000ＢＴ－１２０１\u200b ") == "BT-1201"


@pytest.mark.parametrize(
    ("written", "dialled"),
    [
        ("０９１２３４５６７８", "0912345678"),
        ("0912-345-678 #22", "0912345678"),
        ("(02) 2345-6789 分機22", "0223456789"),
        ("02-23456789轉１２３", "0223456789"),
        ("0223456789 ext. 5", "0223456789"),
        ("0223456789x5", "0223456789"),
        ("02-2345-6789＃２２", "0223456789"),
        ("+886 912 345 678", "0912345678"),
        ("+886-2-2345-6789 #7", "0223456789"),
        ("#22", "22"),
        ("", ""),
    ],
)
def test_a_telephone_number_is_dialled_without_its_extension(written, dialled):
    assert phone_digits(written) == dialled


@pytest.mark.parametrize(
    "typed", ["0912345678", "0912-345-678", "0912 345 678", "０９１２－３４５－６７８", "+886912345678"]
)
@pytest.mark.parametrize("kept", ["0912345678", "0912-345-678", "0912 345 678", "+886 912-345-678", "0912345678 #22"])
def test_a_number_is_found_however_either_is_written(typed, kept):
    held = set(bigrams(f"王雅婷 {kept} 理賠"))

    assert any(set(words) <= held for words in queries(typed))
    assert any(set(words) <= held for words in queries(f"雅婷 {typed}"))


def test_a_part_of_a_number_is_found_as_before():
    assert queries("345-678") == [["345", "678"]]
    assert queries("C26-004517") == [["c26", "004517"]]
