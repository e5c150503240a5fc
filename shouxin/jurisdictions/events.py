"""What happens in a service: events from which a rule counts, and those that end one.

Most of them begin a rule (`Rule.start`, named in labels.STARTS). Some are acts of ours as well, and keep what an act
of that kind keeps; these stand here. Some only end something; their names are in labels.ENDINGS.
"""

from dataclasses import dataclass

from shouxin.jurisdictions.acts import Act
from shouxin.jurisdictions.rule import Rule

CLAIM_UNDISPUTED, REINSTATEMENT, WELCOME_CALL = "claim_undisputed", "reinstatement", "welcome_call"


@dataclass(frozen=True)
class Ending:
    """An event that is an act of ours: which acts it is, and for which subjects alone (none named: for all)."""

    acts: tuple[Act, ...] = ()
    subjects: tuple[str, ...] = ()

    def act_for(self, subject: str, kept_by: tuple[Act, ...]) -> Act | None:
        """The act by which a promise about this subject is kept, if it is."""
        if self.subjects and subject not in self.subjects:
            return None
        return next((act for act in self.acts if act in kept_by), None)


ENDINGS: dict[str, Ending] = {
    "claim_decided": Ending((Act.DECISION,)),
    "claim_accepted": Ending((Act.DECISION,)),
    "change_agreed": Ending((Act.DECISION,)),
    "evidence_asked": Ending((Act.PAPERS_REQUEST,), (REINSTATEMENT,)),
    "refusal_told": Ending((Act.DECISION, Act.NOTICE)),
    "paid": Ending((Act.PAYMENT,)),
    "undisputed_paid": Ending((Act.PAYMENT,), (CLAIM_UNDISPUTED,)),
    "carried_out": Ending((Act.DONE,)),
    "customer_told": Ending((Act.NOTICE,)),
    "call_reached": Ending((Act.CALL_REACHED,), (WELCOME_CALL,)),
}
# What the breach of a rule brings about; nobody records these by hand.
BREACHES = frozenset({"deemed_agreed", "answer_overdue"})
# What the product raises by itself: opening, answers, reopening, the naming of an investigator.
BY_ITSELF = frozenset({"last_report", "first_report", "case_reopened", "investigator_named", *BREACHES})
# What happens to a policy or its agent, wherever a case may stand: found in the policies every night.
OF_POLICIES = frozenset({"agent_left", "policy_delivered", "cover_ends"})


def endings_for(rule: Rule) -> list[str]:
    """The events that keep a rule or make it void."""
    kept = [code for code, ending in ENDINGS.items() if ending.act_for(rule.subject, rule.kept_by)]
    return [*kept, *rule.void_by]
