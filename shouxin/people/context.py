"""Whose house this is: the company's name, and whether it is the example."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from shouxin.people.queries import company as find_company


def company(request: HttpRequest) -> dict[str, Any]:
    """`company` for every page, asked for only where a page shows it. `company.is_example` draws the banner."""
    return {"company": SimpleLazyObject(find_company)}
