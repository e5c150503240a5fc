"""The same complaint again within its term is joined with the first: one term for both until somebody parts them."""

from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from shouxin.cases.kit import Work, about, link, unlink, working_on, working_on_all
from shouxin.cases.models import Case, CaseLink
from shouxin.cases.rules import ClosingReason, check_reason
from shouxin.complaints.facts import ComplaintJoined, ComplaintSeparated, NewFactsBrought
from shouxin.complaints.models import Complaint, Joining
from shouxin.complaints.queries import asked_by, joined_to_earlier
from shouxin.complaints.rules import DISPUTES, HANDLE, is_same_matter
from shouxin.core.guards import Refused
from shouxin.jurisdictions.packs import pack
from shouxin.jurisdictions.rule import Rule
from shouxin.people.models import Staff
from shouxin.promises import actions as promises
from shouxin.promises.clocks import Clock
from shouxin.promises.facts import PromiseWithdrawn
from shouxin.promises.models import Promise
from shouxin.promises.queries import clock_of
from shouxin.record.recording import record

# A term of its own that has become another's; and one that runs on as another promise.
JOINED, RESTARTED = "joined", "restarted"


def ends_undecided(fact: PromiseWithdrawn) -> bool:
    """Whether nothing takes the place of the term that was withdrawn."""
    return fact.reason not in {JOINED, RESTARTED}


def term_of(joining: Joining, *, at: datetime) -> Clock | None:
    """The clock that runs for both."""
    found = Promise.objects.about(joining.other.ref).filter(rule=joining.rule).order_by("-pk").first()
    return clock_of(found, at) if found else None


def join(case: Case, rule: Rule, at: datetime | None = None) -> bool:
    """Join the case with an earlier one that asks the same and whose term under this rule still runs, if there is one.

    Called while the case is being opened, before its row is there: the database checks at the end.
    """
    if case.service_id not in DISPUTES or Joining.objects.filter(case=case.pk, rule=rule.id).exists():
        return False
    earlier = _asked_before(case, rule)
    if earlier is None:
        return False
    at = at or case.opened_at
    Joining.objects.create(case_id=case.pk, other=earlier, rule=rule.id, rule_version=rule.version, joined_at=at)
    joined = ComplaintJoined(**about(case, None) | {"rule": rule.id}, other=earlier.ref)
    record(joined, at=at, source=case.source)
    link(case, by=None, other=earlier, kind=CaseLink.Kind.DUPLICATE, at=at)
    return True


def _asked_before(case: Case, rule: Rule) -> Case | None:
    """The first such case; its promise is held, so that it ends before or after this and not meanwhile."""
    known = asked_by(case).open().filter(pk__lt=case.pk, opened_at__lte=case.opened_at, service__in=DISPUTES)
    found = {each.ref: each for each in known.order_by("pk")[:50]}
    running = Promise.objects.about(*found).open().filter(rule=rule.id, due_at__gte=case.opened_at)
    terms = {each.subject for each in running.select_for_update(no_key=True, of=("self",)).order_by("pk")}
    targets = {each.case_id: each for each in Complaint.objects.filter(case__in=[each.pk for each in found.values()])}
    return next(
        (each for ref, each in found.items() if str(ref) in terms and is_same_matter(case, each, targets.get(each.pk))),
        None,
    )


def separate(case: Case, *, by: Staff, reason: str, at: datetime | None = None) -> Promise:
    """They are two matters: this one has its own term, counted from its own opening."""
    with working_on(case, by=by, at=at, needs=HANDLE) as work:
        check_reason(reason)
        joining = _standing(work.case)
        unlink(work.case, by=by, other=joining.other, at=work.at)
        return _take_apart(joining, work, reason=reason, start_at=work.case.opened_at)


def bring_new_facts(case: Case, *, by: Staff, reason: str, at: datetime | None = None) -> Promise:
    """The same matter, with new facts and reasons: the term of both begins anew with the day this case came in."""
    with working_on_all(_standing(case).other, case, by=by, at=at) as (other, work):
        work.check(HANDLE)
        check_reason(reason)
        joining = _standing(work.case)
        if joining.renewed_at is not None:
            raise Refused(_("The time limit has already been restarted for this case."))
        term = Promise.objects.about(other.case.ref).open().filter(rule=joining.rule).order_by("-pk").first()
        if term is None:
            raise Refused(
                _("%(number)s has already been decided. Separate the two cases.") % {"number": other.case.number}
            )
        made = promises.restart(term, at=work.at, by=by.ref, since=max(work.case.opened_at, term.start_at))
        joining.renewed_at = work.at
        joining.save(update_fields=["renewed_at"])
        work.record(NewFactsBrought, rule=joining.rule, other=other.case.ref, content={"reason": reason})
    return made


def release(other: Case, rule: str, *, reason: str, at: datetime) -> None:
    """The term of the first ended undecided: what was joined with it has its own from now on.

    Was the first closed as the same as another, the matter lives on and its term with it: it counts from there.
    """
    standing = {each.case_id: each for each in _joined_with(other, rule)}
    with working_on_all(*(each.case for each in standing.values()), by=None, at=at) as works:
        first = Promise.objects.about(other.ref).filter(rule=rule).order_by("-pk").first()
        standing = {each.case_id: each for each in _joined_with(other, rule)}
        for work in works:
            if work.case.is_open and first is not None and work.case.pk in standing:
                start_at = first.start_at if reason == ClosingReason.DUPLICATE else work.case.opened_at
                _take_apart(standing[work.case.pk], work, reason="", start_at=start_at)


def _joined_with(other: Case, rule: str) -> QuerySet[Joining]:
    return Joining.objects.filter(other=other, rule=rule, separated_at=None).select_related("case", "other")


def join_known(case: Case, *, at: datetime) -> None:
    """We know now who asks: where his terms run twice for the same, the later one ends as joined."""
    known = asked_by(case).open().filter(service__in=DISPUTES).order_by("pk")
    with working_on_all(*known, by=None, at=at) as works:
        for work in works:
            for promise in Promise.objects.about(work.case.ref).open().filter(terms__joins_repeats=True):
                if join(work.case, _rule_of(work.case, promise.rule, promise.rule_version), at):
                    promises.withdraw(promise, at=at, reason=JOINED)
                    joining = Joining.objects.get(case=work.case, rule=promise.rule)
                    _joined_with(work.case, promise.rule).update(other=joining.other)


def _standing(case: Case) -> Joining:
    joining = joined_to_earlier(case)
    if joining is None:
        raise Refused(_("This case is not joined with another."))
    return joining


def _take_apart(joining: Joining, work: Work, *, reason: str, start_at: datetime) -> Promise:
    joining.separated_at, joining.separated_by = work.at, work.by
    joining.save(update_fields=["separated_at", "separated_by"])
    content = {"reason": reason} if reason else None
    work.record(ComplaintSeparated, rule=joining.rule, other=joining.other.ref, content=content)
    rule = _rule_of(work.case, joining.rule, joining.rule_version)
    return work.promise(rule, start_at=start_at, begun_by=rule.start)


def _rule_of(case: Case, rule: str, version: int) -> Rule:
    """The rule as it was joined under, or the newest: the data of a jurisdiction keeps no version that was replaced."""
    found = pack(case.jurisdiction)
    try:
        return found.rule(rule, version)
    except LookupError:
        return found.rule(rule)
