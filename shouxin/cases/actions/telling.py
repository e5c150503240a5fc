"""What the house tells a customer by itself: part of the conversation, but no answer, so no promise is kept by it."""

from datetime import datetime

from django.db import transaction
from django.db.models import F

from shouxin.cases import queries
from shouxin.cases.actions.letters import queue_letter
from shouxin.cases.actions.moving import about, add_words, locked, move
from shouxin.cases.facts import CustomerTold
from shouxin.cases.models import Case, Direction, Touch
from shouxin.cases.rules import Move
from shouxin.record.recording import SILENT, record


def reachable_by(case: Case) -> str:
    """The channel by which a letter of the house reaches this customer; empty when we know no address."""
    return next((channel for channel in ("email", "letter") if queries.address_of(case, channel)), "")


@transaction.atomic
def tell(case: Case, *, title: str, body: str, told_of: list[int], at: datetime) -> Touch | None:
    """Send the customer word of these facts. None where no address is known, and for what is silent.

    Nobody spoke: the case keeps the instant of its latest contact, and a customer who waits for an answer waits on.
    """
    case = locked(case)
    channel = reachable_by(case)
    if not channel or case.source in SILENT:
        return None
    fact = CustomerTold(**{**about(case, None), "channel": channel}, told_of=told_of)
    (fact_id,) = record(fact, at=at, content={"body": body}, source=case.source)
    move(case, Move.NOTED, touch_count=F("touch_count") + 1)
    touch = Touch.objects.create(case=case, direction=Direction.OUTBOUND, channel=channel, at=at, fact=fact_id)
    add_words(case, body)
    queue_letter(case, touch=touch, channel=channel, title=title, at=at)
    return touch
