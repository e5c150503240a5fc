"""Which promises a case carries: made when it begins, kept by acts, always behind `Case.due_at`."""

from collections.abc import Container, Iterable
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from shouxin.cases.actions.moving import locked
from shouxin.cases.actions.queueing import requeue
from shouxin.cases.channels import is_spoken
from shouxin.cases.keeping import allowed_act
from shouxin.cases.models import FAR, Case, Service
from shouxin.cases.rules import EVERY_REPLY, Answer, nameable_acts
from shouxin.core.clock import company_zone
from shouxin.core.guards import Refused
from shouxin.core.refs import Ref
from shouxin.core.statements import stated
from shouxin.jurisdictions.acts import Act, may_be_spoken
from shouxin.jurisdictions.calendars import Calendar
from shouxin.jurisdictions.packs import COMPANY, calendar_key, zone_of
from shouxin.jurisdictions.rule import Rule
from shouxin.jurisdictions.standards import in_force
from shouxin.people.models import Staff
from shouxin.policies.lines import scopes_of
from shouxin.policies.models import Policy
from shouxin.promises import actions as promises
from shouxin.promises.choosing import asks_for_scopes, beginning, begun_by_report, is_joined, rules_begun
from shouxin.promises.making import Making, make_many
from shouxin.promises.models import OPEN, Promise, State
from shouxin.promises.queries import calendar_of
from shouxin.promises.terms import acts_of, form_of, terms_of

# The word with which a holding letter says by when the answer comes.
ANSWER_BY = "reply"


def rules_for(
    service: Service, jurisdiction: str, at: datetime, events: Iterable[str], policy: Policy | None = None
) -> tuple[Rule, ...]:
    """The promises these events begin: the law's where the case belongs, and the company's own.

    Where the policy is not known, the terms of the lines that the company sells begin.
    """
    asked = (service.pk, tuple(service.promise_subjects), jurisdiction, _day(jurisdiction, at), tuple(events))
    own = in_force(COMPANY)
    return rules_begun(*asked, scopes_of(policy) if asks_for_scopes(*asked, own) else frozenset(), own)


def rules_of(case: Case, at: datetime, events: Iterable[str]) -> tuple[Rule, ...]:
    """As `rules_for`, for a case; its policy is looked up only where a rule asks for it."""
    day = _day(case.jurisdiction, at)
    asked = (case.service_id, tuple(case.service.promise_subjects), case.jurisdiction, day, tuple(events))
    own = in_force(COMPANY)
    return rules_begun(*asked, scopes_of(case.policy) if asks_for_scopes(*asked, own) else frozenset(), own)


def _day(jurisdiction: str, at: datetime) -> date:
    """Which version of a rule holds is a question of the day where the rule is law."""
    return at.astimezone(zone_of(jurisdiction) or company_zone()).date()


def calendar_key_of(case: Case) -> str:
    return calendar_key(case.jurisdiction, case.branch.place)


def promise_dims(case: Case) -> dict[str, str]:
    """What the facts of a promise say: where the case stands and who answers for it."""
    return case.dims() | {"officer": str(case.officer.ref) if case.officer_id else ""}


def begin(
    case: Case, *, events: Iterable[str], at: datetime, by: Staff | None = None, owed: Container[str] = (),
    bearer: Staff | None = None,
) -> list[Promise]:  # fmt: skip
    """Make the promises these events begin, but for the rules the case `owed` already.

    `bearer` answers for them in place of the officer, whoever serves the case.
    """
    events = tuple(events)
    found = rules_of(case, at, events)
    rules = [rule for rule in found if rule.id not in owed and not is_joined(case, rule)]
    if not rules:
        return []
    shared = {
        "subject": case.ref, "start_at": at, "calendar_key": calendar_key_of(case), "by": by.ref if by else None,
        "person": case.person, "dims": promise_dims(case) | (borne_by(bearer) if bearer else {}),
    }  # fmt: skip
    makings = [Making(rule=rule, begun_by=beginning(rule, events), **shared) for rule in rules]
    return make_many(makings, source=case.source)


def borne_by(staff: Staff) -> dict[str, str]:
    """What the facts of a promise say that somebody else than the officer answers for."""
    return {"officer": str(staff.ref), "bearer": str(staff.ref)}


def begin_anew(
    case: Case, *, events: Iterable[str], at: datetime, by: Staff | None = None, bearer: Staff | None = None
) -> list[Promise]:
    """As `begin`, for a case that lives already: what it still owes is not promised a second time."""
    if not rules_of(case, at, events := tuple(events)):
        return []
    owed = Promise.objects.about(case.ref).owed().values_list("rule", flat=True)
    return begin(case, events=events, at=at, by=by, owed=frozenset(owed), bearer=bearer)


def know_policy(case: Case, *, at: datetime, by: Staff | None) -> None:
    """Which policy it is about is known now: the terms of other lines are not owed, those of its own begin."""
    scopes = scopes_of(case.policy)
    ours = Promise.objects.about(case.ref)
    for promise in ours.filter(state__in=OPEN).exclude(terms__scope=[]).order_by("pk"):
        if not scopes.issuperset(promise.terms.get("scope", ())):
            promises.withdraw(promise, at=at, reason="other_line", by=by.ref if by else None)
    begun = frozenset(ours.values_list("rule", flat=True))
    begin(case, events=case.service.opening_events, at=case.opened_at, by=by, owed=begun)
    follow(case)


def keep_by(
    case: Case, *acts: Act, at: datetime, by: Staff | None, fact: int | None = None, spoken: bool = False
) -> list[Promise]:  # fmt: skip
    """Keep what the case owes and one of these acts keeps; returns what was kept.

    Where they were `spoken` only what need not be in writing.
    """
    kept = []
    for promise in _owed(subject=str(case.ref)):
        fitting = (act for act in acts_of(promise) if act in acts)
        if act := next((act for act in fitting if not spoken or may_be_spoken(act, form_of(promise))), None):
            kept += settle([promise], at=at, act=act, by=by, fact=fact)
    return kept


def keep_by_answer(case: Case, answer: Answer, *acts: Act, by: Staff, fact: int, is_first: bool) -> None:
    """What an answer keeps: by being one, and what the officer says it keeps.

    Where it reports how things stand the next such report is promised from here; so it is after the first answer,
    from which the time to report begins to run.
    """
    spoken = is_spoken(answer.channel)
    new_date = answer.given is not None and answer.given.code == ANSWER_BY
    for number in answer.keeps:
        keep_named(case, number, at=answer.at, by=by, fact=fact, spoken=spoken, new_date=new_date)
    done = (*EVERY_REPLY, *acts, *((Act.REPORT,) if answer.reports else ()))
    keep_by(case, *done, at=answer.at, by=by, fact=fact, spoken=spoken)
    if is_first or answer.reports:
        begin_anew(case, events=begun_by_report(is_first), at=answer.at, by=by)


def keep_named(
    case: Case, number: int, *, at: datetime, by: Staff, fact: int, spoken: bool = False, new_date: bool = False
) -> None:
    """The officer says that this reply, or what was spoken, keeps this promise. DoesNotExist for another case's.

    Refused where the rule is kept by something else than a reply, or only in writing. `new_date`: the same reply
    promises the answer by another day, as a holding letter does.
    """
    promise = Promise.objects.about(case.ref).get(pk=number)
    kept_by, form = acts_of(promise), form_of(promise)
    acts = nameable_acts(kept_by, is_spoken=spoken, form=form, new_date=new_date)
    if not acts:
        written = spoken and nameable_acts(kept_by, new_date=True)
        why = _("%(title)s must be done in writing.") if written else _("%(title)s is not kept by a reply.")
        raise Refused(why % {"title": terms_of(promise).title})
    try:
        act = allowed_act(case, acts, kept_by)
    except Refused:
        if Act.HOLDING_LETTER in kept_by and not (spoken or new_date):
            raise Refused(_("A holding letter says by when we answer: promise “Answer you” with it.")) from None
        raise
    settle([promise], at=at, act=act, by=by, fact=fact)


def settle(
    owed: Iterable[Promise], *, at: datetime, act: Act, by: Staff | None, fact: int | None = None
) -> list[Promise]:
    owed = list(owed)
    return promises.settle(owed, at=at, act=act, by=by.ref if by else None, fact=fact) if owed else []


def carry(case: Case, *, at: datetime) -> None:
    """What is owed is owed by whoever serves the case now; what fell due before `at` was broken by who served it."""
    promises.carry(case.ref, promise_dims(case), at=at)


def nearest_due(case: Ref) -> datetime:
    """When the next of what is owed falls due; broken and waiting comes first, what stands still does not count."""
    found = _next_due.first(subject=str(case))
    return found[0] if found else FAR


@stated
def _owed(subject):
    return Promise.objects.filter(subject=subject).owed().order_by("pk")


@stated
def _next_due(subject):
    owed = Promise.objects.filter(subject=subject).owed().exclude(state=State.PAUSED)
    return owed.order_by("due_at").values_list("due_at")[:1]


def follow(case: Case) -> None:
    """Let `Case.due_at` and the queue follow the promises; for rooms above that made or changed some."""
    due_at = nearest_due(case.ref)
    if due_at != case.due_at:
        case.due_at = due_at
        case.save(update_fields=["due_at"])
        requeue(case)


@transaction.atomic
def follow_promises(case_id: int) -> None:
    """The same for a subscriber: the case is locked first. Safe to run twice."""
    if (case := Case.objects.filter(pk=case_id).first()) is not None:
        follow(locked(case))


def days_between(calendar: Calendar, start: datetime, end: datetime) -> dict[str, int]:
    """Whole days by the calendar of a case, counted as the terms of its promises are.

    The day of `start` is not counted, the day of `end` is, however late on it: a fraction of a day is a day.
    """
    first, last = calendar.day_of(start), calendar.day_of(end)
    return {"days": (last - first).days, "working_days": calendar.working_days_between(first, last)}


def working_seconds(case: Case, start: datetime, end: datetime) -> int:
    """Working seconds by the calendar of the case's branch."""
    return max(int(calendar_of(calendar_key_of(case)).between(start, end).total_seconds()), 0)
