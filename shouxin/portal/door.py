"""What other rooms learn from the customer's door."""

from typing import Any

from django.utils.translation import gettext as _

from shouxin.cases.models import Case
from shouxin.core.drawers import Drawing, draws
from shouxin.core.slots import fills
from shouxin.portal.jobs import link_of


@fills("case.aside", order=80)
def link_beside_case(request: Any, case: Case, **_about: Any) -> tuple[str, dict[str, Any]]:
    """The secret link, so that an officer can send it or replace it."""
    return "portal/_link_aside.html", {"case": case, "link": link_of(case)}


@fills("case.letter_link")
def link_in_letter(request: Any, case: Case, **_about: Any) -> tuple[str, dict[str, Any]]:
    """The address under every letter of a case."""
    return "portal/_link.txt", {"link": link_of(case)}


@draws("FollowLinkRenewed")
def _renewed(entry: Any) -> Drawing:
    return Drawing(_("The link to this page was replaced"), icon="link")


@draws("FollowLinkUnlocked")
def _unlocked(entry: Any) -> Drawing:
    return Drawing(_("The customer read the case by its link"), icon="link")


@draws("FollowLinkGuessed")
def _guessed(entry: Any) -> Drawing:
    return Drawing(_("The link was locked after too many wrong answers"), icon="link", tone="soon")
