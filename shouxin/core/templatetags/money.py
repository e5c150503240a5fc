"""Amounts and currencies as people read them; see `core.money`."""

from decimal import Decimal

from django import template

from shouxin.core.money import amount_text, currency_name

register = template.Library()


@register.filter
def amount(value: Decimal | None) -> str:
    return "" if value in (None, "") else amount_text(value)


@register.filter
def currency(code: str | None) -> str:
    return currency_name(code) if code else ""
