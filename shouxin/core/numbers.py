"""Numbers people say on the phone: C26-004517. One PostgreSQL sequence per prefix and year."""

from datetime import datetime

from django.db import connection

from shouxin.core.clock import local


def _sequence(prefix: str, year: int) -> str:
    if not (prefix.isascii() and prefix.isalpha() and len(prefix) <= 4):
        raise ValueError(f"a prefix is one to four letters, not {prefix!r}")
    return f"number_{prefix.lower()}_{year % 100:02d}"


def next_number(prefix: str, at: datetime) -> str:
    """The next number of this prefix in the company's year of `at`; gaps are possible, repeats are not."""
    return next_numbers(prefix, at, 1)[0]


def next_numbers(prefix: str, at: datetime, count: int) -> list[str]:
    """`count` numbers at once, for bulk loading."""
    year = local(at).year
    with connection.cursor() as cursor:
        cursor.execute("SELECT take_numbers(%s, %s)", [_sequence(prefix, year), count])
        return [f"{prefix}{year % 100:02d}-{row[0]:06d}" for row in cursor.fetchall()]
