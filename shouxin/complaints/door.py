"""What other rooms learn from this one, and what it subscribes to."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shouxin.cases.facts import CaseAssigned, CaseClosed, CaseHandedOver, CaseOpened, CustomerLinked, ReplySent
from shouxin.cases.models import Case
from shouxin.cases.rules import Closing, Keeping
from shouxin.complaints import jobs, joining
from shouxin.complaints.actions import decision_of
from shouxin.complaints.comparing import compare
from shouxin.complaints.erasure import TABLES, complaints_stay, may_go_further
from shouxin.complaints.forgetting import forget
from shouxin.complaints.forms import MappingForm
from shouxin.complaints.importing.running import carry_out, told_of
from shouxin.complaints.models import Cause, Complaint, Line, Outcome
from shouxin.complaints.queries import complaint_for, findings_clocks, investigations_of, standing_joinings
from shouxin.complaints.rules import DISPUTES, HANDLE, IMPORT, why_not_closable
from shouxin.core.clock import now
from shouxin.core.drawers import Drawing, draws
from shouxin.core.guards import refuses
from shouxin.core.refs import Ref
from shouxin.core.slots import fills
from shouxin.customers.erasure import ErasingCustomer, named, stays
from shouxin.jurisdictions.acts import Act
from shouxin.people.queries import staff_names
from shouxin.promises.choosing import joins
from shouxin.promises.facts import PromiseWithdrawn
from shouxin.record.erasing import erases
from shouxin.record.subscribers import subscribe
from shouxin.record.verifying import compares
from shouxin.tables.importers import Importer, importer

COMPLAINTS = importer(Importer(
    name="complaints", title=gettext_lazy("Import complaints"), right=IMPORT, run=carry_out, sentence=told_of,
    about=gettext_lazy("A file from a regulator or an older system, with a mapping that says what its columns are."),
    most_bytes=200 << 20, form=MappingForm, key_title=gettext_lazy("Key"),
))  # fmt: skip
erases(forget)
refuses(ErasingCustomer)(may_go_further)
stays(complaints_stay)
named(**TABLES)
compares(compare)
subscribe(CaseOpened, jobs.lodge_dispute, name="complaints.lodge_dispute", only=lambda fact: fact.service in DISPUTES)
subscribe(ReplySent, jobs.acknowledge_by_reply, name="complaints.acknowledge_by_reply", only=lambda fact: fact.first)
subscribe(CaseAssigned, jobs.release_investigator_who_serves, name="complaints.release_on_assignment")
subscribe(CaseHandedOver, jobs.release_investigator_who_serves, name="complaints.release_on_handover")
subscribe(CaseClosed, jobs.end_complaint, name="complaints.end_complaint")
subscribe(
    CustomerLinked, jobs.join_when_known, name="complaints.join_when_known", only=lambda fact: fact.service in DISPUTES
)
subscribe(PromiseWithdrawn, jobs.release_joined, name="complaints.release_joined", only=joining.ends_undecided)
joins(joining.join)


@refuses(Closing)
def not_without_a_final_letter(closing: Closing) -> str | None:
    """A complaint ends with a letter; a dispute that nobody looked at is taken for a complaint."""
    service = Case.objects.values_list("service_id", flat=True).get(pk=closing.case.id)
    complaint = Complaint.objects.filter(case=closing.case.id).first()
    if complaint is None and service not in DISPUTES:
        return None
    return why_not_closable(complaint) or None


@refuses(Keeping)
def answered_by_its_letter(keeping: Keeping) -> str | None:
    """What a final letter keeps no plain reply keeps, as long as the case is a complaint."""
    if Act.FINAL_LETTER not in keeping.kept_by or keeping.act not in (Act.ANSWER, Act.DECISION_TOLD):
        return None
    complaint = Complaint.objects.filter(case=keeping.case.id, line=Line.COMPLAINT).first()
    # Where the law counts the decision as answered once it is told, by telephone as well, it must have been made.
    if complaint is None or (keeping.act == Act.DECISION_TOLD and decision_of(complaint) is not None):
        return None
    return _("A complaint is answered by its final letter.")


@fills("case.aside", order=20)
def complaint_beside_case(request: Any, case: Case, **_about: Any) -> tuple[str, dict[str, Any]] | None:
    """What stands with the complaint: who looks into it, what is decided, what is missing."""
    complaint = complaint_for(case)
    return ("complaints/_complaint_aside.html", {"complaint": complaint}) if complaint else None


@fills("case.head", order=20)
def joined_with(request: Any, case: Case, **_about: Any) -> tuple[str, dict[str, Any]] | None:
    """With what this case is joined: the earlier one whose term is its own, or those that came later."""
    if case.service_id not in DISPUTES:
        return None
    standing = standing_joinings(case)
    mine = next((each for each in standing if each.case_id == case.pk), None)
    later = [each.case for each in standing if each.other_id == case.pk]
    clock = joining.term_of(mine, at=now()) if mine else None
    return ("complaints/_joined.html", {"mine": mine, "later": later, "clock": clock}) if standing else None


def _number(ref: str) -> str:
    return Case.objects.filter(pk=Ref.parse(ref).id).values_list("number", flat=True).first() or ref


def _name(ref: str) -> str:
    kind, _colon, key = (ref or "").partition(":")
    return staff_names().get(int(key), "") if kind == "staff" else ""


@draws("ComplaintOpened")
def _opened(entry: Any) -> Drawing:
    return Drawing(_("Recorded as a complaint"), icon="flag")


@draws("ComplaintClassified")
def _classified(entry: Any) -> Drawing:
    lines = {"complaint": _("Complaint"), "enquiry": _("Enquiry"), "claim": _("Claim or request to act")}
    return Drawing(_("Classified: %(line)s") % {"line": lines[entry.line]}, icon="flag", detail=entry.because)


@draws("ComplaintAimed")
def _aimed(entry: Any) -> Drawing:
    return Drawing(_("Subject of the complaint recorded"), icon="flag")


@draws("ComplaintAcknowledged")
def _acknowledged(entry: Any) -> Drawing:
    return Drawing(_("Receipt acknowledged"), icon="check", tone="kept")


@draws("InvestigatorAppointed")
def _appointed(entry: Any) -> Drawing:
    return Drawing(_("%(name)s investigates independently") % {"name": _name(entry.investigator)}, icon="search")


@draws("FindingsSigned")
def _signed(entry: Any) -> Drawing:
    return Drawing(_("The investigator has signed the findings"), icon="search", tone="kept")


@fills("today.aside", order=10)
def investigations_today(request: Any, **_about: Any) -> tuple[str, dict[str, Any]] | None:
    """What I am asked to investigate independently."""
    if not request.user.has(HANDLE):
        return None
    asked = list(investigations_of(request.user)[:10])
    clocks = findings_clocks(asked, at=now())
    context = {"investigations": [(each, clocks.get(each.case_id)) for each in asked]}
    return ("complaints/_investigations.html", context) if asked else None


@draws("ComplaintDecided")
def _decided(entry: Any) -> Drawing:
    outcome = Outcome(entry.dims["outcome"]).label if entry.dims["outcome"] else ""
    return Drawing(
        _("Decided: %(outcome)s") % {"outcome": outcome}, icon="scale", detail=entry.content.get("reasons", "")
    )


@draws("RootCauseFound")
def _cause(entry: Any) -> Drawing:
    return Drawing(_("Root cause: %(cause)s") % {"cause": Cause(entry.cause).label}, icon="flag")


@draws("FinalLetterSent")
def _letter(entry: Any) -> Drawing:
    return Drawing(_("Final letter sent"), icon="mail", tone="kept")


@draws("ComplaintJoined")
def _joined(entry: Any) -> Drawing:
    return Drawing(_("Joined with %(number)s: one time limit for both") % {"number": _number(entry.other)}, icon="link")


@draws("ComplaintSeparated")
def _separated(entry: Any) -> Drawing:
    text = _("Separated from %(number)s: it has its own time limit") % {"number": _number(entry.other)}
    return Drawing(text, icon="link", detail=entry.content.get("reason", ""))


@draws("NewFactsBrought")
def _new_facts(entry: Any) -> Drawing:
    text = _("New facts: the time limit of %(number)s restarted when they came in") % {"number": _number(entry.other)}
    return Drawing(text, icon="clock", tone="soon", detail=entry.content.get("reason", ""))


@draws("ComplaintClosed")
def _closed(entry: Any) -> Drawing | None:
    return None  # the closing of the case is on the timeline already
