"""What customers come for, in their words: a few wishes, each a service of the catalogue. Complaining comes first."""

from dataclasses import dataclass

from django.utils.functional import Promise as LazyText
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from shouxin.cases.models import Service
from shouxin.core.kept import kept


@dataclass(frozen=True)
class Wish:
    code: str  # of the service
    group: str | LazyText
    words: str | LazyText


_COMPLAIN, _CLAIM, _POLICY, _ASK = _("Complain"), _("Claims"), _("My policy"), _("Ask")
WISHES = (
    Wish("A15", _COMPLAIN, _("Complain: I am not satisfied with a product, a person or a service")),
    Wish("A13", _COMPLAIN, _("Complain: I do not agree with the decision on a claim")),
    Wish("A09", _CLAIM, _("Something happened: I want to report it and make a claim")),
    Wish("A11", _CLAIM, _("Check the progress of my claim")),
    Wish("A01", _POLICY, _("Premiums: payments, receipts, direct debits")),
    Wish("A04", _POLICY, _("Change my policy: address, beneficiary, payment method")),
    Wish("A05", _POLICY, _("Take out or repay a policy loan")),
    Wish("A06", _POLICY, _("Surrender my policy, in full or in part")),
    Wish("I10", _POLICY, _("Cancel a policy I have just received")),
    Wish("A14", _ASK, _("Ask something else")),
)


@kept("cases_service")
def services_online() -> dict[str, Service]:
    """The services that can be asked for on the web."""
    return Service.objects.online().in_bulk()


def wishes_offered() -> list[tuple[str, list[tuple[str, str]]]]:
    """The choices of the public form in their groups; only what the catalogue offers on the web."""
    return _wishes_in(get_language() or "")


@kept("cases_service")
def _wishes_in(language: str) -> list[tuple[str, list[tuple[str, str]]]]:
    online = services_online()
    groups: dict[str, list[tuple[str, str]]] = {}
    for wish in WISHES:
        if wish.code in online:
            groups.setdefault(str(wish.group), []).append((wish.code, str(wish.words)))
    return list(groups.items())
