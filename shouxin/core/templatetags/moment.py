"""Dates as people read them: with the weekday, and how long ago; and lists and large numbers.

Where there is nothing, nothing is written: a template hands on `""` for the attribute of a thing that is not there.
"""

from collections.abc import Iterable
from datetime import date, datetime

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timesince import timesince
from django.utils.translation import get_language, pgettext, pgettext_lazy
from django.utils.translation import gettext as _

from shouxin.core.clock import day_of, local, now

register = template.Library()
THIN = "\u2009"


WEEKDAYS = (
    pgettext_lazy("short weekday", "Mon"), pgettext_lazy("short weekday", "Tue"), pgettext_lazy("short weekday", "Wed"),
    pgettext_lazy("short weekday", "Thu"), pgettext_lazy("short weekday", "Fri"), pgettext_lazy("short weekday", "Sat"),
    pgettext_lazy("short weekday", "Sun"),
)  # fmt: skip


def weekday(day: date) -> str:
    return str(WEEKDAYS[day.weekday()])


def _is_english() -> bool:
    return (get_language() or "").startswith("en")


def _in_english(plain: date) -> str:
    """Fri 27 Nov: the month by its name, for 11/12 is read as one day here and as another there."""
    year = f" {plain.year}" if plain.year != day_of(now()).year else ""
    return f"{weekday(plain)} {plain.day} {plain:%b}{year}"


@register.filter
def day(value: date | datetime | None) -> str:
    """11/27(五); with the year when it is not this one."""
    if not value:
        return ""
    plain = day_of(value) if isinstance(value, datetime) else value
    if _is_english():
        return _in_english(plain)
    year = f"{plain.year}/" if plain.year != day_of(now()).year else ""
    return f"{year}{plain.month}/{plain.day}({weekday(plain)})"


@register.filter
def hour(value: datetime | None) -> str:
    """17:30 on the company's wall."""
    return f"{local(value):%H:%M}" if value else ""


@register.filter
def instant(value: datetime | None) -> str:
    """11/27(五) 17:30 on the company's wall: when something happened. A due instant is written by its clock."""
    if not value:
        return ""
    return f"{day(value)}{THIN}{local(value):%H:%M}"


@register.filter
def ago(value: datetime | None) -> SafeString | str:
    """「2 小時前」 with the exact instant behind it."""
    if not value:
        return ""
    text = _("%(time)s ago") % {"time": timesince(value, now(), depth=1)}
    return format_html('<time datetime="{}" title="{}">{}</time>', value.isoformat(), instant(value), text)


@register.filter
def long_day(value: date | datetime | None) -> str:
    """11 月 24 日(二), as a heading."""
    if not value:
        return ""
    plain = day_of(value) if isinstance(value, datetime) else value
    if _is_english():
        return _in_english(plain)
    told = {"month": plain.month, "day": plain.day, "weekday": weekday(plain), "year": plain.year}
    if plain.year != day_of(now()).year:
        return _("%(month)s/%(day)s/%(year)s (%(weekday)s)") % told
    return _("%(month)s/%(day)s (%(weekday)s)") % told


@register.filter
def is_today(value: date | None) -> bool:
    return bool(value) and value == day_of(now())


@register.filter
def lately(value: datetime | None) -> str:
    """今天 12:55, 昨天, else the day: how a list says when."""
    if not value:
        return ""
    days = (day_of(now()) - day_of(value)).days
    if days == 0:
        return _("today %(hour)s") % {"hour": hour(value)}
    return _("yesterday") if days == 1 else day(value)


@register.filter
def listed(items: Iterable[object] | None) -> str:
    """要保人、被保險人; Policyholder, Insured."""
    return pgettext("between items", ", ").join(map(str, items or ()))


@register.filter
def grouped(number: int | None) -> str:
    """75,045."""
    return f"{number:,}" if number or number == 0 else ""
