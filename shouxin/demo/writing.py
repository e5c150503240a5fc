"""Scripts told and brought in by COPY, with `source=example`: what copying writes is heard by nobody."""

import secrets
from collections.abc import Iterator
from datetime import datetime

from shouxin.cases import bulk
from shouxin.cases.models import FAR, Case, Paper, Service
from shouxin.cases.rules import wanted_at
from shouxin.complaints.letters.composing import next_step_until
from shouxin.complaints.models import Complaint, Decision, FinalLetter, Findings
from shouxin.complaints.rules import DISPUTES
from shouxin.core.copying import copy_models, fresh_ids, sequence_of
from shouxin.demo.insurer import Insurer
from shouxin.demo.script import Script
from shouxin.demo.telling import Teller
from shouxin.jurisdictions.calendars import Calendar
from shouxin.jurisdictions.packs import calendar_key
from shouxin.jurisdictions.queries import calendar_of
from shouxin.policies.models import Policy, Product
from shouxin.promises.bulk import write_history
from shouxin.record.recording import EXAMPLE, content_hash, copy_contents, copy_facts, fact_ids, row_of

LETTERS = FinalLetter._meta.db_table
_CASE = (
    "id", "number", "service_id", "subject", "channel", "branch_id", "jurisdiction", "opened_at", "state", "priority",
    "customer_id", "claimed_name", "claimed_phone", "claimed_email", "policy_id", "product", "team_id", "officer_id",
    "opened_by_id", "touched_at", "due_at", "first_replied_at", "closed_at", "closing_reason", "touch_count",
    "reopen_count", "source",
)  # fmt: skip


class Writer:
    """Brings scripts in. What it asks of the database it asks when it is made; afterwards it only copies."""

    def __init__(self, insurer: Insurer, now: datetime) -> None:
        self.insurer, self.now = insurer, now
        self.services = Service.objects.in_bulk()
        keys = {code: calendar_key(branch.jurisdiction, branch.place) for code, branch in insurer.branches.items()}
        self.by_key = {key: calendar_of(key) for key in keys.values()}
        self.calendars: dict[str, Calendar] = {code: self.by_key[key] for code, key in keys.items()}
        self.products = dict(Product.objects.values_list("code", "pk"))

    def write(self, scripts: list[Script], numbers: list[str]) -> int:
        """COPY everything of these scripts; returns how many facts there were besides those of promises."""
        told = list(self._tellers(scripts, numbers))
        self._write_promises(told)
        rows = [_case_row(each.case) for each in told]
        bulk.copy(bulk.CaseRow, rows)
        facts = _write_facts(told)
        bulk.copy(bulk.WordsRow, (_words(row, each) for row, each in zip(rows, told, strict=True)))
        bulk.copy(bulk.WorkRow, (_work(each) for each in told if each.case.is_open or each.case.wrote_at))
        copy_models([
            Paper(case_id=each.case.id, code=code, title=title, asked_at=asked, received_at=came)
            for each in told for code, title, asked, came in each.papers
        ])  # fmt: skip
        self._write_complaints([each for each in told if each.service.pk in DISPUTES])
        return facts

    def _tellers(self, scripts: list[Script], numbers: list[str]) -> Iterator[Teller]:
        """Each script told."""
        ids = bulk.ids(bulk.CaseRow, len(scripts))
        with_letter = [any(each.kind == "letter" for each in script.events) for script in scripts]
        letters = iter(fresh_ids(sequence_of(LETTERS), sum(with_letter)))
        for script, number, case_id, has_letter in zip(scripts, numbers, ids, with_letter, strict=True):
            branch, service = self.insurer.branches[script.branch], self.services[script.service]
            case = Case(
                **_opening(script, service), id=case_id, number=number, branch=branch, jurisdiction=branch.jurisdiction
            )
            if case.policy_id:  # at hand, so that nobody asks for it: which rules begin depends on its line
                cover = script.cover
                case.policy = Policy(pk=cover.id, product_id=self.products[cover.product], issued_on=cover.issued)
            letter = next(letters) if has_letter else 0
            yield Teller(script, case, service, branch, self.calendars[script.branch], letter).tell()

    def _write_promises(self, told: list[Teller]) -> None:
        """Promises as they stand now; the nearest that is owed is what the case is due by."""
        due: dict[str, datetime] = {}
        pasts = (past for each in told for past in each.pasts())
        for promise in write_history(pasts, at=self.now, calendars=self.by_key):
            is_owed = promise.state == "running" or (promise.state == "broken" and promise.ended_at is None)
            if is_owed:
                due[promise.subject] = min(promise.due_at, due.get(promise.subject, FAR))
        for each in told:
            if each.case.state != "closed":
                each.case.due_at = due.get(str(each.case.ref), FAR)

    def _write_complaints(self, disputes: list[Teller]) -> None:
        made = [
            Complaint(
                case_id=each.case.id, acknowledged_at=each.complaint.get("acknowledged_at"),
                investigator=each.complaint.get("investigator"), cause=each.complaint.get("cause", ""),
                against_kind="agent" if "agent" in each.complaint else "company",
                against_agent_id=each.complaint.get("agent"),
            )
            for each in disputes
        ]  # fmt: skip
        copy_models(made)
        pairs = [(c, each) for c, each in zip(made, disputes, strict=True) if "decision" in each.complaint]
        decisions = [
            Decision(
                complaint=complaint, by=event.by, at=event.at, redress_currency="",
                **{name: event.about[name] for name in ("outcome", "findings", "reasons")},
            )
            for complaint, event in ((c, each.complaint["decision"]) for c, each in pairs)
        ]  # fmt: skip
        copy_models(decisions)
        copy_models([
            Findings(complaint=each.complaint, by=told.complaint["investigator"], text=each.findings, at=each.at)
            for each, (_complaint, told) in zip(decisions, pairs, strict=True)
        ])  # fmt: skip
        copy_models([
            self._letter(each, complaint, decision)
            for (complaint, each), decision in zip(pairs, decisions, strict=True) if "letter" in each.complaint
        ])  # fmt: skip

    def _letter(self, told: Teller, complaint: Complaint, decision: Decision) -> FinalLetter:
        """The final letter; an example has no file, it is made anew for whoever opens it."""
        event = told.complaint["letter"]
        return FinalLetter(
            pk=told.letter_id, complaint=complaint, decision=decision, checksum="", file="",
            channel=told.answer_channel, sent_by=event.by, sent_at=event.at,
            next_step_until=next_step_until(told.case, event.at, told.calendar),
        )  # fmt: skip


def _opening(script: Script, service: Service) -> dict:
    """The columns of a case that has just come in."""
    person, cover = script.person, script.cover if script.is_known else None
    asker = ("", "", "") if script.is_known else (person.name, person.phone, person.email)
    return {
        "service": service, "subject": script.subject, "state": "new", "priority": service.priority,
        "channel": script.channel, "opened_at": script.opened_at,
        "touched_at": script.opened_at, "due_at": FAR, "touch_count": 1, "source": EXAMPLE,
        "policy_id": cover.id if cover else None, "product": cover.product if cover else "",
        "customer_id": person.id if script.is_known else None, "opened_by": script.events[0].by,
        "claimed_name": asker[0], "claimed_phone": asker[1], "claimed_email": asker[2],
    }  # fmt: skip


def _case_row(case: Case) -> bulk.CaseRow:
    return bulk.CaseRow(**{name: getattr(case, name) for name in _CASE})


def _write_facts(told: list[Teller]) -> int:
    every = [fact for each in told for fact in each.told]
    ids = fact_ids(len(every))
    salted = {
        fact_id: (secrets.token_bytes(16), words) for fact_id, (_, _, words) in zip(ids, every, strict=True) if words
    }
    copy_facts(
        row_of(fact, fact_id, at, source=EXAMPLE, hashed=content_hash(*salted[fact_id]) if words else None)
        for fact_id, (fact, at, words) in zip(ids, every, strict=True)
    )
    copy_contents((fact_id, salt, body) for fact_id, (salt, body) in salted.items())
    numbered, touches = iter(ids), []
    for each in told:
        own = [next(numbered) for _ in each.told]
        touches += [
            bulk.TouchRow(
                case_id=each.case.id, direction=direction, channel=channel, at=at, by_id=by.pk if by else None,
                fact=own[index],
            )
            for direction, channel, at, by, index in each.touches
        ]  # fmt: skip
    bulk.copy(bulk.TouchRow, touches)
    return len(every)


def _words(row: bulk.CaseRow, told: Teller) -> bulk.WordsRow:
    person = told.script.person
    known = (person.name, person.number) if told.script.is_known else ()
    policy = (told.script.cover.number,) if told.case.policy_id and told.script.cover else ()
    return bulk.words_row(row, [*known, *policy, *told.texts])


def _work(told: Teller) -> bulk.WorkRow:
    case, service = told.case, told.service
    due_at = None if case.due_at >= FAR else case.due_at
    wanted = wanted_at(due_at, case.priority, case.wrote_at or case.opened_at)
    return bulk.WorkRow(
        subject=str(case.ref), channel=case.channel, skill=service.skill, due_at=due_at or wanted, wanted_at=wanted,
        made_at=told.made_at, priority=case.priority, officer_id=case.officer_id,
        taken_at=told.taken_at if case.officer else None,
    )  # fmt: skip
