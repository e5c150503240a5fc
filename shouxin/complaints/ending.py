"""The end of a complaint on our side: the final letter, as it was sent."""

from datetime import datetime

from django.utils.translation import gettext as _

from shouxin.complaints.actions import decision_of, handling
from shouxin.complaints.facts import FinalLetterSent
from shouxin.complaints.letters.composing import letter_data, next_step_until, render_letter
from shouxin.complaints.models import Complaint, Decision, FinalLetter
from shouxin.complaints.rules import DECIDE
from shouxin.core import files
from shouxin.core.clock import now
from shouxin.core.guards import Refused
from shouxin.jurisdictions.acts import Act
from shouxin.people.models import Staff


def send_final_letter(complaint: Complaint, *, by: Staff, cover: str = "", at: datetime | None = None) -> FinalLetter:
    """Make the letter of the decision that counts, keep it by its checksum, and send it as an answer of the case.

    Keeps the promise of a final answer: told is the moment of sending. Raises Refused without a decision.
    """
    at = at or now()
    return _send(complaint, _decided(complaint), by=by, cover=cover, at=at)


def _send(complaint: Complaint, decision: Decision, *, by: Staff, cover: str, at: datetime) -> FinalLetter:
    # The PDF is made before anything is locked: a message of the customer must not wait for it.
    stored = files.store(render_letter(decision, at=at), f"{complaint.case.number}.pdf")
    title = letter_data(decision, at=at)["title"]
    body = cover.strip() or _(
        "Our final response is enclosed: what we found, what we decided and why, and what you can do next."
    )
    with handling(complaint, by=by, at=at, needs=DECIDE) as (work, held):
        if decision_of(held) != decision:
            raise Refused(_("The decision has changed in the meantime. Read the letter again before sending it."))
        if decision.letters.exists():
            raise Refused(_("This decision has been sent already. A changed decision is sent by a new letter."))
        touch = work.reply(body, title=title, files=(stored,))
        letter = held.letters.create(
            decision=decision, checksum=stored.checksum, file=stored.name, channel=touch.channel, sent_by=by,
            sent_at=at, next_step_until=next_step_until(work.case, at),
        )  # fmt: skip
        fact = work.record(
            FinalLetterSent, outcome=decision.outcome, letter=letter.pk, checksum=stored.checksum,
            seconds=work.since_opening,
        )  # fmt: skip
        # It answers the complaint, and says for the last time how things stand.
        work.keep(Act.FINAL_LETTER, Act.ANSWER, Act.REPORT, fact=fact)
    return letter


def _decided(complaint: Complaint) -> Decision:
    if (decision := decision_of(complaint)) is None:
        raise Refused(_("One step left: the decision. The letter says what was found and why."))
    decision.complaint = complaint
    return decision
