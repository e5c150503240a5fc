"""A script lived through the actions, one event after the other, with the loop and the subscribers beside it."""

from datetime import datetime, timedelta
from typing import Any

from shouxin.cases import actions as cases
from shouxin.cases.models import Case, Service
from shouxin.cases.rules import Claimant, named_act
from shouxin.complaints import actions as complaints
from shouxin.complaints import jobs
from shouxin.complaints.ending import send_final_letter
from shouxin.complaints.models import Complaint
from shouxin.customers.models import Customer
from shouxin.demo.insurer import Insurer
from shouxin.demo.script import Event, Script
from shouxin.demo.tests.reading import facts_about
from shouxin.jurisdictions.acts import Act
from shouxin.people.models import Agent
from shouxin.policies.models import Policy
from shouxin.promises.firing import break_due, next_instant, warn_due
from shouxin.promises.models import Promise
from shouxin.promises.terms import acts_of

HANDLERS = {"CaseOpened": jobs.lodge_dispute, "ReplySent": jobs.acknowledge_by_reply, "CaseClosed": jobs.end_complaint}
MOMENT = timedelta(microseconds=1)


def fire_until(at: datetime) -> None:
    """What the loop would have done before this instant, each thing when it was due."""
    while (instant := next_instant()) is not None and instant < at:
        warn_due(instant)
        break_due(instant + MOMENT)


class Life:
    """Lives one script; nobody else's work may wait in the queue meanwhile."""

    def __init__(self, script: Script, insurer: Insurer, now: datetime) -> None:
        self.script, self.insurer, self.heard = script, insurer, 0
        for event in script.events:
            fire_until(event.at)
            getattr(self, f"_{event.kind}")(event)
            self._hear()
        fire_until(now)

    def _hear(self) -> None:
        """What the worker would have run: each fact once, in the order of recording."""
        for fact in facts_about(self.case):
            if fact["id"] > self.heard:
                self.heard = fact["id"]
                if handler := HANDLERS.get(fact["kind"]):
                    handler(fact["id"], {"subject": fact["subject"], **fact["data"]})

    @property
    def _complaint(self) -> Complaint:
        return Complaint.objects.get(case=self.case)

    def _open(self, event: Event) -> None:
        script, person = self.script, self.script.person
        known: dict[str, Any] = {"claimant": Claimant(person.name, person.phone, person.email)}
        if script.is_known:
            known = {"customer": Customer.objects.get(pk=person.id)}
            if script.cover:
                known["policy"] = Policy.objects.select_related("product").get(pk=script.cover.id)
        self.case: Case = cases.open_case(
            service=Service.objects.get(pk=script.service), channel=script.channel, subject=script.subject,
            body=script.body, branch=self.insurer.branches[script.branch], by=event.by, at=event.at, **known,
        )  # fmt: skip

    def _take(self, event: Event) -> None:
        item = cases.take_next(event.by, at=event.at)
        assert item is not None and item.ref == self.case.ref

    def _note(self, event: Event) -> None:
        cases.note(self.case, by=event.by, body=event.text, at=event.at)

    def _hand_over(self, event: Event) -> None:
        cases.hand_over(self.case, by=event.by, to=event.about["to"], reason=event.text, at=event.at)

    def _reply(self, event: Event) -> None:
        acts = event.about.get("acts", ())
        owed = Promise.objects.about(self.case.ref).owed().order_by("pk")
        keeps = tuple(each.pk for each in owed if named_act(acts_of(each)) in acts)
        cases.reply(self.case, by=event.by, body=event.text, at=event.at, keeps=keeps, reports=Act.REPORT in acts)

    def _reopen(self, event: Event) -> None:
        cases.reopen(self.case, by=event.by, reason=event.text, at=event.at)

    def _ask(self, event: Event) -> None:
        papers = [event.about["paper"]]
        cases.request_papers(self.case, by=event.by, papers=papers, body=event.text, at=event.at)

    def _papers(self, event: Event) -> None:
        self._receive(event)
        officer = Case.objects.with_people().get(pk=self.case.pk).officer
        cases.paper_received(self.case, paper=event.about["paper"], by=officer, at=event.at)

    def _receive(self, event: Event) -> None:
        cases.receive(self.case, body=event.text, channel=event.about["channel"], at=event.at)

    def _aim(self, event: Event) -> None:
        target = complaints.Target("agent", agent=Agent.objects.get(pk=event.about["agent"]))
        complaints.aim(self._complaint, by=event.by, target=target, at=event.at)

    def _appoint(self, event: Event) -> None:
        complaints.appoint(self._complaint, by=event.by, investigator=event.about["investigator"], at=event.at)

    def _decide(self, event: Event) -> None:
        given = event.about
        investigator = Complaint.objects.get(pk=self._complaint.pk).investigator
        complaints.sign_findings(self._complaint, by=investigator, text=given["findings"], at=event.at)
        verdict = complaints.Verdict(given["outcome"], given["findings"], given["reasons"])
        complaints.decide(self._complaint, by=event.by, verdict=verdict, at=event.at)
        complaints.find_cause(self._complaint, by=event.by, cause=given["cause"], at=event.at)

    def _letter(self, event: Event) -> None:
        send_final_letter(self._complaint, by=event.by, cover=event.text, at=event.at)

    def _close(self, event: Event) -> None:
        cases.close(self.case, by=event.by, reason=event.about["reason"], at=event.at)
