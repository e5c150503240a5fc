"""Acts that keep promises: what we do for a customer. A rule names those that keep it (`Rule.kept_by`)."""

from enum import StrEnum


class Act(StrEnum):
    """The vocabulary of `kept_by`. The first group follows from what is done; the second the officer must name."""

    REPLY = "reply"  # any answer that went to the customer, a call that reached them included
    ACKNOWLEDGEMENT = "acknowledgement"  # they were told that we have it; every reply tells that too
    CALL_REACHED = "call_reached"  # a call that reached the customer; an attempt is none
    PAPERS_REQUEST = "papers_request"  # one request for everything that is missing
    FINAL_LETTER = "final_letter"  # the written end of a complaint

    ANSWER = "answer"  # a reply that answers what was asked
    REPORT = "report"  # a reply that says how things stand
    HOLDING_LETTER = "holding_letter"  # why there is no answer yet, and by when there will be one
    DECISION = "decision"  # decided, and the customer told
    DECISION_TOLD = "decision_told"  # what was decided on a complaint, told to who made it, by whatever way
    PAYMENT = "payment"  # the money went out
    NOTICE = "notice"  # the customer was told in writing
    FINDINGS = "findings"  # the independent investigator has signed what was found
    DONE = "done"  # what was asked was carried out
    NAMED = "named"  # whatever the officer says did it, where a promise was given freely


# In which form a rule wants what is said to the customer (`Rule.form`); "" leaves it open.
WRITTEN = "written"
# Writing by what they are; and deeds, which have no form: only where it is told does it matter how.
ALWAYS_WRITTEN = frozenset({Act.NOTICE, Act.FINAL_LETTER, Act.HOLDING_LETTER})
DEEDS = frozenset({Act.CALL_REACHED, Act.PAYMENT, Act.DONE, Act.NAMED})


def may_be_spoken(act: Act, form: str) -> bool:
    """Whether this act keeps a rule of this form when it is done by telephone or face to face."""
    return act not in ALWAYS_WRITTEN and (form != WRITTEN or act in DEEDS)
