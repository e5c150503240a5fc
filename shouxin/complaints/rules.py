"""Rules of complaints: where the lines run, who may look into it, when it may end."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shouxin.complaints.models import Line
from shouxin.core.rights import right

HANDLE = right("complaints.handle", gettext_lazy("Handle complaints"), posts="EC TL", functions="compliance")
DECIDE = right("complaints.decide", gettext_lazy("Decide complaints and sign final letters"), posts="EC TL")
IMPORT = right(
    "complaints.import", gettext_lazy("Import complaints from a file"), posts="TL", functions="admin compliance"
)

# Services of the catalogue that are disputes: a claim dispute, a complaint, a case the regulator passes on.
DISPUTES = frozenset({"A13", "A15", "A16"})
# Begins the investigator's own time limit, a standard of the company.
INVESTIGATOR_NAMED = "investigator_named"


@dataclass(frozen=True)
class Answers:
    """What the handler answers to draw the line."""

    is_dissatisfied: bool  # does the customer say he is dissatisfied with us, a product, or one of us?
    disputes_right: bool  # does he claim something as his right: money, a correction, a cancellation?
    asks_only: bool  # does he only ask for information or clarification?
    asks_to_act: bool  # does he only ask us to carry something out, or report a loss?

    @property
    def ticked(self) -> list[str]:
        return [name for name, is_so in vars(self).items() if is_so]


# What whoever asks for this service has said already: the public form words it so, and intake asks for it.
SAID_AT_INTAKE = {
    "A13": ("is_dissatisfied", "disputes_right"), "A15": ("is_dissatisfied",), "A16": ("is_dissatisfied",),
}  # fmt: skip


def line_of(answers: Answers) -> tuple[Line, str]:
    """Which line, and the sentence that says why.

    EIOPA-BoS-12/069: a complaint is a statement of dissatisfaction, distinct from claims handling and from simple
    requests for execution, information or clarification. 银行业保险业消费投诉处理管理办法 Art. 2 adds that the
    consumer claims civil rights. Where the two differ, the reading that protects the customer is taken.
    """
    if answers.is_dissatisfied and answers.disputes_right:
        return Line.COMPLAINT, _("Dissatisfied, and claims a right: a complaint under both definitions.")
    if answers.is_dissatisfied:
        return Line.COMPLAINT, _("Dissatisfied without claiming a right: a complaint as EIOPA defines it.")
    if answers.asks_to_act:
        return Line.CLAIM, _("A request to act or to pay, without dissatisfaction: a service request, not a dispute.")
    if answers.asks_only:
        return Line.ENQUIRY, _("Only a question: answer it and cite the source.")
    return Line.COMPLAINT, _("Not clear: it is treated as a complaint, to the customer's advantage.")


def is_same_matter(case: Any, earlier: Any, target: Any = None) -> bool:
    """Whether `case` asks the same as `earlier`, whose complaint is `target`: one policy, agent, product or service.

    Of two policies each is its own matter, unless the earlier complaint is against the agent or product of the other.
    """
    if case.policy_id and case.policy_id == earlier.policy_id:
        return True
    if case.policy_id and target is not None:
        if target.against_agent_id and target.against_agent_id == case.policy.agent_id:
            return True
        if target.against_product_id and target.against_product_id == case.policy.product_id:
            return True
    has_two = case.policy_id and earlier.policy_id
    return not has_two and case.service_id == earlier.service_id


def why_not_independent(investigator: Any, complaint: Any) -> str:
    """Why this person can't investigate; empty if nothing stands against it."""
    accused = complaint.against_staff
    if accused is None:
        return ""
    if investigator.pk == accused.pk:
        return _("This complaint is about %(name)s, who cannot investigate it.") % {"name": investigator.name}
    team = investigator.team
    if team is not None and team.leader_id == accused.pk:
        return _("%(name)s reports to the person complained about and cannot investigate it.") % {
            "name": investigator.name
        }
    return ""


def why_not_investigator(investigator: Any, complaint: Any) -> str:
    """Why this person can't look into it: not independent, or the one who handles the case; empty if they can."""
    if complaint.case.officer_id == investigator.pk:
        return _("%(name)s handles this case: somebody else investigates it.") % {"name": investigator.name}
    return why_not_independent(investigator, complaint)


def why_not_closable(complaint: Any) -> str:
    """Why a disputed case can't be closed yet; empty if it may."""
    if complaint is None:
        return _("One step left: say whether this is a complaint, an enquiry or a claim.")
    if complaint.line != Line.COMPLAINT:
        return ""
    if not complaint.letters.exists():
        return _("One step left: the final letter. A complaint ends with a written answer the customer can keep.")
    return ""
