"""Reading a clock: how much of the time was used, and what is left, in the unit of the rule. Pure."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shouxin.jurisdictions.calendars import Calendar
from shouxin.jurisdictions.terms import Unit
from shouxin.promises.models import Promise, PromisePause, State

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
# Beyond two days hours say nothing any more.
MANY_HOURS = timedelta(hours=48)
BY_HOURS = frozenset({Unit.HOURS, Unit.WORKING_HOURS})
BY_WORK = frozenset({Unit.WORKING_DAYS, Unit.WORKING_HOURS})
_INSTANT = timedelta(microseconds=1)
# From this share of the time on, a promise is due soon.
SOON_SHARE = 0.7

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

    def used_and_left(self) -> tuple[Amount, Amount]:
        """What was used and what is left while it stands still, both in one unit: the rule's days, else hours."""
        past = [(p.paused_at, p.resumed_at) for p in self.pauses if p.resumed_at]
        start, due_at = self.promise.start_at, self.promise.due_at
        if self.unit not in BY_HOURS:
            used = self.days(start, self.until) - sum(self.days(*span) for span in past)
            left = self.days(self.until, self.last_instant)
            return tuple((count, day_word(self.unit, count)) for count in (max(0, used), left))
        used = self._hours_span(start, self.until) - sum((self._hours_span(*span) for span in past), timedelta())
        left = self._hours_span(self.until, due_at)
        step, word = (HOUR, hour_word) if left >= HOUR else (MINUTE, minute_word)
        return tuple((count, word(count)) for count in (max(used, timedelta()) // step, max(1, left // step)))

    @property
    def is_moving(self) -> bool:
        """Whether its words change by themselves: it runs, or is overdue and still owed."""
        return self.promise.state == State.RUNNING or (self.is_overdue and self.promise.ended_at is None)

    def soon_at(self) -> datetime:
        """From when on it is due soon, if nothing stops it."""
        promise = self.promise
        stood = sum((self._span(p.paused_at, p.resumed_at) for p in self.pauses if p.resumed_at), timedelta())
        used = stood + (self._span(promise.start_at, promise.due_at) - stood) * SOON_SHARE
        return self.calendar.add(promise.start_at, used) if self.unit in BY_WORK else promise.start_at + used

    def state_turns_at(self) -> datetime | None:
        """When it is due soon, or overdue, next."""
        if self.promise.state != State.RUNNING or self.is_overdue:
            return None
        return min(at for at in (self.soon_at(), self.promise.due_at) if at >= self.at or at == self.promise.due_at)

    def turns_at(self) -> datetime | None:
        """When its words or its state change next; None when time changes nothing of it."""
        if not self.is_moving:
            return None
        midnight = self.calendar.end_of(self.calendar.day_of(self.at))
        turns = [midnight, self._amount_turns_at(), self.state_turns_at()]
        return min(at for at in turns if at is not None)

    def _amount_turns_at(self) -> datetime | None:
        """When the hours or minutes that are told change; days change at midnight."""
        late = self.at - self.promise.due_at
        ends = (self.last_instant, self.at) if self.is_overdue else (self.at, self.last_instant)
        if self.unit not in BY_HOURS and self.days(*ends):
            return None
        if self.is_overdue:
            step = HOUR if late >= HOUR else MINUTE
            return self.at + step - late % step
        span = self._hours_span(self.at, self.promise.due_at)
        rest = span % (HOUR if span >= HOUR else MINUTE) + _INSTANT
        return self.calendar.add(self.at, rest) if self.unit is Unit.WORKING_HOURS else self.at + rest

    def arc(self, until: datetime) -> list[tuple[datetime, float]]:
        """How the share grows from now until then: straight between these points, flat while nothing counts."""
        inner = self.calendar.edges(self.calendar.day_of(self.at)) if self.unit in BY_WORK else []
        instants = [self.at, *(edge for edge in inner if self.at < edge < until), until]
        return [(each, replace(self, at=each).share()) for each in instants]

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
        """For how long it is or was overdue: from a day on in days, that hours and days of one list can be compared."""
        late = self.until - self.promise.due_at
        if self.unit in BY_HOURS and late >= DAY:
            working = self.days(self.promise.due_at, self.until) if self.unit is Unit.WORKING_HOURS else 0
            return (working, day_word(Unit.WORKING_DAYS, working)) if working else _days(late)
        return self.amount(self.last_instant, self.until, late)

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


def _days(span: timedelta) -> Amount:
    return span.days, day_word(Unit.CALENDAR_DAYS, span.days)


def day_word(unit: Unit, count: int) -> str:
    if unit is Unit.WORKING_DAYS:
        return ngettext("working day", "working days", count)
    return ngettext("day", "days", count)


def hours(span: timedelta) -> Amount:
    """Whole hours from one hour on, else whole minutes, never below one."""
    if span >= HOUR:
        return span // HOUR, hour_word(span // HOUR)
    minutes = max(1, span // MINUTE)
    return minutes, minute_word(minutes)


def hour_word(count: int) -> str:
    return ngettext("hour", "hours", count)


def minute_word(count: int) -> str:
    return ngettext("minute", "minutes", count)


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
