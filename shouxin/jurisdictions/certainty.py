"""Which days decided a due instant and are not from an official list: named in its reckoning."""

from datetime import date

from django.utils.translation import gettext_noop

from shouxin.jurisdictions.calendars import ONE_DAY, Calendar, Certainty
from shouxin.jurisdictions.terms import Step

LABELS = {
    Certainty.PUBLISHED: gettext_noop("Holidays taken from a public list"),
    Certainty.EXPECTED: gettext_noop("Holidays not yet officially published"),
}


def unofficial_days(start: date, end: date, calendar: Calendar) -> list[Step]:
    """One step for each certainty below the official, with the days between that decided."""
    days, steps = _deciding(start, end, calendar), []
    for certainty, label in LABELS.items():
        meant = [day for day in days if calendar.certainty_on(day) == certainty]
        if found := [[day.isoformat(), calendar.about(day).name] for day in meant]:
            steps.append(Step(label, gettext_noop("%(rest_days)s"), {"rest_days": found}))
    return steps


def _deciding(start: date, end: date, calendar: Calendar) -> list[date]:
    """Days that are other than their weekday would make them: without them the term would end elsewhere."""
    first, last = min(start, end), max(start, end)
    days = [first + ONE_DAY * offset for offset in range((last - first).days + 1)]
    return [
        day for day in days
        if (about := calendar.about(day)) and about.is_open == (day.weekday() in calendar.rest_weekdays)
    ]  # fmt: skip
