"""Reckoning: from a rule, a start and a calendar to the due instant, with every step that leads there."""

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_noop

from shouxin.jurisdictions.calendars import ONE_DAY, Calendar
from shouxin.jurisdictions.certainty import unofficial_days
from shouxin.jurisdictions.labels import REASONS, STARTS
from shouxin.jurisdictions.terms import Months, Roll, Step, Unit, deadline

if TYPE_CHECKING:
    from shouxin.jurisdictions.rule import Rule

HOURS = frozenset({Unit.HOURS, Unit.WORKING_HOURS})
MONTHS_IN = {Unit.MONTHS: 1, Unit.YEARS: 12}
# Staff are warned so many working days ahead, and when this share of a term of hours is used up.
WARN_WORKING_DAYS = (5, 1)
WARN_SHARE = 0.75


@dataclass(frozen=True)
class Pause:
    """A time that does not count, with its reason; `end_at` None while it lasts."""

    start_at: datetime
    end_at: datetime | None
    reason: str


@dataclass(frozen=True)
class Extension:
    """A step of lengthening that was granted: its code, when the customer was told, by whom approved."""

    step: str
    at: datetime
    approver: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Reckoning:
    """The answer: due at, when to warn, and the lines to check it by. While paused, `due_at` is the last known."""

    due_at: datetime
    warn_at: tuple[datetime, ...]
    steps: tuple[Step, ...]
    is_paused: bool = False

    def as_json(self) -> dict[str, Any]:
        return {
            "due_at": self.due_at.isoformat(),
            "warn_at": [at.isoformat() for at in self.warn_at],
            "steps": [step.as_json() for step in self.steps],
            "is_paused": self.is_paused,
        }


@dataclass(frozen=True)
class _Term:
    """How long, after all granted extensions, and from when."""

    limit: int
    unit: Unit
    start_at: datetime


def reckon(
    rule: "Rule", start_at: datetime, calendar: Calendar, pauses: Iterable[Pause] = (),
    extensions: Iterable[Extension] = (), begun_by: str = "",
) -> Reckoning:  # fmt: skip
    """Reckon `rule` from `start_at`, at which the event `begun_by` happened ("": it was not written down).

    Pauses for a reason the rule does not know do not stop it.

    Raises ValueError for a rule without a number of days, LookupError for an extension the rule does not have.
    """
    _require_clock(rule)
    granted = sorted(extensions, key=lambda extension: extension.at)
    counted = _merged(counted_pauses(rule, pauses))
    is_paused = any(pause.end_at is None for pause in counted)
    closed = [pause for pause in counted if pause.end_at is not None]
    term = _term(rule, start_at, granted)
    steps = [_source_step(rule), _start_step(rule, start_at, calendar, begun_by)]
    steps += [_extension_step(rule, extension, calendar) for extension in granted]
    due_at, counting = (_due_in_hours if term.unit in HOURS else _due_on_day)(rule, term, calendar, closed)
    steps += counting
    steps += _pause_steps(rule, counted, calendar)
    steps.append(Step(gettext_noop("Due"), gettext_noop("%(due_at)s"), {"due_at": due_at.isoformat()}))
    return Reckoning(due_at, warnings(term.unit, start_at, due_at, calendar), tuple(steps), is_paused)


def due_of(rule: "Rule", start_at: datetime, calendar: Calendar) -> datetime:
    """Only the due instant of a term that nothing stopped or lengthened; equals ``reckon(…).due_at``."""
    _require_clock(rule)
    if rule.unit in HOURS:
        return _after_hours(_Term(rule.limit, rule.unit, start_at), calendar)
    day = calendar.day_of(start_at)
    return _end(rule, _rolled(rule, _last_day(rule, rule.limit, rule.unit, day, calendar), calendar), calendar)


def warnings(unit: Unit, start_at: datetime, due_at: datetime, calendar: Calendar) -> tuple[datetime, ...]:
    """When staff are warned ahead: always after the start and before the due instant."""
    if unit in HOURS:
        wall = due_at - start_at
        worked = calendar.between(start_at, due_at)
        at = calendar.add(start_at, worked * WARN_SHARE) if unit is Unit.WORKING_HOURS else start_at + wall * WARN_SHARE
        ahead = [at]
    else:
        last = calendar.day_of(due_at - timedelta(microseconds=1))
        ahead = [calendar.opening_of(calendar.add_working_days(last, -days)) for days in WARN_WORKING_DAYS]
    return tuple(at for at in ahead if start_at < at < due_at)


# ── terms of hours ────────────────────────────────────────────────────────────


def _after_hours(term: _Term, calendar: Calendar) -> datetime:
    length = timedelta(hours=term.limit)
    if term.unit is Unit.HOURS:
        return _later(term.start_at, length, calendar)
    return calendar.add(term.start_at, length)


def _later(at: datetime, span: timedelta, calendar: Calendar) -> datetime:
    """So many hours later. Counted in UTC: within one zone Python adds to the wall, across a clock change as well."""
    return (at.astimezone(UTC) + span).astimezone(calendar.zone)


def _due_in_hours(rule: "Rule", term: _Term, calendar: Calendar, pauses: list[Pause]) -> tuple[datetime, list[Step]]:
    due_at = _after_hours(term, calendar)
    text = (
        gettext_noop("%(limit)s working hours") if term.unit is Unit.WORKING_HOURS else gettext_noop("%(limit)s hours")
    )
    steps = [Step(gettext_noop("Counted"), text, {"limit": term.limit, "until_at": due_at.isoformat()})]
    for pause in pauses:
        if pause.start_at >= due_at:
            break
        start = max(pause.start_at, term.start_at)
        if pause.end_at <= start:
            continue
        if term.unit is Unit.HOURS:
            due_at = _later(due_at, pause.end_at.astimezone(UTC) - start.astimezone(UTC), calendar)
        else:
            due_at = calendar.add(due_at, calendar.between(start, pause.end_at))
    return due_at, steps


# ── terms of days, weeks, months ──────────────────────────────────────────────


def _due_on_day(rule: "Rule", term: _Term, calendar: Calendar, pauses: list[Pause]) -> tuple[datetime, list[Step]]:
    start = calendar.day_of(term.start_at)
    counted = last = _last_day(rule, term.limit, term.unit, start, calendar)
    added = 0
    for pause in pauses:
        if (begun := calendar.day_of(pause.start_at)) > last:
            last = _rolled(rule, last, calendar)  # it began on the days of rest over which the term still ran
            if begun > last:
                break
        days = _paused_days(term, pause, calendar)
        added += days
        last = calendar.add_working_days(last, days) if term.unit is Unit.WORKING_DAYS else last + days * ONE_DAY
    steps = _count_steps(rule, term, start, counted, calendar)
    if added:
        steps.append(
            Step(
                gettext_noop("Pauses"),
                gettext_noop("%(count)s days are added: %(last_on)s"),
                {"count": added, "last_on": last.isoformat()},
            )
        )
    rolled = _rolled(rule, last, calendar)
    if rolled != last:
        text = gettext_noop("%(last_on)s is a day of rest, so the term ends on %(rolled_on)s")
        steps.append(
            Step(gettext_noop("Day of rest"), text, {"last_on": last.isoformat(), "rolled_on": rolled.isoformat()})
        )
    counted_from = start if term.unit is Unit.WORKING_DAYS else last
    steps += unofficial_days(counted_from, rolled, calendar)
    return _end(rule, rolled, calendar), steps


def _last_day(rule: "Rule", limit: int, unit: Unit, start: date, calendar: Calendar) -> date:
    """The last day before any roll; backward, the last day on which the act is still in time."""
    if rule.is_backward:
        return _counted_back(limit, unit, start, calendar)
    early = ONE_DAY if rule.first_day_counts else timedelta()
    if unit is Unit.CALENDAR_DAYS:
        return start + timedelta(days=limit) - early
    if unit is Unit.WORKING_DAYS:
        return calendar.add_working_days(start - early, limit)
    if unit is Unit.WEEKS:
        return start + timedelta(weeks=limit) - early
    months = limit * MONTHS_IN[unit]
    if rule.months is Months.SAME_DAY:
        return add_months(start, months) - early
    return months_end(start + ONE_DAY - early, months)


def _counted_back(limit: int, unit: Unit, event: date, calendar: Calendar) -> date:
    """So many full days lie between the act and the event."""
    if unit is Unit.WORKING_DAYS:
        return calendar.add_working_days(event, -limit) - ONE_DAY
    if unit in MONTHS_IN:
        return add_months(event, -limit * MONTHS_IN[unit]) - ONE_DAY
    return event - timedelta(days=limit * (7 if unit is Unit.WEEKS else 1)) - ONE_DAY


def add_months(day: date, months: int) -> date:
    """The corresponding day so many months on; the last of the month where there is none."""
    years, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(years, month + 1, min(day.day, monthrange(years, month + 1)[1]))


def months_end(first: date, months: int) -> date:
    """The last day of a term of months whose first counted day is `first`.

    The day before the corresponding one; the last of the month where there is no corresponding day.
    """
    corresponding = add_months(first, months)
    return corresponding - ONE_DAY if corresponding.day == first.day else corresponding


def _rolled(rule: "Rule", last: date, calendar: Calendar) -> date:
    if rule.roll is Roll.NONE:
        return last
    return calendar.previous_working_day(last) if rule.is_backward else calendar.next_working_day(last)


def _end(rule: "Rule", last: date, calendar: Calendar) -> datetime:
    return calendar.close_of(last) if rule.ends_at_close else calendar.end_of(last)


def _paused_days(term: _Term, pause: Pause, calendar: Calendar) -> int:
    """Days from the one on which the pause began to the one on which it ended, the first not counted."""
    begin, end = max(pause.start_at, term.start_at), pause.end_at
    if end <= begin:
        return 0
    if term.unit is not Unit.WORKING_DAYS:
        return (calendar.day_of(end) - calendar.day_of(begin)).days
    return calendar.working_days_between(
        calendar.day_of(calendar.next_open(begin)), calendar.day_of(calendar.next_open(end))
    )


def _term(rule: "Rule", start_at: datetime, granted: list[Extension]) -> _Term:
    term = _Term(rule.limit, rule.unit, start_at)
    for extension in granted:
        step = rule.extension(extension.step)
        term = _Term(step.limit, step.unit, extension.at if step.from_notice else start_at)
    return term


def counted_pauses(rule: "Rule", pauses: Iterable[Pause]) -> list[Pause]:
    """Those the rule knows; of a rule that pauses once only the first for each reason."""
    known = sorted((pause for pause in pauses if pause.reason in rule.suspensions), key=lambda pause: pause.start_at)
    if not rule.pauses_once:
        return known
    return list({pause.reason: pause for pause in reversed(known)}.values())


def _merged(pauses: list[Pause]) -> list[Pause]:
    """In order, overlapping ones as one: the same hour is never added back twice."""
    merged: list[Pause] = []
    for pause in sorted(pauses, key=lambda pause: pause.start_at):
        previous = merged[-1] if merged else None
        if previous is None or (previous.end_at is not None and pause.start_at > previous.end_at):
            merged.append(pause)
        elif previous.end_at is not None:
            end_at = None if pause.end_at is None else max(previous.end_at, pause.end_at)
            merged[-1] = Pause(previous.start_at, end_at, previous.reason)
    return merged


def _require_clock(rule: "Rule") -> None:
    if rule.limit is None:
        raise ValueError(f"{rule.id} names no number of days: there is nothing to reckon")


# ── steps ─────────────────────────────────────────────────────────────────────


def _source_step(rule: "Rule") -> Step:
    values = {"source": rule.source.as_json(), "article": rule.article.as_json(), "version": rule.version}
    return Step(gettext_noop("Rule"), gettext_noop("%(source)s %(article)s, version %(version)s"), values)


def start_label(starts: tuple[str, ...], begun_by: str = "") -> str:
    """What the start of a term is called: the event that began it; where that may be one of several, only a start."""
    event = begun_by or (starts[0] if len(starts) == 1 else "")
    return STARTS.get(event, gettext_noop("Start"))


def _start_step(rule: "Rule", start_at: datetime, calendar: Calendar, begun_by: str) -> Step:
    values = {"start_at": start_at.astimezone(calendar.zone).isoformat()}
    return Step(start_label(rule.starts, begun_by), gettext_noop("%(start_at)s"), values)


def _extension_step(rule: "Rule", extension: Extension, calendar: Calendar) -> Step:
    step = rule.extension(extension.step)
    values = {
        "limit": step.limit, "unit": str(step.unit), "approver": extension.approver,
        "told_at": extension.at.astimezone(calendar.zone).isoformat(),
    }  # fmt: skip
    text = gettext_noop("Lengthened on %(told_at)s, told to the customer")
    return Step(gettext_noop("Extension"), text, values)


def _count_steps(rule: "Rule", term: _Term, start: date, last: date, calendar: Calendar) -> list[Step]:
    if rule.is_backward:
        text = gettext_noop("Full days before %(event_on)s: at the latest on %(last_on)s")
        values = {"limit": term.limit, "event_on": start.isoformat(), "last_on": last.isoformat()}
        return [Step(UNIT_LABELS[term.unit], text, values)]
    first = start if rule.first_day_counts else start + ONE_DAY
    first_label = gettext_noop("First day counts") if rule.first_day_counts else gettext_noop("First day not counted")
    steps = [Step(first_label, gettext_noop("Counted from %(first_on)s"), {"first_on": first.isoformat()})]
    steps.append(
        Step(UNIT_LABELS[term.unit], gettext_noop("to %(last_on)s"), {"limit": term.limit, "last_on": last.isoformat()})
    )
    return steps + (_passed_steps(start, last, calendar) if term.unit is Unit.WORKING_DAYS else [])


def _passed_steps(start: date, last: date, calendar: Calendar) -> list[Step]:
    """Holidays that were not counted and make-up days that were; ordinary weekends only as a number."""
    days = [start + ONE_DAY * offset for offset in range(1, (last - start).days + 1)]
    special = [(day, calendar.about(day)) for day in days]
    rest = [[day.isoformat(), about.name] for day, about in special if about and not about.is_open]
    makeup = [
        [day.isoformat(), about.name]
        for day, about in special
        if about and about.is_open and day.weekday() in calendar.rest_weekdays
    ]
    weekend = sum(1 for day, about in special if about is None and day.weekday() in calendar.rest_weekdays)
    steps = []
    if weekend:
        steps.append(Step(gettext_noop("Weekends"), gettext_noop("%(count)s days not counted"), {"count": weekend}))
    if rest:
        steps.append(Step(gettext_noop("Holidays not counted"), gettext_noop("%(rest_days)s"), {"rest_days": rest}))
    if makeup:
        steps.append(
            Step(gettext_noop("Make-up working days counted"), gettext_noop("%(makeup_days)s"), {"makeup_days": makeup})
        )
    return steps


def _pause_steps(rule: "Rule", pauses: list[Pause], calendar: Calendar) -> list[Step]:
    if not rule.suspensions:
        return []
    if not pauses:
        return [Step(gettext_noop("Pauses"), gettext_noop("not paused"))]
    return [_pause_step(pause, calendar) for pause in pauses]


def _pause_step(pause: Pause, calendar: Calendar) -> Step:
    values = {
        "start_at": pause.start_at.astimezone(calendar.zone).isoformat(), "reason_text": REASONS.get(pause.reason, ""),
    }  # fmt: skip
    if pause.end_at is None:
        return Step(gettext_noop("Pauses"), gettext_noop("since %(start_at)s, still paused %(reason_text)s"), values)
    values["end_at"] = pause.end_at.astimezone(calendar.zone).isoformat()
    return Step(gettext_noop("Pauses"), gettext_noop("from %(start_at)s to %(end_at)s %(reason_text)s"), values)


UNIT_LABELS = {
    Unit.CALENDAR_DAYS: gettext_noop("%(limit)s days"),
    Unit.WORKING_DAYS: gettext_noop("%(limit)s working days"),
    Unit.WEEKS: gettext_noop("%(limit)s weeks"),
    Unit.MONTHS: gettext_noop("%(limit)s months"),
    Unit.YEARS: gettext_noop("%(limit)s years"),
    Unit.HOURS: gettext_noop("%(limit)s hours"),
    Unit.WORKING_HOURS: gettext_noop("%(limit)s working hours"),
}
__all__ = [
    "Extension", "Pause", "Reckoning", "add_months", "deadline", "due_of", "months_end", "reckon", "start_label",
    "warnings",
]  # fmt: skip
