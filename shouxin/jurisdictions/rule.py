"""A rule: what is promised by when, under which source. A rule is data; the packs load theirs from `packs/data`."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from shouxin.core.audience import Audience
from shouxin.jurisdictions.acts import Act
from shouxin.jurisdictions.calendars import Calendar
from shouxin.jurisdictions.reckoning import Extension, Pause, Reckoning, due_of, reckon
from shouxin.jurisdictions.terms import Mark, Months, Roll, Unit, Wording


@dataclass(frozen=True)
class ExtensionStep:
    """How a term may be lengthened: up to `limit` in all, or so much from the notice of it, approved by whom."""

    code: str
    limit: int
    unit: Unit
    from_notice: bool = False
    after: str = ""  # the step that goes before
    approver: Wording = Wording()
    must_tell: bool = True


@dataclass(frozen=True)
class Interest:
    """Simple interest on what is paid late."""

    rate: Decimal
    source: Wording = Wording()


@dataclass(frozen=True, kw_only=True)
class Rule:
    """A time limit. `limit` None means a duty without a number of days: shown, never counted.

    `valid_from` is the day from which the article says so in its present wording; None: it could not be found out.
    `also_starts` are events that begin it as `start` does: a report is due even before there was a first one.
    `pauses_once`: only the first pause for a reason counts; asking again stops nothing.
    `within` names the subject of a rule of the same pack whose term is this rule's own: a call within the cooling-off.
    `void_by` are events after which it is no longer owed; `on_breach` is the event that its breach is.
    `kept_by` are the acts any one of which keeps it; nothing else does, least of all closing the case. `form` says
    whether they must be in writing (`acts.may_be_spoken`).
    """

    id: str
    version: int = 1
    jurisdiction: str
    title: Wording
    subject: str
    kept_by: tuple[Act, ...] = ()
    form: str = ""
    void_by: tuple[str, ...] = ()
    on_breach: str = ""
    services: tuple[str, ...] = ()
    source: Wording = Wording()
    article: Wording = Wording()
    valid_from: date | None = None
    valid_until: date | None = None
    start: str = ""
    also_starts: tuple[str, ...] = ()
    limit: int | None = None
    unit: Unit = Unit.CALENDAR_DAYS
    first_day_counts: bool = False
    months: Months = Months.DAY_BEFORE
    roll: Roll = Roll.NONE
    ends_at_close: bool = False
    is_backward: bool = False
    suspensions: tuple[str, ...] = ()
    pauses_once: bool = False
    within: str = ""
    joins_repeats: bool = False
    restarts_on_new_facts: bool = False
    extensions: tuple[ExtensionStep, ...] = ()
    breach: Wording = Wording()
    interest: Interest | None = None
    note: Wording = Wording()
    scope: tuple[str, ...] = ()
    binds: str = "insurer"
    audience: Audience = Audience.CUSTOMER
    mark: Mark = Mark.F
    is_on: bool = field(default=True)

    @property
    def starts(self) -> tuple[str, ...]:
        return (self.start, *self.also_starts)

    @property
    def has_clock(self) -> bool:
        return self.limit is not None

    def is_valid_on(self, day: date) -> bool:
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_until is None or day <= self.valid_until
        )

    def extension(self, code: str) -> ExtensionStep:
        """The step of this code. LookupError when the rule has none."""
        for step in self.extensions:
            if step.code == code:
                return step
        raise LookupError(f"{self.id} can't be extended by {code!r}")

    def reckon(
        self, start_at: datetime, calendar: Calendar, pauses: Iterable[Pause] = (),
        extensions: Iterable[Extension] = (), begun_by: str = "",
    ) -> Reckoning:  # fmt: skip
        """When this rule is due, when to warn, and the steps that show how. See reckoning.reckon."""
        return reckon(self, start_at, calendar, pauses, extensions, begun_by)

    def due(self, start_at: datetime, calendar: Calendar) -> datetime:
        """Only the due instant, without pauses: the quick way for many."""
        return due_of(self, start_at, calendar)

    def as_json(self) -> dict[str, Any]:
        """The terms as plain JSON, so that a promise keeps its own copy."""
        plain = {name: getattr(self, name) for name in _PLAIN}
        return plain | {
            **{name: getattr(self, name).as_json() for name in _WORDINGS},
            "valid_from": self.valid_from.isoformat() if self.valid_from else None,
            "valid_until": self.valid_until.isoformat() if self.valid_until else None,
            **{name: str(getattr(self, name)) for name in _CHOICES},
            **{name: list(getattr(self, name)) for name in _LISTS},
            "extensions": [_step_json(step) for step in self.extensions],
            "interest": self.interest and {"rate": str(self.interest.rate), "source": self.interest.source.as_json()},
        }

    @classmethod
    def of(cls, plain: Mapping[str, Any]) -> "Rule":
        """The inverse of `as_json`; missing entries take their usual value. TypeError on an unknown one."""
        known = dict(plain)
        for name, make in _MAKERS.items():
            if known.get(name) is not None:
                known[name] = make(known[name])
        rule = cls(**known)
        return rule if rule.mark in {Mark.F, Mark.F2, Mark.OWN, Mark.ADOPTED} else replace(rule, is_on=False)


_WORDINGS = ("title", "source", "article", "breach", "note")
_CHOICES = ("unit", "months", "roll", "audience", "mark")
_LISTS = ("services", "also_starts", "suspensions", "scope", "kept_by", "void_by")
_PLAIN = (
    "id", "version", "jurisdiction", "subject", "start", "limit", "first_day_counts", "ends_at_close", "is_backward",
    "pauses_once", "within", "on_breach", "form", "joins_repeats", "restarts_on_new_facts", "binds", "is_on",
)  # fmt: skip


def _day(value: str | date) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value)


def _step_json(step: ExtensionStep) -> dict[str, Any]:
    return {
        "code": step.code, "limit": step.limit, "unit": str(step.unit), "from_notice": step.from_notice,
        "after": step.after, "approver": step.approver.as_json(), "must_tell": step.must_tell,
    }  # fmt: skip


def _step(plain: Mapping[str, Any]) -> ExtensionStep:
    known = {**plain, "unit": Unit(plain["unit"]), "approver": Wording.of(plain.get("approver"))}
    return ExtensionStep(**known)


_MAKERS = {
    **dict.fromkeys(_WORDINGS, Wording.of),
    **dict.fromkeys(_LISTS, tuple),
    "unit": Unit, "months": Months, "roll": Roll, "audience": Audience, "mark": Mark,
    "valid_from": _day, "valid_until": _day,
    "kept_by": lambda codes: tuple(map(Act, codes)),
    "extensions": lambda steps: tuple(map(_step, steps)),
    "interest": lambda plain: Interest(Decimal(str(plain["rate"])), Wording.of(plain.get("source"))),
}  # fmt: skip
