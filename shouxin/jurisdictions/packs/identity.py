"""Check digits of the numbers that identify people and companies."""

import re
from datetime import date

_TW_LETTERS = {letter: 10 + index for index, letter in enumerate("ABCDEFGHJKLMNPQRSTUVXYWZIO")}
_TW_WEIGHTS = (1, 9, 8, 7, 6, 5, 4, 3, 2, 1, 1)
_CN_PERSON_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CN_COMPANY_LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_SG_WEIGHTS = (2, 7, 6, 5, 4, 3, 2)
_SG_LETTERS = {"S": "JZIHGFEDCBA", "T": "JZIHGFEDCBA", "F": "XWUTRQPNMLK", "G": "XWUTRQPNMLK"}
_SG_OFFSETS = {"S": 0, "T": 4, "F": 0, "G": 4, "M": 3}


def _plain(text: str) -> str:
    return re.sub(r"[\s()（）-]", "", text).upper()


def is_taiwan_id(text: str) -> bool:
    """National identity number, and since 2021 the resident's number of the same shape."""
    number = _plain(text)
    if not re.fullmatch(r"[A-Z][1289]\d{8}", number):
        return False
    tens, ones = divmod(_TW_LETTERS[number[0]], 10)
    digits = [tens, ones, *map(int, number[1:])]
    return (
        sum(digit * weight for digit, weight in zip(digits, (1, 9, 8, 7, 6, 5, 4, 3, 2, 1, 1), strict=True)) % 10 == 0
    )


def is_taiwan_company(text: str) -> bool:
    """Unified business number: since 2023 the sum is divisible by 5; a seventh digit of 7 may count one more."""
    number = _plain(text)
    if not re.fullmatch(r"\d{8}", number):
        return False
    products = [int(digit) * weight for digit, weight in zip(number, (1, 2, 1, 2, 1, 2, 4, 1), strict=True)]
    total = sum(product // 10 + product % 10 for product in products)
    return total % 5 == 0 or (number[6] == "7" and (total + 1) % 5 == 0)


def is_mainland_id(text: str) -> bool:
    """Resident identity number of 18 places, with a day of birth that exists."""
    number = _plain(text)
    if not re.fullmatch(r"\d{17}[\dX]", number) or not _is_day(number[6:14]):
        return False
    total = sum(int(digit) * weight for digit, weight in zip(number[:17], _CN_PERSON_WEIGHTS, strict=True))
    return "10X98765432"[total % 11] == number[17]


def is_mainland_company(text: str) -> bool:
    """Unified social credit code."""
    number = _plain(text)
    if len(number) != 18 or any(letter not in _CN_COMPANY_LETTERS for letter in number):
        return False
    total = sum(_CN_COMPANY_LETTERS.index(letter) * pow(3, place, 31) for place, letter in enumerate(number[:17]))
    return _CN_COMPANY_LETTERS[-total % 31] == number[17]


def is_hong_kong_id(text: str) -> bool:
    """Identity card number, one or two letters, six digits and a check digit."""
    number = _plain(text)
    if not re.fullmatch(r"[A-Z]{1,2}\d{6}[\dA]", number):
        return False
    places = [36 if mark == " " else int(mark, 36) for mark in number[:-1].rjust(8)]
    total = sum(place * weight for place, weight in zip(places, range(9, 1, -1), strict=True))
    return (total + int(number[-1], 16)) % 11 == 0


def is_singapore_id(text: str) -> bool:
    """NRIC or FIN."""
    number = _plain(text)
    if not re.fullmatch(r"[STFGM]\d{7}[A-Z]", number):
        return False
    total = sum(int(digit) * weight for digit, weight in zip(number[1:8], _SG_WEIGHTS, strict=True))
    place = (total + _SG_OFFSETS[number[0]]) % 11
    letters = "XWUTRQPNJLK" if number[0] == "M" else _SG_LETTERS[number[0]]
    return letters[place] == number[8]


def is_british_nino(text: str) -> bool:
    """National insurance number: it has no check digit, only letters that are never given."""
    pattern = r"(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]\d{6}[A-D]"
    return re.fullmatch(pattern, _plain(text)) is not None


def is_american_ssn(text: str) -> bool:
    """Social security number: it has no check digit, only ranges that are never given."""
    return re.fullmatch(r"(?!000|666|9)\d{3}(?!00)\d{2}(?!0000)\d{4}", _plain(text)) is not None


def _is_day(text: str) -> bool:
    try:
        date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return False
    return True
