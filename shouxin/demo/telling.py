"""A script told as rows and facts: what the actions would have written had they been there, without writing it.

The case is held in memory as the model itself and moved by the same rules, so that facts say what they would say.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from shouxin.cases import facts as case_facts
from shouxin.cases.channels import is_spoken
from shouxin.cases.kit import (
    about,
    borne_by,
    calendar_key_of,
    days_between,
    promise_dims,
    rules_for,
    seconds_between,
)  # fmt: skip
from shouxin.cases.models import Case, Service
from shouxin.cases.rules import (
    CASE_CLOSED,
    EVERY_REPLY,
    PAPERS_COMPLETE,
    REOPENED,
    WAITING_FOR_PAPERS,
    Move,
    next_state,
    with_list,
)  # fmt: skip
from shouxin.complaints import facts as complaint_facts
from shouxin.complaints.rules import DISPUTES, INVESTIGATOR_NAMED
from shouxin.core.refs import Ref
from shouxin.demo.script import Event, Script
from shouxin.jurisdictions.acts import Act
from shouxin.jurisdictions.calendars import Calendar
from shouxin.jurisdictions.rule import Rule
from shouxin.people.models import Branch, Staff
from shouxin.promises.bulk import Past, Stood
from shouxin.promises.choosing import beginning, begun_by_report, ends_with_the_case
from shouxin.promises.making import Making
from shouxin.record.facts import Fact

Told = tuple[Fact, datetime, dict[str, str]]


@dataclass
class Owed:
    """A promise while the script is told."""

    rule: Rule
    start_at: datetime
    by: Ref | None
    dims: dict[str, str]
    begun_by: str = ""
    carried: list[tuple[datetime, dict[str, str]]] = field(default_factory=list)
    ended_at: datetime | None = None
    ended_by: Ref | None = None
    stood: list[Stood] = field(default_factory=list)

    act: str = ""
    reason: str = ""

    def end(self, at: datetime, by: Ref, *, act: str = "", reason: str = "") -> None:
        self.ended_at, self.ended_by, self.act, self.reason = at, by, str(act), reason
        self.stood = [s if s.resumed_at else Stood(**{**vars(s), "resumed_at": at}) for s in self.stood]


@dataclass
class Teller:
    """Tells one script. `case` has its id and number already; `service` is that of the catalogue."""

    script: Script
    case: Case
    service: Service
    branch: Branch
    calendar: Calendar
    letter_id: int = 0  # of the final letter, where there will be one
    made_at: datetime | None = None  # of the work item: when the case came, or came again
    taken_at: datetime | None = None
    told: list[Told] = field(default_factory=list)
    touches: list[tuple[str, str, datetime, Staff | None, int]] = field(default_factory=list)
    owed: list[Owed] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    papers: list[tuple[str, str, datetime, datetime | None]] = field(default_factory=list)
    complaint: dict[str, Any] = field(default_factory=dict)

    def tell(self) -> "Teller":
        for event in self.script.events:
            getattr(self, f"_{event.kind}")(event)
        return self

    def pasts(self) -> list[Past]:
        """The promises of the case for `promises.bulk`."""
        shared = {"subject": self.case.ref, "calendar_key": calendar_key_of(self.case), "person": self.case.person}
        return [
            Past(
                making=Making(
                    rule=each.rule, start_at=each.start_at, begun_by=each.begun_by, by=each.by, dims=each.dims, **shared
                ),
                carried=tuple(each.carried), ended_at=each.ended_at, ended_by=each.ended_by, pauses=tuple(each.stood),
                act=each.act, reason=each.reason,
            )
            for each in self.owed
        ]  # fmt: skip

    @property
    def answer_channel(self) -> str:
        """Where an answer goes: by mail where we know an address."""
        if self.script.person.email:
            return "email"
        return "web" if is_spoken(self.case.channel) else self.case.channel

    def _record(self, fact: Fact, at: datetime, content: dict[str, str] | None = None) -> None:
        self.told.append((fact, at, content or {}))

    def _touch(self, direction: str, channel: str, at: datetime, by: Staff | None) -> None:
        """The touch of the fact told last; by its words the case is found."""
        self.texts += self.told[-1][2].values()
        self.touches.append((direction, channel, at, by, len(self.told) - 1))

    def _move(self, move: Move, at: datetime, **changed: Any) -> None:
        self.case.state = next_state(self.case.state, move)
        for name, value in {"touched_at": at, **changed}.items():
            setattr(self.case, name, value)

    def _begin(
        self, events: Iterable[str], at: datetime, by: Staff | None, bearer: Staff | None = None
    ) -> None:  # fmt: skip
        known = {each.rule.id for each in self.owed if each.ended_at is None}
        dims = promise_dims(self.case) | (borne_by(bearer) if bearer else {})
        events = tuple(events)
        for rule in rules_for(self.service, self.case.jurisdiction, at, events, self.case.policy):
            if rule.id not in known:
                self.owed.append(Owed(rule, at, by.ref if by else None, dims, beginning(rule, events)))

    def _keep(self, at: datetime, by: Staff, *acts: Act) -> None:
        """What one of these acts keeps."""
        for each in self.owed:
            act = next((act for act in each.rule.kept_by if act in acts), None)
            if each.ended_at is None and act:
                each.end(at, by.ref, act=act)

    def _withdraw(self, at: datetime, by: Staff, reason: str, *, only: Callable[[Rule], bool]) -> None:
        for each in self.owed:
            if each.ended_at is None and only(each.rule):
                each.end(at, by.ref, reason=reason)

    def _keep_by_answer(self, event: Event, acts: tuple[Act, ...], is_first: bool) -> None:
        """What the answer keeps, and the next report promised from here."""
        acts = (*event.about.get("acts", ()), *acts)
        self._keep(event.at, event.by, *EVERY_REPLY, *acts)
        if is_first or Act.REPORT in acts:
            self._begin(begun_by_report(is_first), event.at, event.by)

    def _carry(self, at: datetime) -> None:
        self.taken_at = at
        dims = promise_dims(self.case)
        for each in self.owed:
            if each.ended_at is None:
                bearer = each.dims.get("bearer")
                each.carried.append((at, dims | {"officer": bearer, "bearer": bearer} if bearer else dims))

    def _seconds(self, at: datetime) -> dict[str, int]:
        working = int(self.calendar.between(self.case.opened_at, at).total_seconds())
        return {"seconds": seconds_between(self.case.opened_at, at), "working_seconds": max(working, 0)}

    def _open(self, event: Event) -> None:
        case, by, at = self.case, event.by, event.at
        shared = {**about(case, by), "actor": by.ref if by else case.person}
        self._record(case_facts.CaseOpened(**shared, priority=case.priority, policy=_policy(case)), at)
        self.made_at = at
        content = {"subject": case.subject, "body": self.script.body}
        self._record(case_facts.TouchReceived(**shared), at, content)
        self._touch("inbound", case.channel, at, None)
        self._begin(self.service.opening_events, at, by)
        if self.service.pk in DISPUTES:
            self._record(complaint_facts.ComplaintOpened(**about(case, None)), at)

    def _take(self, event: Event) -> None:
        case, by = self.case, event.by
        case.officer, case.team = by, by.team
        case.state = next_state(case.state, Move.TAKEN)
        waited = seconds_between(case.opened_at, event.at)
        self._record(case_facts.CaseAssigned(**about(case, by), to=by.ref, how="taken", seconds=waited), event.at)
        self._carry(event.at)

    def _note(self, event: Event) -> None:
        self._record(case_facts.NoteWritten(**about(self.case, event.by)), event.at, {"body": event.text})
        self._touch("internal", "", event.at, event.by)
        self._move(Move.NOTED, event.at, touch_count=self.case.touch_count + 1)

    def _hand_over(self, event: Event) -> None:
        case, to = self.case, event.about["to"]
        fact = case_facts.CaseHandedOver(
            **about(case, event.by), to=to.ref, to_team=to.team.code, former=case.officer.ref
        )
        case.officer, case.team = to, to.team
        self._record(fact, event.at, {"reason": event.text})
        self._carry(event.at)

    def _reply(self, event: Event, move: Move = Move.REPLIED, files: int = 0, acts: tuple[Act, ...] = ()) -> None:
        case, at = self.case, event.at
        is_first = case.first_replied_at is None
        channel = self.answer_channel
        fact = case_facts.ReplySent(
            **{**about(case, event.by), "channel": channel}, first=is_first, files=files,
            **(self._seconds(at) if is_first else {}),
        )  # fmt: skip
        self._record(fact, at, {"body": event.text})
        self._touch("outbound", channel, at, event.by)
        first = {"first_replied_at": at} if is_first else {}
        self._move(move, at, touch_count=case.touch_count + 1, **first)
        self._keep_by_answer(event, acts, is_first)
        if is_first and self.service.pk in DISPUTES:
            self._acknowledge(event)

    def _acknowledge(self, event: Event) -> None:
        waited = seconds_between(self.case.opened_at, event.at)
        fact = complaint_facts.ComplaintAcknowledged(**about(self.case, event.by), seconds=waited)
        self._record(fact, event.at)
        self.complaint["acknowledged_at"] = event.at

    def _ask(self, event: Event) -> None:
        code = event.about["paper"]
        title = {each: title for each, title, _is_optional in self.service.asks_for()}[code]
        event = replace(event, text=with_list(event.text, [title]))
        self._reply(event, Move.PAPERS_REQUESTED, acts=(Act.PAPERS_REQUEST,))
        self._record(case_facts.PapersRequested(**about(self.case, event.by), papers=[code]), event.at)
        self.papers.append((code, title, event.at, None))
        for each in self.owed:
            runs = each.ended_at is None and each.start_at <= event.at <= each.rule.due(each.start_at, self.calendar)
            if runs and WAITING_FOR_PAPERS in each.rule.suspensions:
                each.stood.append(Stood(
                    paused_at=event.at, resumed_at=None, reason=WAITING_FOR_PAPERS, waiting_for=title,
                    by=event.by.ref,
                ))  # fmt: skip

    def _papers(self, event: Event) -> None:
        """The customer sends what was missing, and the officer ticks it off."""
        self._receive(event)
        code, title, asked_at, _came = self.papers[-1]
        officer = self.case.officer
        self.papers[-1] = (code, title, asked_at, event.at)
        self._record(case_facts.PaperReceived(**about(self.case, officer), paper=code, missing=0), event.at)
        self._move(Move.PAPERS_COMPLETE, event.at)
        for each in self.owed:
            each.stood = [s if s.resumed_at else Stood(**{**vars(s), "resumed_at": event.at}) for s in each.stood]
        self._withdraw(event.at, officer, PAPERS_COMPLETE, only=lambda rule: rule.kept_by == (Act.PAPERS_REQUEST,))
        self._begin([PAPERS_COMPLETE], event.at, officer)

    def _receive(self, event: Event) -> None:
        case, at = self.case, event.at
        said = {**about(case, None), "actor": case.person}
        channel = event.about.get("channel", case.channel)
        is_closed = case.state == "closed"
        fact = case_facts.TouchReceived(**{**said, "channel": channel}, after_closing=is_closed)
        self._record(fact, at, {"body": event.text})
        self._touch("inbound", channel, at, None)
        if is_closed:
            case.wrote_at = at
            self.made_at = self.taken_at = at
        self._move(Move.RECEIVED, at, touch_count=case.touch_count + 1)

    def _reopen(self, event: Event) -> None:
        """The officer reads what the customer wrote after the closing, and takes the case up again."""
        case, at = self.case, event.at
        waited = seconds_between(case.closed_at, at)
        # Told of the case as it is once it is open again, as `reopen` does.
        since = case.wrote_at or at
        self._move(
            Move.REOPENED, case.touched_at, closed_at=None, closing_reason="", wrote_at=None,
            reopen_count=case.reopen_count + 1,
        )  # fmt: skip
        self._begin(REOPENED, since, event.by)
        self.made_at = self.taken_at = at
        self._record(case_facts.CaseReopened(**about(case, event.by), seconds=waited), at, {"reason": event.text})

    def _aim(self, event: Event) -> None:
        against = Ref("agent", event.about["agent"])
        fact = complaint_facts.ComplaintAimed(**about(self.case, event.by), against_kind="agent", against=str(against))
        self._record(fact, event.at)
        self.complaint["agent"] = against.id

    def _appoint(self, event: Event) -> None:
        chosen = event.about["investigator"]
        fact = complaint_facts.InvestigatorAppointed(**about(self.case, event.by), investigator=str(chosen.ref))
        self._record(fact, event.at)
        self.complaint["investigator"] = chosen
        self._begin([INVESTIGATOR_NAMED], event.at, event.by, bearer=chosen)

    def _decide(self, event: Event) -> None:
        case, given = self.case, event.about
        self._sign(event)
        fact = complaint_facts.ComplaintDecided(
            **about(case, event.by) | {"outcome": given["outcome"]}, redress_kind="none",
            seconds=seconds_between(case.opened_at, event.at),
        )  # fmt: skip
        self._record(fact, event.at, {"findings": given["findings"], "reasons": given["reasons"]})
        self._record(complaint_facts.RootCauseFound(**about(case, event.by), cause=given["cause"]), event.at)
        self.complaint |= {"decision": event, "cause": given["cause"]}

    def _sign(self, event: Event) -> None:
        """The investigator signs what is then decided upon."""
        case, investigator = self.case, self.complaint["investigator"]
        seconds = seconds_between(case.opened_at, event.at)
        self._record(complaint_facts.FindingsSigned(**about(case, investigator), seconds=seconds), event.at)
        self._keep(event.at, investigator, Act.FINDINGS)

    def _letter(self, event: Event) -> None:
        self._reply(Event("reply", event.at, by=event.by, text=event.text), files=1)
        fact = complaint_facts.FinalLetterSent(
            **about(self.case, event.by) | {"outcome": self.complaint["decision"].about["outcome"]},
            letter=self.letter_id, checksum="", seconds=seconds_between(self.case.opened_at, event.at),
        )  # fmt: skip
        self._record(fact, event.at)
        self.complaint["letter"] = event
        self._keep(event.at, event.by, Act.FINAL_LETTER, Act.ANSWER, Act.REPORT)

    def _close(self, event: Event) -> None:
        case, reason = self.case, event.about["reason"]
        fact = case_facts.CaseClosed(
            **{**about(case, event.by), "outcome": reason}, reason=reason, touches=case.touch_count,
            reopened=case.reopen_count, **self._seconds(event.at),
            **days_between(self.calendar, case.opened_at, event.at),
        )  # fmt: skip
        self._record(fact, event.at)
        if decided := self.complaint.get("decision"):
            ended = complaint_facts.ComplaintClosed(
                **about(case, event.by) | {"outcome": decided.about["outcome"]},
                seconds=fact.seconds, working_seconds=fact.working_seconds, days=fact.days,
                working_days=fact.working_days,
            )  # fmt: skip
            self._record(ended, event.at)
        self._withdraw(event.at, event.by, CASE_CLOSED, only=ends_with_the_case)
        self._move(Move.CLOSED, case.touched_at, closed_at=event.at, closing_reason=reason)


def _policy(case: Case) -> Ref | None:
    return Ref("policy", case.policy_id) if case.policy_id else None
