"""The end of a complaint on our side: the final letter, as it was sent."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from shouxin.cases.actions import reply
from shouxin.cases.actions.moving import about, require_service, seconds_between
from shouxin.cases.actions.promising import keep_subject
from shouxin.complaints.actions import decision_of, hold
from shouxin.complaints.facts import FinalLetterSent
from shouxin.complaints.letters.composing import letter_data, next_step_until, render_letter
from shouxin.complaints.models import Complaint, FinalLetter
from shouxin.complaints.rules import DECIDE
from shouxin.core import files
from shouxin.core.clock import day_of, now
from shouxin.core.guards import Refused
from shouxin.core.rights import require
from shouxin.people.models import Staff
from shouxin.record.recording import record


@transaction.atomic
def send_final_letter(complaint: Complaint, *, by: Staff, cover: str = "", at: datetime | None = None) -> FinalLetter:
    """Make the letter of the decision that counts, keep it by its checksum, and send it as an answer of the case.

    Keeps the promise of a final answer: told is the moment of sending. Raises Refused without a decision.
    """
    at, (complaint, case) = at or now(), hold(complaint)
    require(by.has(DECIDE))
    require_service(by, case, at)
    decision = decision_of(complaint)
    if decision is None:
        raise Refused(_("One step left: the decision. The letter says what was found and why."))
    decision.complaint = complaint
    stored = files.store(render_letter(decision, at=at), f"{case.number}.pdf")
    title = letter_data(decision, at=at)["title"]
    body = cover.strip() or _(
        "Our final response is enclosed: what we found, what we decided and why, and what you can do next."
    )
    touch = reply(case, by=by, body=body, title=title, files=(stored,), at=at)
    until = next_step_until(case, at)
    letter = complaint.letters.create(
        decision=decision, checksum=stored.checksum, file=stored.name, channel=touch.channel, sent_by=by, sent_at=at,
        next_step_until=day_of(until) if until else None,
    )  # fmt: skip
    record(
        FinalLetterSent(
            **about(case, by) | {"outcome": decision.outcome}, letter=letter.pk, checksum=stored.checksum,
            seconds=seconds_between(case.opened_at, at),
        ),
        at=at, source=case.source,
    )  # fmt: skip
    keep_subject(case, "complaint", at=at, by=by)
    return letter
