"""Whose house this is: the company's name, and whether it is the example."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from shouxin.core.kept import kept
from shouxin.people.models import Company
from shouxin.people.queries import company as find_company


def company(request: HttpRequest) -> dict[str, Any]:
    """`company` for every page, asked for only where a page shows it. `company.is_example` draws the banner."""
    return {"company": SimpleLazyObject(shown_company)}


@kept("people_company")
def shown_company() -> Company | None:
    """Only to be shown: whoever changes it asks for a row of his own."""
    return find_company()
