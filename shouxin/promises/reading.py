"""Reading a clock: how much of the time was used, and what is left, in the unit of the rule. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shouxin.jurisdictions.calendars import Calendar
from shouxin.jurisdictions.terms import Unit
from shouxin.promises.models import Promise, PromisePause, State

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
# Beyond two days hours say nothing any more.
MANY_HOURS = timedelta(hours=48)
BY_HOURS = frozenset({Unit.HOURS, Unit.WORKING_HOURS})
BY_WORK = frozenset({Unit.WORKING_DAYS, Unit.WORKING_HOURS})
_INSTANT = timedelta(microseconds=1)

Amount = tuple[int, str]  # 28, "days"


@dataclass(frozen=True)
class Reading:
    """One promise at one instant, with the calendar and the pauses it runs by."""

    promise: Promise
    calendar: Calendar
    at: datetime
    unit: Unit
    pauses: tuple[PromisePause, ...] = ()

    @property
    def open_pause(self) -> PromisePause | None:
        return next((pause for pause in self.pauses if pause.resumed_at is None), None)

    @property
    def until(self) -> datetime:
        """Up to when time was used: now, or when the clock stopped, for good or for a while."""
        stopped = self.open_pause.paused_at if self.open_pause else self.promise.ended_at
        return min(self.at, stopped) if stopped else self.at

    @property
    def last_instant(self) -> datetime:
        """The last one in time: 24:00 belongs to the day it ends."""
        return self.promise.due_at - _INSTANT

    @property
    def is_overdue(self) -> bool:
        """Broken, or about to be: the page does not wait for the loop."""
        running_over = self.promise.state == State.RUNNING and self.at > self.promise.due_at
        return running_over or self.promise.state == State.BROKEN

    def share(self) -> float:
        """The share of the time used, 0 to 1: of working time where the rule counts it, else of the wall clock's."""
        promise = self.promise
        if self.is_overdue or promise.state == State.KEPT:
            return 1.0
        stood = sum((self._span(p.paused_at, p.resumed_at) for p in self.pauses if p.resumed_at), timedelta())
        whole = self._span(promise.start_at, promise.due_at) - stood
        used = self._span(promise.start_at, self.until) - stood
        return min(1.0, max(0.0, used / whole)) if whole > timedelta() else 0.0

    def _span(self, start: datetime, end: datetime) -> timedelta:
        return self.calendar.between(start, end) if self.unit in BY_WORK else end - start

    def _hours_span(self, start: datetime, end: datetime) -> timedelta:
        return self.calendar.between(start, end) if self.unit is Unit.WORKING_HOURS else end - start

    def days(self, start: datetime, end: datetime) -> int:
        """Days as the rule counts them from the day of `start` to the day of `end`, the first not counted."""
        first, last = self.calendar.day_of(start), self.calendar.day_of(end)
        return self.calendar.working_days_between(first, last) if self.unit in BY_WORK else (last - first).days

    def left(self) -> Amount:
        """What is left: days of the rule; below one day hours, below an hour minutes."""
        return self.amount(self.until, self.last_instant, self._hours_span(self.until, self.promise.due_at))

    def overdue(self) -> Amount:
        """For how long it is or was overdue."""
        return self.amount(self.last_instant, self.until, self.until - self.promise.due_at)

    def amount(self, start: datetime, end: datetime, span: timedelta) -> Amount:
        if self.unit not in BY_HOURS and (days := self.days(start, end)):
            return days, day_word(self.unit, days)
        if span >= MANY_HOURS and self.unit is not Unit.WORKING_HOURS:
            return span.days, day_word(Unit.CALENDAR_DAYS, span.days)
        return hours(span)

    def segments(self, countable: int) -> tuple[int, int]:
        """How many parts the dial has and how many are used, days or hours; (0, 0) when nobody could count them."""
        if self.unit in BY_HOURS:
            whole, used = (
                self._span(self.promise.start_at, self.promise.due_at),
                self._span(self.promise.start_at, self.until),
            )
            parts, gone = (whole // HOUR if not whole % HOUR else 0), used // HOUR
        else:
            parts = self.days(self.promise.start_at, self.last_instant)
            gone = self.days(self.promise.start_at, self.until)
        return (parts, min(max(gone, 0), parts)) if 1 < parts <= countable else (0, 0)


def day_word(unit: Unit, count: int) -> str:
    if unit is Unit.WORKING_DAYS:
        return ngettext("working day", "working days", count)
    return ngettext("day", "days", count)


def hours(span: timedelta) -> Amount:
    """Whole hours from one hour on, else whole minutes, never below one."""
    if span >= HOUR:
        return span // HOUR, ngettext("hour", "hours", span // HOUR)
    minutes = max(1, span // MINUTE)
    return minutes, ngettext("minute", "minutes", minutes)


def long_span(span: timedelta) -> str:
    """「7 小時 25 分」, 「3 日 2 小時」: the two largest units."""
    minutes = max(0, span // MINUTE)
    days, minutes = divmod(minutes, 24 * 60)
    whole_hours, minutes = divmod(minutes, 60)
    parts = (
        (days, ngettext("day", "days", days)),
        (whole_hours, ngettext("hour", "hours", whole_hours)),
        (minutes, ngettext("minute", "minutes", minutes)),
    )
    said = [f"{count} {word}" for count, word in parts if count][:2]
    return " ".join(said) or _("less than a minute")
