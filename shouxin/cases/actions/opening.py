"""A request comes in: case, first touch, promises, work item and facts in one transaction and few statements.

Written in SQL because this is the way every request comes in, at its busiest a hundred a second: one statement
writes everything of this room. A test counts the statements.
"""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from shouxin.cases import rules
from shouxin.cases.actions.attaching import attach_all
from shouxin.cases.actions.mentioning import tell_mentioned
from shouxin.cases.actions.moving import about, add_words
from shouxin.cases.actions.promising import begin
from shouxin.cases.facts import CaseOpened, NoteWritten, TouchReceived
from shouxin.cases.models import FAR, Case, Direction, State, Touch
from shouxin.cases.rights import TAKE_IN
from shouxin.cases.rules import Intake
from shouxin.cases.searching import case_words, texts_of
from shouxin.core.clock import now
from shouxin.core.numbers import next_number
from shouxin.core.refs import Ref
from shouxin.core.rights import require
from shouxin.core.submissions import check_same
from shouxin.customers.erasure import hold
from shouxin.people.models import Staff
from shouxin.record.recording import record

_PLACE = "SELECT nextval('cases_case_id_seq'), (SELECT id FROM cases_case WHERE key = %s)"
_CASE = (
    "id", "number", "key", "digest", "service_id", "subject", "state", "priority", "channel", "customer_id",
    "claimed_name", "claimed_phone", "claimed_email", "policy_id", "product", "jurisdiction", "branch_id",
    "team_id", "officer_id", "language", "opened_by_id", "opened_at", "touched_at", "due_at", "closing_reason",
    "touch_count", "reopen_count", "source",
)  # fmt: skip
_STORE = f"""
WITH new_case AS (
  INSERT INTO cases_case ({", ".join(_CASE)}) VALUES ({", ".join(f"%({name})s" for name in _CASE)}) RETURNING id
), words AS (
  INSERT INTO cases_casewords (case_id, opened_at, words) VALUES (%(id)s, %(opened_at)s, %(words)s)
), work AS (
  INSERT INTO cases_workitem (subject, channel, skill, priority, due_at, wanted_at, made_at)
  VALUES (%(ref)s, %(channel)s, %(skill)s, %(priority)s, %(due_at)s, %(wanted_at)s, %(opened_at)s)
)
INSERT INTO cases_touch (case_id, direction, channel, at, by_id, fact)
VALUES (%(id)s, %(direction)s, %(channel)s, %(opened_at)s, NULL, %(fact)s) RETURNING id
"""


def open_case(*, by: Staff | None, at: datetime | None = None, **about: Any) -> Case:
    """Take in a request; the keywords are the fields of `Intake`. `by` None: the customer did it on the web.

    The same `key` again gives the same case, however often and however simultaneously it is sent; with other content
    it raises KeyReused.
    """
    intake = Intake(**about)
    require(by is None or by.has(TAKE_IN))
    try:
        with transaction.atomic():
            return _open(intake, by, at or now())
    except IntegrityError:
        if (known := _known(intake)) is not None:
            return known
        raise


def _known(intake: Intake) -> Case | None:
    """The case this key stands for; KeyReused when it came with other content."""
    if (found := Case.objects.with_people().filter(key=intake.key).first()) is not None:
        check_same(found.digest, intake.digest)
    return found


def _open(intake: Intake, by: Staff | None, at: datetime) -> Case:
    with connection.cursor() as cursor:
        cursor.execute(_PLACE, [intake.key])
        case_id, known = cursor.fetchone()
    if known is not None:
        return _known(intake)
    if intake.customer is not None:
        hold(intake.customer)
    case = _drawn_up(intake, by, at)
    case.pk, case.number = case_id, next_number("C", at)
    shared = {"subject": case.ref, "person": case.person, "actor": by.ref if by else case.person, **_dims(case, by)}
    facts = record(
        CaseOpened(**shared, priority=case.priority, policy=intake.policy.ref if intake.policy else None),
        TouchReceived(**shared, files=len(intake.files)),
        at=at,
        content={1: {"subject": intake.subject, "body": intake.body}},
        source=intake.source,
    )
    made = begin(case, events=intake.service.opening_events, at=at, by=by)
    case.due_at = min((promise.due_at for promise in made), default=FAR)
    touch = _store(case, intake, facts[1])
    if intake.files:
        attach_all(touch, intake.files, by=None)
    if intake.note and by:
        _note(case, intake.note, by=by, at=at)
    return case


def _note(case: Case, body: str, *, by: Staff, at: datetime) -> None:
    """What staff noticed when they took the request in: it stands below the customer's words, for colleagues alone."""
    ids = record(NoteWritten(**about(case, by)), at=at, content={"body": body}, source=case.source)
    tell_mentioned(case, body, by=by, fact=ids[0], at=at)
    Touch.objects.create(case=case, direction=Direction.INTERNAL, channel="", at=at, by=by, fact=ids[0])
    Case.objects.filter(pk=case.pk).update(touch_count=F("touch_count") + 1)
    add_words(case, body)


def _drawn_up(intake: Intake, by: Staff | None, at: datetime) -> Case:
    """The case as it will be, not yet saved."""
    asker, policy = intake.claimant, intake.policy
    return Case(
        key=intake.key, digest=intake.digest,
        service=intake.service, subject=intake.subject or _("(no subject)"), state=State.NEW,
        priority=intake.priority or intake.service.priority, channel=intake.channel, customer=intake.customer,
        claimed_name=asker.name, claimed_phone=asker.phone, claimed_email=asker.email,
        policy=policy, product=policy.product.code if policy else "", jurisdiction=intake.branch.jurisdiction,
        branch=intake.branch, language=intake.language, opened_by=by, opened_at=at, touched_at=at, due_at=FAR,
        touch_count=1, source=intake.source,
    )  # fmt: skip


def _dims(case: Case, by: Staff | None) -> dict[str, str]:
    """Where it came in: the desk that took it down, or none yet."""
    dims = case.dims()
    return {**dims, "team": by.team.code if by.team_id else "", "post": by.post} if by else dims


def _store(case: Case, intake: Intake, fact: int) -> Touch:
    row: dict[str, Any] = {name: getattr(case, name) for name in _CASE}
    row |= {
        "ref": str(Ref("case", case.pk)), "skill": intake.service.skill, "direction": Direction.INBOUND, "fact": fact,
        "words": case_words(case.number, case.opened_at, [*texts_of(case), intake.body]),
        "wanted_at": rules.wanted_at(case.nearest_due_at, case.priority, case.opened_at),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_STORE, row)
        touch_id = cursor.fetchone()[0]
    case._state.adding, case._state.db = False, connection.alias
    return Touch(pk=touch_id, case=case, at=case.opened_at)
