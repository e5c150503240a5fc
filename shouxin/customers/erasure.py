"""Erasing a customer for good: what stands against it, what would go and what stays, the act, and what was done.

The command and the page share `erase_customer`. Rooms above refuse with `@refuses(ErasingCustomer)`, tell with
`@stays` what remains of a person with them, and name their tables with `named(...)`.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction
from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shouxin.core.audience import Audience
from shouxin.core.clock import now
from shouxin.core.guards import Refused, guard, refusals
from shouxin.core.refs import Ref
from shouxin.core.rights import require
from shouxin.customers.facts import CustomerErased
from shouxin.customers.forgetting import NOBODY
from shouxin.customers.models import Customer
from shouxin.customers.queries import known_as, survivor
from shouxin.customers.rules import ERASE
from shouxin.people.models import Staff
from shouxin.record.erasing import Erased, erase_with_report, preview, words_of
from shouxin.record.queries import Entry, entry_of, told_of
from shouxin.record.recording import record

HOUSE = Ref("company", 1)
REASONS = {
    "request": gettext_lazy("The person asked for it"),
    "retention": gettext_lazy("The retention period is over"),
    "mistake": gettext_lazy("It should never have been collected"),
    "authority": gettext_lazy("A court or an authority ordered it"),
}
REFERENCE = re.compile(r"[A-Za-z0-9][A-Za-z0-9./_ -]{0,59}")


@dataclass(frozen=True)
class ErasingCustomer:
    """The intention; `people` are all references that mean this person."""

    people: frozenset[Ref]
    at: datetime

    @property
    def ids(self) -> list[int]:
        return sorted(ref.id for ref in self.people)


@dataclass(frozen=True)
class Staying:
    """Something that remains of an erased person, and why."""

    what: str
    why: str


@dataclass(frozen=True)
class Outlook:
    """What an erasure would do now: what stands against it, what would go, what stays."""

    against: list[str]
    goes: list[tuple[str, int]]
    stays: list[Staying]
    numbers: list[str]


STAYS: list[Callable[[ErasingCustomer], Iterable[Staying]]] = []
TABLES: dict[str, str | LazyText] = {
    "customers_customer": gettext_lazy("Customer records"),
    "customers_contactpoint": gettext_lazy("Contact details"),
    "customers_carenote": gettext_lazy("Special notes"),
    "customers_representative": gettext_lazy("Documents of representatives"),
    "record_fact_content": gettext_lazy("Contents of entries"),
    "procrastinate_jobs": gettext_lazy("Jobs in the background"),
}


def stays(teller: Callable[[ErasingCustomer], Iterable[Staying]]) -> Callable[[ErasingCustomer], Iterable[Staying]]:
    """Register who knows what remains of an erased person in a room."""
    STAYS.append(teller)
    return teller


def named(**tables: str | LazyText) -> None:
    """Register how tables are called on the report."""
    TABLES.update(tables)


def outlook(customer: Customer, *, at: datetime | None = None) -> Outlook:
    """What would be, with nothing done."""
    intention = _intention(customer, at or now())
    return Outlook(
        against=refusals(intention), goes=told_by_name(preview(customer.ref, at=at)),
        stays=[each for teller in STAYS for each in teller(intention)], numbers=_numbers(intention),
    )  # fmt: skip


def told_by_name(report: Erased) -> list[tuple[str, int]]:
    """How many rows went, by names that people know; tables that only serve others are one line."""
    found: Counter[str] = Counter()
    for table, count in report.tables.items():
        found[str(TABLES.get(table, _("Search words and other copies")))] += count
    return sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))


@transaction.atomic
def erase_customer(
    customer: Customer, *, by: Staff | None, reason: str, reference: str = "", at: datetime | None = None
) -> tuple[int, Erased]:
    """Erase all that is known of a customer, under every number merged into it. It can't be undone.

    Refused while a case is open or a law says that it must be kept. Returns the number of the fact and the report.
    """
    require(by is None or by.has(ERASE))
    at = at or now()
    with connection.cursor() as cursor:  # two at once: the second finds that it is done
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"erase:{survivor(customer).pk}"])
    intention = _intention(customer, at)
    # Who is about to open a case holds the customer (see `hold`): the erasure waits for them, or they for it.
    list(Customer.objects.select_for_update().filter(pk__in=intention.ids).order_by("pk").values_list("pk"))
    if not Customer.objects.filter(pk__in=intention.ids).exclude(name=NOBODY).exists():
        raise Refused(_("%(number)s has been erased already.") % {"number": customer.number})
    _check_words(customer, reason, reference)
    guard(intention)
    numbers = _numbers(intention)
    why = " ".join(filter(None, (reason, reference)))
    report = erase_with_report(customer.ref, by=by.ref if by else None, reason=why, at=at)
    fact = CustomerErased(
        subject=HOUSE, person=customer.ref, actor=by.ref if by else None, numbers=numbers, reason=reason,
        reference=reference, contents=report.contents, tables=report.tables, **(by.dims() if by else {}),
    )  # fmt: skip
    return record(fact, at=at)[0], report


def hold(customer: Customer) -> None:
    """Until the end of the transaction nobody erases this customer; refused where that was done meanwhile."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM customers_customer WHERE id = %s FOR KEY SHARE", [customer.pk])
        if cursor.fetchone() == (NOBODY,):
            raise Refused(_("%(number)s has been erased already.") % {"number": customer.number})


def _check_words(customer: Customer, reason: str, reference: str) -> None:
    """The reason stays in the record for good: it must not say who it was."""
    if not reason.strip():
        raise Refused(_("An erasure needs its reason."))
    # The code of a reason ("authority") is none of the words somebody wrote.
    said = f"{'' if reason in REASONS else reason} {reference}".casefold()
    if any(len(word) > 1 and word.casefold() in said for word in words_of(customer.ref)):
        raise Refused(_("The reason stays in the record for good: please name nobody in it."))


def _intention(customer: Customer, at: datetime) -> ErasingCustomer:
    people = known_as(survivor(customer))
    return ErasingCustomer(frozenset(Ref(Customer.ref_kind, key) for key in people), at)


def _numbers(intention: ErasingCustomer) -> list[str]:
    return list(Customer.objects.filter(pk__in=intention.ids).order_by("number").values_list("number", flat=True))


def past(*, limit: int = 50) -> list[Entry]:
    """The erasures that were done, the latest first."""
    return told_of(HOUSE, "CustomerErased", Audience.COMPLIANCE, limit=limit)


def report_of(fact: int) -> Entry | None:
    """One erasure, as it was recorded."""
    found = entry_of(fact, Audience.COMPLIANCE)
    return found if found is not None and found.kind == "CustomerErased" else None


def reason_in_words(code: str) -> str:
    return str(REASONS.get(code, code))
