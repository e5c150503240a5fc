"""The clock: what a page says about one promise at one instant. Pure."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from shouxin.core.money import currency_name
from shouxin.jurisdictions.interest import DAYS_OF_YEAR, LateInterest, late_interest
from shouxin.jurisdictions.labels import STARTS
from shouxin.jurisdictions.reckoning import start_label
from shouxin.jurisdictions.rule import Rule
from shouxin.jurisdictions.terms import Step, day_in_words, deadline
from shouxin.promises.given import Given
from shouxin.promises.models import Promise, State
from shouxin.promises.reading import SOON_SHARE, Reading, long_span

SOON = "soon"
# More parts than this can't be counted by eye: the dial is then one plain arc.
COUNTABLE = 62


@dataclass(frozen=True)
class Line:
    """One line of the table with which a customer checks the due instant by hand."""

    label: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Clock:
    """A ring filled by `share_used`, and the words beside it.

    `number` and `unit` stand in the middle of the dial; `detail` are the smaller lines. What only a whole page shows
    is said when it is asked for: a list has many clocks and shows none of it.
    """

    promise: int
    subject: str
    state: str
    title: str
    left_text: str
    due_text: str
    detail: tuple[str, ...]
    share_used: float
    start_at: datetime
    due_at: datetime
    number: int | None = None
    unit: str = ""
    version: int = 1
    reading: Reading = field(repr=False)
    terms: Rule | Given = field(repr=False)

    @cached_property
    def _parts(self) -> tuple[int, int]:
        return self.reading.segments(COUNTABLE)

    @property
    def segments(self) -> int:
        """Parts of the dial, days or hours; 0 when they can't be counted."""
        return self._parts[0]

    @property
    def segments_used(self) -> int:
        return self._parts[1]

    @property
    def source(self) -> str:
        return f"{self.terms.source} {self.terms.article}".strip()

    @property
    def effect(self) -> str:
        """What a breach means."""
        return str(self.terms.breach)

    @cached_property
    def steps(self) -> tuple[Line, ...]:
        """The table with which the due instant is checked by hand."""
        return _steps(self.reading, self.terms)

    @property
    def percent(self) -> int:
        """The share used in whole percent: the length of the arc."""
        return round(self.share_used * 100)

    @property
    def due_hour(self) -> str:
        """17:30; 24:00 where the term ends with its day."""
        return _told(self.reading, self.due_at)[-5:]

    @property
    def due_on_wall(self) -> str:
        """「11/30(一) 24:00」, on the wall of the promise's calendar."""
        return _told(self.reading, self.due_at)

    @property
    def due_in_words(self) -> str:
        """For a sentence: 「11 月 30 日(一)」, on the wall of the promise's calendar as everything here."""
        return day_in_words(self.due_at.astimezone(self.reading.calendar.zone))

    @cached_property
    def wait(self) -> int | None:
        """Seconds until its words or its state change by themselves."""
        turns_at = self.reading.turns_at()
        return _seconds(turns_at - self.reading.at) if turns_at else None

    @property
    def state_wait(self) -> int | None:
        """Seconds until it is due soon, or overdue."""
        turns_at = self.reading.state_turns_at()
        return _seconds(turns_at - self.reading.at) if turns_at else None

    @property
    def arc(self) -> str:
        """For the ring that moves: "0:12.5 3600:14.0", seconds from now and the share in percent then."""
        if self.wait is None or not self.is_ticking:
            return ""
        points = self.reading.arc(self.reading.turns_at())
        return " ".join(f"{_seconds(at - self.reading.at)}:{share * 100:.1f}" for at, share in points)

    @property
    def is_ticking(self) -> bool:
        return self.state in {State.RUNNING, SOON}


def _seconds(span: timedelta) -> int:
    """Whole seconds, never too early."""
    return -(-span // timedelta(seconds=1))


def drawn(reading: Reading, terms: Rule | Given, *, who: str = "") -> Clock:
    """The clock of a reading; `who` is the name of whom it was ended by."""
    promise = reading.promise
    share = reading.share()
    state = _state(reading, share)
    left_text, due_text, detail, amount = _WORDS[state](reading, terms, who)
    return Clock(
        promise=promise.pk, subject=promise.subject, state=state, title=str(terms.title), share_used=share,
        left_text=left_text, due_text=due_text, detail=tuple(filter(None, detail)), start_at=promise.start_at,
        due_at=promise.due_at, number=amount and amount[0], unit=amount[1] if amount else "",
        version=promise.rule_version, reading=reading, terms=terms,
    )  # fmt: skip


def _state(reading: Reading, share: float) -> str:
    if reading.is_overdue:
        return State.BROKEN.value
    if reading.promise.state == State.RUNNING and share >= SOON_SHARE:
        return SOON
    return State(reading.promise.state).value


def _running(reading: Reading, terms: Rule | Given, who: str) -> tuple:
    number, unit = amount = reading.left()
    return _("%(number)s %(unit)s to go") % {"number": number, "unit": unit}, _by(reading), (), amount


def _soon(reading: Reading, terms: Rule | Given, who: str) -> tuple:
    number, unit = amount = reading.left()
    return _("%(number)s %(unit)s left") % {"number": number, "unit": unit}, _by(reading), (), amount


def _paused(reading: Reading, terms: Rule | Given, who: str) -> tuple:
    amount = reading.left()
    (used, used_unit), (number, unit) = reading.used_and_left()
    spent = _("%(used)s %(used_unit)s used, %(number)s %(unit)s to go") % {
        "used": used, "used_unit": used_unit, "number": number, "unit": unit,
    }  # fmt: skip
    row = reading.open_pause
    waiting = row.waiting_for or _("the other party")
    since = _("waiting for %(whom)s since %(since)s") % {"whom": waiting, "since": _told(reading, row.paused_at)}
    return _("Paused"), "", (spent, since), amount


def _kept(reading: Reading, terms: Rule | Given, who: str) -> tuple:
    early = reading.promise.due_at - reading.promise.ended_at
    when = f"{_told(reading, reading.promise.ended_at)} {who}".strip()
    sooner = _("%(span)s before it was due") % {"span": long_span(early)} if early > timedelta() else ""
    return _("Kept"), "", (when, sooner), None


def _broken(reading: Reading, terms: Rule | Given, who: str) -> tuple:
    number, unit = amount = reading.overdue()
    was_due = _("was due %(due)s") % {"due": _told(reading, reading.promise.due_at)}
    if reading.promise.ended_reason:
        overdue = _("%(number)s %(unit)s overdue") % {"number": number, "unit": unit}
        since = _("no longer owed since %(when)s") % {"when": _told(reading, reading.promise.ended_at)}
        return overdue, was_due, (since, _interest(reading, terms)), amount
    if reading.promise.ended_at:
        late = _("%(number)s %(unit)s late") % {"number": number, "unit": unit}
        done = _("done %(when)s") % {"when": f"{_told(reading, reading.promise.ended_at)} {who}".strip()}
        return late, was_due, (done, _interest(reading, terms)), amount
    overdue = _("%(number)s %(unit)s overdue") % {"number": number, "unit": unit}
    return overdue, was_due, (_interest(reading, terms),), amount


def _withdrawn(reading: Reading, terms: Rule | Given, who: str) -> tuple:
    return _("No longer owed"), "", (f"{_told(reading, reading.promise.ended_at)} {who}".strip(),), None


_WORDS = {
    "running": _running, SOON: _soon, "paused": _paused, "kept": _kept, "broken": _broken, "withdrawn": _withdrawn,
}  # fmt: skip


def _told(reading: Reading, at: datetime) -> str:
    return deadline(at.astimezone(reading.calendar.zone))


def _by(reading: Reading) -> str:
    """「12/22(二) 24:00 前」, 「今天 15:15 前」."""
    calendar, due_at = reading.calendar, reading.promise.due_at
    if calendar.day_of(reading.last_instant) != calendar.day_of(reading.at):
        return _("by %(due)s") % {"due": _told(reading, due_at)}
    return _("by %(hour)s today") % {"hour": _told(reading, due_at)[-5:]}


def _interest(reading: Reading, terms: Rule | Given) -> str:
    """What late payment has cost so far, and costs per day, where an amount is known."""
    owed = _owed(reading, terms)
    if owed is None:
        return ""
    daily = owed.principal * owed.rate / DAYS_OF_YEAR
    about = {"sum": _money(owed.amount), "daily": _money(daily), "currency": currency_name(reading.promise.currency)}
    if reading.promise.ended_at:
        return _("interest %(sum)s %(currency)s") % about
    return _("interest so far %(sum)s %(currency)s, %(daily)s more each day") % about


def _owed(reading: Reading, terms: Rule | Given) -> LateInterest | None:
    """Interest owed for an overdue promise; None when its rule knows none or no amount is known."""
    principal, calendar = reading.promise.amount, reading.calendar
    if principal is None or terms.interest is None or not reading.is_overdue:
        return None
    due_on, until_on = calendar.day_of(reading.last_instant), calendar.day_of(reading.until)
    return late_interest(principal, terms.interest.rate, due_on, until_on, unit=Decimal(1))


def _money(amount: Decimal) -> str:
    return number_format(amount.quantize(Decimal(1), ROUND_HALF_UP), force_grouping=True)


def _as_begun(step: Step, promise: Promise, terms: Rule | Given) -> Step:
    """Of promises made before it was written down what began them, the start is named only where it can be no other."""
    if promise.begun_by or "start_at" not in step.values or step.label not in STARTS.values():
        return step
    return replace(step, label=start_label(getattr(terms, "starts", ())))


def _steps(reading: Reading, terms: Rule | Given) -> tuple[Line, ...]:
    steps = [_as_begun(Step.of(each), reading.promise, terms) for each in reading.promise.reckoning]
    lines = [Line(step.told_label, step.told) for step in steps]
    if owed := _owed(reading, terms):
        values = {
            "amount": _money(owed.principal), "rate": f"{(owed.rate * 100).normalize():f}", "days": owed.days,
            "sum": _money(owed.amount), "currency": currency_name(reading.promise.currency),
        }  # fmt: skip
        text = _("%(amount)s × %(rate)s %% × %(days)s ÷ 365 = %(sum)s %(currency)s") % values
        lines.append(Line(_("Interest"), text))
    return tuple(lines)
