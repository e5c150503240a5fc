"""What other rooms learn from the customer's door."""

from typing import Any

from django.utils.translation import gettext as _

from shouxin.cases.facts import CaseOpened
from shouxin.cases.models import Case, Letter
from shouxin.cases.rules import SERVE, may_serve
from shouxin.core.drawers import Drawing, draws
from shouxin.core.slots import fills
from shouxin.people.queries import staff_names
from shouxin.portal import jobs
from shouxin.portal.forgetting import forget
from shouxin.record.erasing import erases
from shouxin.record.subscribers import subscribe

erases(forget)
subscribe(CaseOpened, jobs.send_receipt, name="portal.send_receipt", only=lambda fact: fact.channel == "web")


@fills("case.aside", order=80)
def link_beside_case(request: Any, case: Case, **_about: Any) -> tuple[str, dict[str, Any]] | None:
    """For who serves the case: send the secret link again, or replace it. The link itself is shown to no colleague."""
    may_send = bool(request and request.user.has(SERVE) and may_serve(request.user, case))
    return ("portal/_link_aside.html", {"case": case}) if may_send else None


@fills("case.letter_link")
def link_in_letter(request: Any, case: Case, letter: Letter) -> tuple[str, dict[str, Any]]:
    """The address under every letter of a case; a letter that answers nothing is the receipt of the request."""
    return "portal/_link.txt", {"text": jobs.receipt(case) if letter.touch_id is None else jobs.link_line(case)}


@draws("FollowLinkRenewed")
def _renewed(entry: Any) -> Drawing:
    return Drawing(_("The link to this page was replaced"), icon="link")


@draws("FollowLinkSent")
def _sent_again(entry: Any) -> Drawing:
    return Drawing(_("The link to this page was sent again"), icon="link")


@draws("StaffAtCustomersPage")
def _staff_refused(entry: Any) -> Drawing:
    text = _("%(name)s tried to use the customer's page and was refused")
    name = staff_names().get(entry.actor.id, "") if entry.actor else ""
    return Drawing(text % {"name": name}, icon="alert", tone="overdue")


@draws("FollowLinkUnlocked")
def _unlocked(entry: Any) -> Drawing:
    return Drawing(_("The customer viewed the case by its link"), icon="link")


@draws("FollowLinkGuessed")
def _guessed(entry: Any) -> Drawing:
    return Drawing(_("The link was locked after too many wrong answers"), icon="link", tone="soon")
