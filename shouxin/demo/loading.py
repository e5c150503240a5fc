"""The example insurer loaded by COPY: people, customers, policies, a year of cases with all their facts."""

import secrets
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from itertools import islice
from random import Random

from django.db import connection, transaction

from shouxin.cases import bulk
from shouxin.cases.models import FAR, Case, Paper, Service
from shouxin.cases.rules import wanted_at
from shouxin.complaints.letters.composing import next_step_until
from shouxin.complaints.models import Complaint, Decision, FinalLetter
from shouxin.complaints.rules import DISPUTES
from shouxin.core.clock import day_of, local
from shouxin.demo.customers import invite_customers, sell_policies
from shouxin.demo.insurer import Insurer, found_insurer
from shouxin.demo.script import Script
from shouxin.demo.telling import Teller
from shouxin.demo.year import Year
from shouxin.jurisdictions.packs import calendar_key
from shouxin.jurisdictions.queries import calendar_of
from shouxin.promises.bulk import write_history
from shouxin.record.recording import EXAMPLE, content_hash, copy_contents, copy_facts, fact_ids, row_of

SIZES = {"small": (3_000, 600, 900), "full": (31_000, 20_000, 30_000)}  # cases, customers, policies
CHUNK = 1_000
OPEN_STATES = frozenset({"running", "paused"})
Progress = Callable[[int, int], None]


def load(
    *, size: str, now: datetime, seed: int = 2026, progress: Progress = lambda done, total: None
) -> dict[str, int]:
    """Load the example insurer; one transaction, so that an interrupted first start begins anew. Returns counts."""
    case_count, customer_count, policy_count = SIZES[size]
    random = Random(seed)
    with transaction.atomic():
        insurer = found_insurer(random, now)
        people = invite_customers(insurer, random, customer_count, local(now).date())
        covers = sell_policies(insurer, people, random, policy_count, now)
        counts = {
            "staff": len(insurer.staff),
            "customers": len(people),
            "policies": len(covers),
            "cases": 0,
            "facts": 0,
        }
        scripts = Year(insurer, people, covers, random, now).scripts(case_count)
        services = Service.objects.in_bulk()
        while chunk := list(islice(scripts, CHUNK)):
            counts["facts"] += write(chunk, insurer, services, now=now)
            counts["cases"] += len(chunk)
            progress(counts["cases"], case_count)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return counts


def tellers(scripts: list[Script], insurer: Insurer, services: dict[str, Service]) -> Iterator[Teller]:
    """Each script told; cases get their ids and numbers here."""
    ids = bulk.ids(bulk.CaseRow, len(scripts))
    letters = iter(letter_ids(sum(each.kind == "letter" for script in scripts for each in script.events)))
    calendars = {
        code: calendar_of(calendar_key(branch.jurisdiction, branch.place)) for code, branch in insurer.branches.items()
    }
    years: dict[int, list[Script]] = {}
    for script in scripts:
        years.setdefault(local(script.opened_at).year, []).append(script)
    numbers = {
        year: iter(bulk.next_numbers("C", those[0].opened_at, len(those))) for year, those in years.items()
    }  # fmt: skip
    for script, case_id in zip(scripts, ids, strict=True):
        branch, service = insurer.branches[script.branch], services[script.service]
        case = Case(
            id=case_id, number=next(numbers[local(script.opened_at).year]), service=service, subject=script.subject,
            state="new", priority=service.priority, channel=script.channel, jurisdiction=branch.jurisdiction,
            branch=branch, opened_at=script.opened_at, touched_at=script.opened_at, due_at=FAR, touch_count=1,
            source=EXAMPLE, policy_id=script.cover.id if script.cover and script.is_known else None,
            product=script.cover.product if script.cover and script.is_known else "",
            customer_id=script.person.id if script.is_known else None, opened_by=script.events[0].by,
            claimed_name="" if script.is_known else script.person.name,
            claimed_phone="" if script.is_known else script.person.phone,
            claimed_email="" if script.is_known else script.person.email,
        )  # fmt: skip
        has_letter = any(each.kind == "letter" for each in script.events)
        letter = next(letters) if has_letter else 0
        yield Teller(script, case, service, branch, calendars[script.branch], letter).tell()


def letter_ids(count: int) -> list[int]:
    """Numbers for so many final letters, given before so that facts can name them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence('complaints_finalletter', 'id')) FROM generate_series(1, %s)",
            [count],
        )
        return [row[0] for row in cursor.fetchall()]


def write(scripts: list[Script], insurer: Insurer, services: dict[str, Service], *, now: datetime) -> int:
    """COPY everything of these scripts; returns how many facts there were besides those of promises."""
    told = list(tellers(scripts, insurer, services))
    _write_promises(told, now)
    bulk.copy(bulk.CaseRow, (_case_row(each) for each in told))
    facts = _write_facts(told)
    bulk.copy(bulk.WordsRow, (_words(each) for each in told))
    bulk.copy(bulk.WorkRow, (_work(each) for each in told if each.case.state != "closed"))
    Paper.objects.bulk_create(
        Paper(case_id=each.case.id, code=code, title=title, asked_at=asked, received_at=came)
        for each in told for code, title, asked, came in each.papers
    )  # fmt: skip
    _write_complaints(told)
    return facts


def _write_promises(told: list[Teller], now: datetime) -> None:
    """Promises as they stand now; the nearest that is owed is what the case is due by."""
    due: dict[str, datetime] = {}
    for promise in write_history((past for each in told for past in each.pasts()), at=now):
        is_owed = promise.state == "running" or (promise.state == "broken" and promise.ended_at is None)
        if is_owed:
            due[promise.subject] = min(promise.due_at, due.get(promise.subject, FAR))
    for each in told:
        if each.case.state != "closed":
            each.case.due_at = due.get(str(each.case.ref), FAR)


def _case_row(told: Teller) -> bulk.CaseRow:
    case = told.case
    names = (
        "id", "number", "service_id", "subject", "channel", "branch_id", "jurisdiction", "opened_at", "state",
        "priority", "customer_id", "claimed_name", "claimed_phone", "claimed_email", "policy_id", "product", "team_id",
        "officer_id", "opened_by_id", "touched_at", "due_at", "first_replied_at", "closed_at", "closing_reason",
        "touch_count", "reopen_count", "source",
    )  # fmt: skip
    return bulk.CaseRow(**{name: getattr(case, name) for name in names})


def _write_facts(told: list[Teller]) -> int:
    every = [(each, index) for each in told for index in range(len(each.told))]
    ids = fact_ids(len(every))
    place = {(each.case.id, index): fact_id for (each, index), fact_id in zip(every, ids, strict=True)}
    salted = {
        place[each.case.id, index]: (secrets.token_bytes(16), each.told[index][2])
        for each, index in every if each.told[index][2]
    }  # fmt: skip
    copy_facts(
        row_of(each.told[index][0], fact_id, each.told[index][1], source=EXAMPLE,
               hashed=content_hash(*salted[fact_id]) if fact_id in salted else None)
        for (each, index), fact_id in zip(every, ids, strict=True)
    )  # fmt: skip
    copy_contents((fact_id, salt, body) for fact_id, (salt, body) in salted.items())
    bulk.copy(bulk.TouchRow, (
        bulk.TouchRow(case_id=each.case.id, direction=direction, channel=channel, at=at,
                      by_id=by.pk if by else None, fact=place[each.case.id, index])
        for each in told for direction, channel, at, by, index in each.touches
    ))  # fmt: skip
    return len(every)


def _words(told: Teller) -> bulk.WordsRow:
    person = told.script.person
    known = (person.name, person.number) if told.script.is_known else ()
    policy = (told.script.cover.number,) if told.case.policy_id and told.script.cover else ()
    return bulk.words_row(_case_row(told), [*known, *policy, *told.texts])


def _work(told: Teller) -> bulk.WorkRow:
    case, service = told.case, told.service
    due_at = None if case.due_at >= FAR else case.due_at
    wanted = wanted_at(due_at, case.priority, case.opened_at)
    return bulk.WorkRow(
        subject=str(case.ref), channel=case.channel, skill=service.skill, due_at=due_at or wanted, wanted_at=wanted,
        made_at=told.made_at, priority=case.priority, officer_id=case.officer_id,
        taken_at=told.taken_at if case.officer else None,
    )  # fmt: skip


def _write_complaints(told: Iterable[Teller]) -> None:
    disputes = [each for each in told if each.service.pk in DISPUTES]
    made = Complaint.objects.bulk_create(
        Complaint(
            case_id=each.case.id, acknowledged_at=each.complaint.get("acknowledged_at"),
            investigator=each.complaint.get("investigator"), cause=each.complaint.get("cause", ""),
            against_kind="agent" if "agent" in each.complaint else "company",
            against_agent_id=each.complaint.get("agent"),
        )
        for each in disputes
    )  # fmt: skip
    pairs = [(c, each) for c, each in zip(made, disputes, strict=True) if "decision" in each.complaint]
    decisions = Decision.objects.bulk_create(
        Decision(
            complaint=complaint, by=event.by, at=event.at, redress_currency="",
            **{name: event.about[name] for name in ("outcome", "findings", "reasons")},
        )
        for complaint, event in ((c, each.complaint["decision"]) for c, each in pairs)
    )  # fmt: skip
    FinalLetter.objects.bulk_create(
        _letter(each, complaint, decision)
        for (complaint, each), decision in zip(pairs, decisions, strict=True) if "letter" in each.complaint
    )  # fmt: skip


def _letter(told: Teller, complaint: Complaint, decision: Decision) -> FinalLetter:
    """The final letter; an example has no file, its page makes the letter anew."""
    event = told.complaint["letter"]
    until = next_step_until(told.case, event.at)
    return FinalLetter(
        pk=told.letter_id, complaint=complaint, decision=decision, checksum="", file="",
        channel=told.answer_channel, sent_by=event.by, sent_at=event.at,
        next_step_until=day_of(until) if until else None,
    )  # fmt: skip
