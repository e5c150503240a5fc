"""The columns of the file: what each is called in every language, what may stand in it, and what it means."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import lru_cache, partial
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import TextChoices
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from shouxin.customers.models import Customer
from shouxin.policies.models import Policy, PolicyRole, Product

# A cell of a column that may be empty: what was there goes.
CLEAR = "-"


def _text(longest: int, text: str) -> str:
    if len(text) > longest:
        raise ValueError
    return text


def _code(longest: int, text: str) -> str:
    return _text(longest, text).upper()


def _number(longest: int, text: str) -> str:
    """What stands in the address of a page; a few words there are ours."""
    if "/" in text or text.strip(".").casefold() in {"", "new", "imports"}:
        raise ValueError
    return _text(longest, text)


def _day(text: str) -> date:
    """2026-11-24, 2026/11/24, 20261124; of the Republic: 115/11/24, 1151124."""
    parts = text.replace("/", "-").replace(".", "-").split("-")
    if len(parts) == 1 and text.isdecimal() and len(text) in (7, 8):
        parts = [text[:-4], text[-4:-2], text[-2:]]
    year, month, day = (int(part) for part in parts)
    return date(year + 1911 if year < 1000 else year, month, day)


def _amount(text: str) -> Decimal:
    try:
        amount = Decimal(text.replace(",", "").replace("，", ""))
    except InvalidOperation as problem:
        raise ValueError from problem
    if not amount.is_finite() or not 0 <= amount < Decimal(10) ** 12:
        raise ValueError
    return amount.quantize(Decimal("0.01"))


def _mail(text: str) -> str:
    try:
        validate_email(text)
    except ValidationError as problem:
        raise ValueError from problem
    return _text(200, text)


def _choice(choices: type[TextChoices], text: str) -> str:
    found = _words(choices).get(text.casefold())
    if found is None:
        raise ValueError
    return found


@lru_cache
def _words(choices: type[TextChoices]) -> dict[str, str]:
    """Every word for each choice: its code, and its name in each language."""
    words = {code.casefold(): code for code in choices.values}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            words |= {str(label).casefold(): code for code, label in choices.choices}
    return words


def _language(text: str) -> str:
    codes = [code for code, _name in settings.LANGUAGES]
    known = {code: code for code in codes} | {"繁體中文": "zh-hant", "简体中文": "zh-hans", "english": "en"}
    if text.casefold() not in known:
        raise ValueError
    return known[text.casefold()]


@dataclass(frozen=True)
class Column:
    """One column. `need`: always, new (for a policy or customer not known yet), or never; personal: never repeated."""

    name: str
    title: Any
    about: Any
    read: Callable[[str], Any]
    example: str = ""
    need: str = ""
    is_personal: bool = False
    is_clearable: bool = False


LINE = partial(_choice, Product.Line)
OF_POLICY = (
    Column("policy", _("Policy number"), _("By it the policy is known; all rows with this number are one policy."),
           partial(_number, 30), "QL-10000001", "always"),
    Column("product", _("Product code"), _("The code of the product."), partial(_code, 20), "QL-LIFE", "new"),
    Column("product_name", _("Product name"), _("Only for a product not known here yet."), partial(_text, 120),
           "終身壽險"),
    Column("line", _("Line of business"), _("Life, health, accident, annuity, investment-linked or group; only for a "
           "product not known here yet."), LINE, "壽險"),
    Column("state", _("State"), _("In force, lapsed, surrendered …; empty for a new policy: in force."),
           partial(_choice, Policy.State), "有效"),
    Column("issued_on", _("Issued on"), _("2026-11-24 or 115/11/24."), _day, "2026-03-02", "new"),
    Column("delivered_on", _("Delivered on"), _("Not before the day of issue."), _day, "2026-03-09", is_clearable=True),
    Column("ends_on", _("Ends on"), _("The last day, if there is one."), _day, is_clearable=True),
    Column("premium", _("Premium"), _("An amount, with or without commas."), _amount, "36,000", "new"),
    Column("sum_insured", _("Sum insured"), _("An amount, with or without commas."), _amount, "1,000,000",
           is_clearable=True),
    Column("currency", _("Currency"), _("Three letters: TWD, CNY, USD …"), partial(_code, 3), "TWD", "new"),
    Column("agent", _("Agent number"), _("The number of an agent known here."), partial(_text, 20), is_clearable=True),
    Column("branch", _("Office"), _("Code or name of an office known here."), partial(_text, 60), is_clearable=True),
)  # fmt: skip
OF_PERSON = (
    Column("role", _("Role"), _("Policyholder, insured, beneficiary or payer; one role a row. A policy has a holder."),
           partial(_choice, PolicyRole.Role), "要保人", "always"),
    Column("customer", _("Customer number"), _("By it the customer is known. Numbers that begin with K- are given "
           "here."), partial(_number, 20), "C0000123", "always"),
    Column("name", _("Name"), _("Of a person or an organisation."), partial(_text, 120), "王小明", "new",
           is_personal=True),
    Column("kind", _("Kind"), _("Person or organisation; empty for a new customer: a person."),
           partial(_choice, Customer.Kind), "個人"),
    Column("id_number", _("Identity number"), _("Shown masked here."), partial(_code, 40), "A123456789",
           is_personal=True, is_clearable=True),
    Column("birth_on", _("Date of birth"), _("1980-05-17 or 69/05/17."), _day, "1980-05-17", is_personal=True,
           is_clearable=True),
    Column("gender", _("Gender"), _("Female, male or other."), partial(_choice, Customer.Gender), "男",
           is_personal=True, is_clearable=True),
    Column("language", _("Language"), _("In which we write: 繁體中文, 简体中文 or English."), _language, "繁體中文"),
    Column("phone", _("Telephone"), _("A new one is added and preferred; the old ones stay."), partial(_text, 200),
           "0912-345-678", is_personal=True),
    Column("email", _("E-mail"), _("A new one is added and preferred; the old ones stay."), _mail,
           "ming@example.com", is_personal=True),
    Column("address", _("Address"), _("A new one is added and preferred; the old ones stay."), partial(_text, 200),
           "臺北市信義區信義路五段 7 號", is_personal=True),
)  # fmt: skip
COLUMNS = {column.name: column for column in (*OF_POLICY, *OF_PERSON)}
NEEDED = tuple(column.name for column in COLUMNS.values() if column.need == "always")


@lru_cache
def heads() -> dict[str, str]:
    """Every head that is understood: a column's title in each language, or its plain name."""
    found = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            found |= {str(column.title).casefold(): column.name for column in COLUMNS.values()}
    return found | {name: name for name in COLUMNS}
