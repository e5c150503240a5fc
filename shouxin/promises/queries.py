"""Reading promises: the clocks of one, of many, of a case. Nothing here costs a query per promise."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models import Case, IntegerField, QuerySet, Value, When

from shouxin.core.audience import READS, Audience
from shouxin.core.refs import Ref
from shouxin.core.statements import stated
from shouxin.jurisdictions.queries import calendar_of
from shouxin.people.models import Staff
from shouxin.people.queries import staff_names
from shouxin.promises.choosing import REPORTS
from shouxin.promises.clocks import Clock, drawn
from shouxin.promises.models import OPEN, Promise, PromisePause, State
from shouxin.promises.reading import Reading
from shouxin.promises.terms import terms_of


def of(*subjects: Ref, audience: Audience | str) -> QuerySet[Promise]:
    """What this audience may see of the promises about these subjects: those owed first, the soonest due first."""
    return Promise.objects.about(*subjects).visible_to(audience).order_by(_owed_first(), "due_at", "id")


def clock_of(promise: Promise, at: datetime) -> Clock:
    """The clock of one promise; of several, ask for `clocks_of`."""
    return clocks_of([promise], at)[0]


def clocks_about(*subjects: Ref, at: datetime, audience: Audience | str) -> list[Clock]:
    """The clocks of these subjects that this audience may see; of reports that were given only the last."""
    return clocks_of(_without_former_reports(_about(subjects=_told(subjects), audiences=_read_by(audience))), at)


def _without_former_reports(promises: Sequence[Promise]) -> list[Promise]:
    """Every answer keeps a report and promises the next: of the kept ones those that were followed say nothing new."""
    newest: dict[tuple[str, str], int] = {}
    for each in promises:
        newest[each.subject, each.rule] = max(each.pk, newest.get((each.subject, each.rule), 0))
    return [
        each for each in promises
        if each.state != State.KEPT or each.terms.get("start") not in REPORTS
        or each.pk == newest[each.subject, each.rule]
    ]  # fmt: skip


def nearest_clocks(subjects: Iterable[Ref], *, at: datetime, audience: Audience | str) -> dict[str, Clock]:
    """For a list: each subject's clock that presses most, by its reference ("case:4517")."""
    nearest = _nearest(subjects=_told(subjects), audiences=_read_by(audience))
    return {clock.subject: clock for clock in clocks_of(nearest, at)}


def clocks_due(subjects: Iterable[Ref], begin: datetime, end: datetime, *, at: datetime, most: int) -> list[Clock]:
    """Those staff see that were or are due after `begin` and not after `end`, the soonest first."""
    return clocks_of(_due(subjects=_told(subjects), begin=begin, end=end, most=most), at)


def _told(subjects: Iterable[Ref]) -> list[str]:
    return [str(subject) for subject in subjects]


def _read_by(audience: Audience | str) -> list[str]:
    return [str(each) for each in READS[Audience(audience)]]


@stated
def _about(subjects, audiences):
    found = Promise.objects.filter(subject__any_of=subjects, audience__any_of=audiences)
    return found.order_by(_owed_first(), "due_at", "id")


@stated
def _nearest(subjects, audiences):
    found = Promise.objects.filter(subject__any_of=subjects, audience__any_of=audiences).owed().for_lists()
    return found.order_by("subject", _owed_first(), "due_at", "id").distinct("subject")


@stated
def _due(subjects, begin, end, *, most):
    seen = Promise.objects.filter(subject__any_of=subjects).visible_to(Audience.STAFF)
    due = seen.filter(due_at__gt=begin, due_at__lte=end, state__in=["running", "kept", "broken"])
    return due.for_lists().order_by("due_at", "id")[:most]


def clocks_of(promises: Iterable[Promise], at: datetime) -> list[Clock]:
    """The clocks of many: one query a calendar, one for pauses if any was paused, one for names if any was ended."""
    promises = list(promises)
    pauses, names = _pauses(promises), _names(promises)
    calendars = {key: calendar_of(key) for key in {each.calendar_key for each in promises}}
    clocks = []
    for promise in promises:
        terms = terms_of(promise)
        reading = Reading(promise, calendars[promise.calendar_key], at, terms.unit, tuple(pauses.get(promise.pk, ())))
        clocks.append(drawn(reading, terms, who=names.get(promise.ended_by or "", "")))
    return clocks


def _pauses(promises: Sequence[Promise]) -> dict[int, list[PromisePause]]:
    stood = [each.pk for each in promises if each.state == State.PAUSED or each.paused_seconds]
    found: dict[int, list[PromisePause]] = {}
    for pause in PromisePause.objects.filter(promise__in=stood) if stood else ():
        found.setdefault(pause.promise_id, []).append(pause)
    return found


def _names(promises: Sequence[Promise]) -> dict[str, str]:
    refs = {ref: Ref.parse(ref) for promise in promises if (ref := promise.ended_by)}
    staff = {told: ref.id for told, ref in refs.items() if ref.kind == Staff.ref_kind}
    names = staff_names() if staff else {}
    return {told: names.get(number, "") for told, number in staff.items()}


def _owed_first() -> Case:
    """Open ones before those that were broken and wait, before those that are over."""
    return Case(
        When(state__in=OPEN, then=Value(0)),
        When(state=State.BROKEN, ended_at=None, then=Value(0)),
        default=Value(1),
        output_field=IntegerField(),
    )
