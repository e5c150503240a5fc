"""Whose house this is: the company's name, and whether it is the example."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from shouxin.core.kept import kept
from shouxin.people.models import Company, CompanyLogo
from shouxin.people.queries import company as find_company


def company(request: HttpRequest) -> dict[str, Any]:
    """`company` for every page, asked for only where a page shows it. `company.is_example` draws the banner."""
    return {"company": SimpleLazyObject(shown_company), "company_logo": SimpleLazyObject(logo_address)}


def logo_address() -> str:
    """Where the logo is read; its address changes with its content."""
    checksum = _logo_checksum()
    return reverse("people:picture", args=[checksum[:16]]) if checksum else ""


@kept("people_companylogo")
def _logo_checksum() -> str:
    return CompanyLogo.objects.values_list("checksum", flat=True).first() or ""


@kept("people_company")
def shown_company() -> Company | None:
    """Only to be shown: whoever changes it asks for a row of his own."""
    return find_company()
