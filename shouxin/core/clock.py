"""The instant and the company's day. Rules are given instants; only the outermost layer asks what time it is."""

from datetime import UTC, date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.conf import settings


def now() -> datetime:
    """This instant, aware, in UTC."""
    return datetime.now(UTC)


@lru_cache(maxsize=1)
def company_zone() -> ZoneInfo:
    return ZoneInfo(settings.TIME_ZONE)


def local(instant: datetime) -> datetime:
    """The instant as the company's wall shows it."""
    try:
        return instant.astimezone(company_zone())
    except OverflowError:  # the first or the last day there is: a date nobody can mean, but pages must show it
        return instant.replace(tzinfo=company_zone())


def day_of(instant: datetime) -> date:
    """The company's day in which the instant lies."""
    return local(instant).date()


def start_of(day: date) -> datetime:
    """Midnight at which the company's day begins, aware."""
    return datetime(day.year, day.month, day.day, tzinfo=company_zone())
