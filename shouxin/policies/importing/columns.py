"""The columns of the file of policies: what may stand in each, and what it means."""

from datetime import date
from functools import lru_cache, partial

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from shouxin.customers.models import Customer
from shouxin.jurisdictions.packs import packs
from shouxin.people.models import Branch
from shouxin.policies.models import Policy, PolicyRole, Product, number_key
from shouxin.tables.amounts import read_amount, read_currency
from shouxin.tables.columns import ALWAYS, NEW, Column, choice, words_of
from shouxin.tables.columns import heads as heads_of
from shouxin.tables.days import Unreadable, Window
from shouxin.tables.parsing.cells import folded
from shouxin.tables.words import read_identifier, read_mail, read_text


def _addressed(longest: int, text: str, *, spaces: bool = False) -> str:
    """What stands in the address of a page; a few words there are ours."""
    found = read_identifier(text, longest, spaces=spaces)
    if "/" in found or "\\" in found or not number_key(found) or found.casefold() in {"new", "imports"}:
        raise Unreadable
    return found


def _code(longest: int, text: str) -> str:
    return read_identifier(text, longest).upper()


def _currency(text: str) -> str:
    return read_currency(text, own_currency())


def own_currency() -> str:
    """What 元 means here: the currency of the offices, where all have the same."""
    currencies = {pack.code: pack.currency for pack in packs()}
    found = {currencies.get(code, "") for code in Branch.objects.values_list("jurisdiction", flat=True)} - {""}
    return found.pop() if len(found) == 1 else ""


def _language(text: str) -> str:
    codes = [code for code, _name in settings.LANGUAGES]
    known = {code: code for code in codes} | {
        "繁體中文": "zh-hant", "繁体中文": "zh-hant", "中文": "zh-hant", "简体中文": "zh-hans", "簡體中文": "zh-hans",
        "english": "en", "英文": "en",
    }  # fmt: skip
    if (found := known.get(folded(text).casefold())) is None:
        raise Unreadable
    return found


@lru_cache
def lines() -> dict[str, str]:
    return words_of(Product.Line)


@lru_cache
def states() -> dict[str, str]:
    return words_of(Policy.State)


@lru_cache
def roles() -> dict[str, str]:
    return words_of(PolicyRole.Role)


@lru_cache
def kinds() -> dict[str, str]:
    return words_of(Customer.Kind)


@lru_cache
def genders() -> dict[str, str]:
    short = {"m": "male", "f": "female", "先生": "male", "女士": "female", "小姐": "female"}
    known = set(Customer.Gender.values)
    return words_of(Customer.Gender) | {word: code for word, code in short.items() if code in known}


PHONES = ("手機", "行動電話", "手機號碼", "聯絡電話")
COMING = Window(ahead=366)
OF_POLICY = (
    Column("policy", _("Policy number"), _("By it the policy is known; all rows with this number are one policy. "
           "Capitals, hyphens and blanks don't matter."), partial(_addressed, 30, spaces=True), "QL-10000001", ALWAYS,
           ("保單號", "保单号", "policy no", "policy no.")),
    Column("product", _("Product code"), _("The code of the product."), partial(_code, 20), "QL-LIFE", NEW),
    Column("product_name", _("Product name"), _("Only for a product not known here yet."),
           partial(read_text, longest=120), "終身壽險"),
    Column("line", _("Line of business"), _("Life, health, accident, annuity, investment-linked or group; only for a "
           "product not known here yet."), choice(lines), "壽險"),
    Column("state", _("State"), _("In force, lapsed, surrendered …; empty for a new policy: in force."),
           choice(states), "有效"),
    Column("issued_on", _("Issued on"), _("2026-11-24 or 115/11/24."), None, "2026-03-02", NEW, ("生效日期",),
           window=COMING),
    Column("delivered_on", _("Delivered on"), _("Not before the day of issue."), None, "2026-03-09", window=COMING,
           is_clearable=True),
    Column("ends_on", _("Ends on"), _("The last day, if there is one."), None, window=Window(ahead=None),
           is_clearable=True),
    Column("premium", _("Premium"), _("An amount, with or without commas."), read_amount, "36,000", NEW),
    Column("sum_insured", _("Sum insured"), _("An amount, with or without commas."), read_amount, "1,000,000",
           is_clearable=True),
    Column("currency", _("Currency"), _("Three letters or its name: TWD, 新臺幣, CNY, USD …"), _currency, "TWD", NEW),
    Column("agent", _("Agent number"), _("The number of an agent known here."), partial(read_identifier, longest=20),
           is_clearable=True),
    Column("branch", _("Office"), _("Code or name of an office known here."), partial(read_text, longest=60),
           is_clearable=True),
)  # fmt: skip
OF_PERSON = (
    Column("role", _("Role"), _("Policyholder, insured, beneficiary or payer; one role a row. A policy has a holder."),
           choice(roles), "要保人", ALWAYS),
    Column("customer", _("Customer number"), _("By it the customer is known. Numbers that begin with K- are given "
           "here."), partial(_addressed, 20), "C0000123", ALWAYS),
    Column("name", _("Name"), _("Of a person or an organisation."), partial(read_text, longest=120), "王小明", NEW,
           is_personal=True),
    Column("kind", _("Kind"), _("Person or organisation; empty for a new customer: a person."), choice(kinds), "個人"),
    Column("id_number", _("Identity number"), _("Shown masked here."), partial(_code, 40), "A123456789",
           names=("身分證字號", "身份證號", "身份證字號"), is_personal=True, is_clearable=True),
    Column("birth_on", _("Date of birth"), _("1980-05-17 or 69/05/17."), None, "1980-05-17", names=("生日", "出生日"),
           window=Window(date(1890, 1, 1), 0), is_personal=True, is_clearable=True),
    Column("gender", _("Gender"), _("Female, male or other."), choice(genders), "男", is_personal=True,
           is_clearable=True),
    Column("language", _("Language"), _("In which we write: 繁體中文, 简体中文 or English."), _language, "繁體中文"),
    Column("phone", _("Telephone"), _("A new one is added and preferred; the old ones stay."),
           lambda text: read_text(folded(text), 200), "0912-345-678", names=PHONES, is_personal=True),
    Column("email", _("E-mail"), _("A new one is added and preferred; the old ones stay."), read_mail,
           "ming@example.com", names=("電子郵件", "電子信箱", "信箱", "e-mail"), is_personal=True),
    Column("address", _("Address"), _("A new one is added and preferred; the old ones stay."),
           partial(read_text, longest=200), "臺北市信義區信義路五段 7 號", names=("通訊地址", "聯絡地址", "住址"),
           is_personal=True),
)  # fmt: skip
COLUMNS = {column.name: column for column in (*OF_POLICY, *OF_PERSON)}
NEEDED = tuple(column.name for column in COLUMNS.values() if column.need == ALWAYS)


@lru_cache
def heads() -> dict[str, str]:
    """Every heading that is understood."""
    return heads_of(COLUMNS.values())
