"""Amounts and currencies as people write them; what could be two numbers is refused, never guessed."""

import re
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from shouxin.tables.days import Unreadable
from shouxin.tables.parsing.cells import NUMBER, folded

_WORDS = {
    "TWD": "新台幣 新臺幣 新台币 台幣 臺幣 台币 ntd nt nt$ ntd$ tw$ 新台幣元 新臺幣元",
    "CNY": "人民幣 人民币 rmb cnh cn¥ rmb¥ 人民幣元 人民币元",
    "HKD": "港幣 港币 港元 hk$",
    "MOP": "澳門幣 澳门币 葡幣 葡币 mop$",
    "USD": "美金 美元 us$ u.s.$ 美圓",
    "EUR": "歐元 欧元 €", "JPY": "日圓 日元 日幣 日币 円 jp¥",
    "GBP": "英鎊 英镑 £",
    "SGD": "新加坡幣 新加坡元 新加坡币 新幣 s$ sg$", "AUD": "澳幣 澳元 澳币 a$ au$", "CAD": "加幣 加元 加币 c$ ca$",
    "NZD": "紐幣 紐元 纽币 纽元 nz$", "CHF": "瑞士法郎 瑞郎", "ZAR": "南非幣 南非币 蘭特 兰特",
    "KRW": "韓元 韓圜 韩元 ₩",
    "THB": "泰銖 泰铢 泰幣 ฿",
    "VND": "越南盾 ₫", "MYR": "馬幣 马币 令吉 rm", "IDR": "印尼盾", "PHP": "披索 菲律賓披索",
    "INR": "印度盧比 印度卢比 ₹", "SEK": "瑞典幣 瑞典克朗",
}  # fmt: skip
_ISO = """
AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD
CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ
GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR
LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN
PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB
TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW
"""
CODES = frozenset(_ISO.split())
CURRENCIES = {word: code for code, words in _WORDS.items() for word in words.split()} | {
    code.casefold(): code for code in CODES
}
# Of the house itself, whichever that is.
OWN_WORDS = frozenset(("元", "圓", "圆", "元整", "圓整", "塊", "块", "$"))
_ALL = sorted((re.escape(word) for word in (*CURRENCIES, *OWN_WORDS)), key=len, reverse=True)
_MONEY = re.compile(rf"^(?P<before>{'|'.join(_ALL)})?\s*(?P<number>.*?)\s*(?P<after>{'|'.join(_ALL)})?$", re.I)
_ENDING = re.compile(r"(?<=\d)(?:元整|圓整|元|圓|圆|整)$")
_GROUPED = re.compile(r"^\d{1,3}(?:,\d{3})+(?:\.\d+)?$")
_SPACED = re.compile(r"^\d{1,3}(?: \d{3})+(?:\.\d+)?$")
_PLAIN = re.compile(r"^\d+(?:\.\d+)?$|^\.\d+$")
_TWO_WAYS = re.compile(r"[1-9]\d{0,2}\.\d{3}")
_EXPONENT = re.compile(r"^[+-]?\d+(?:[.,]\d+)?e[+-]?\d+$", re.I)
LARGEST = Decimal(10) ** 12


def read_currency(text: str, own: str = "") -> str:
    """The three letters; `own` is meant by words like 元. Raises Unreadable."""
    word = folded(text).casefold().replace(" ", "")
    if word in OWN_WORDS and own:
        return own
    if (code := CURRENCIES.get(word)) is None:
        raise Unreadable(_("Write a currency by its three letters, as TWD, CNY or USD."))
    return code


def currency_in(text: str) -> str:
    """The currency an amount names beside its number; empty where it names none."""
    found = _MONEY.match(folded(text))
    named = [(word or "").casefold() for word in (found["before"], found["after"])] if found else []
    return next((CURRENCIES[word] for word in named if word in CURRENCIES), "")


def read_amount(text: str, *, largest: Decimal = LARGEST) -> Decimal:
    """An amount of money from 0. Raises Unreadable where it can be read in two ways, or is negative."""
    is_number, text = text[:1] == NUMBER, folded(text)
    if is_number:
        return _checked(_decimal(text), largest, is_number=True)
    found = _MONEY.match(text)
    number = _ENDING.sub("", found["number"] if found else text).strip()
    if re.fullmatch(r"\(.*\)|[-−–].*", number) or re.match(r"[-−]", text):
        raise Unreadable(_("An amount can't be negative here."))
    if _EXPONENT.match(number):
        raise Unreadable(_("It is written with an exponent: some of its digits may be lost."))
    number = number.removeprefix("+")
    if _GROUPED.match(number):
        number = number.replace(",", "")
    elif _SPACED.match(number):
        number = number.replace(" ", "")
    elif _TWO_WAYS.fullmatch(number) or ("," in number and re.fullmatch(r"[\d.,' ]+", number)) or number.count(".") > 1:
        raise Unreadable(_("Its decimals can't be told from its thousands: write 36000.00 or 36,000."))
    if not _PLAIN.match(number):
        raise Unreadable
    return _checked(_decimal(number), largest)


def _decimal(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation:
        raise Unreadable from None


def _checked(amount: Decimal, largest: Decimal, *, is_number: bool = False) -> Decimal:
    if not amount.is_finite():
        raise Unreadable
    if amount < 0:
        raise Unreadable(_("An amount can't be negative here."))
    if amount >= largest:
        raise Unreadable(_("The amount is too large."))
    cents = amount.quantize(Decimal("0.01"))
    # What a workbook computed may miss its cents by a hair.
    if abs(cents - amount) > (Decimal("0.000001") if is_number else 0):
        raise Unreadable(_("An amount has two decimals at most."))
    return cents
