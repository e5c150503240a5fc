"""What the other functions come for: the pages that belong to their rights, the same for all who hold them."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from shouxin.complaints.rules import IMPORT
from shouxin.core.rights import Right
from shouxin.front.health import HEALTH
from shouxin.jurisdictions.rules import DECLARE
from shouxin.people.models import Staff
from shouxin.people.rules import KEEP_AGENTS, MANAGE_STAFF, SETTINGS


@dataclass(frozen=True)
class Duty:
    """A page somebody is responsible for, and what it is good for."""

    title: str
    text: str
    url: str


def duties(viewer: Staff) -> list[Duty]:
    """The pages this person has the right to."""
    return [Duty(title, text, reverse(name)) for right, title, text, name in _all() if _may(viewer, right)]


def _may(viewer: Staff, right: Right | str) -> bool:
    return viewer.is_function(right) if isinstance(right, str) else viewer.has(right)


def _all() -> list[tuple[Right | str, str, str, str]]:
    return [
        (MANAGE_STAFF, _("Colleagues"), _("Joiners, transfers and leavers; deputies and skills"), "people:staff-list"),
        (MANAGE_STAFF, _("Import staff"), _("A list from the HR system"), "people:staff-import"),
        ("hr", _("Rights overview"), _("Every right with its posts and functions"), "people:rights"),
        ("compliance", _("Rights overview"), _("Every right with its posts and functions"), "people:rights"),
        ("compliance", _("Rules"), _("Every time limit with its source and article"), "jurisdictions:rules"),
        (SETTINGS, _("Settings"), _("The company, its offices, teams and skills"), "people:settings"),
        ("admin", _("Rights overview"), _("Every right with its posts and functions"), "people:rights"),
        (HEALTH, _("System health"), _("Pages, database, worker, sealing of the record"), "front:health"),
        (DECLARE, _("Calendars"), _("Declare a typhoon day or a make-up day"), "jurisdictions:calendars"),
        (IMPORT, _("Import complaints"), _("A file from a regulator or an older system"), "complaints:imports"),
        (KEEP_AGENTS, _("Agents"), _("Who sold policies, and who has left"), "people:agents"),
    ]
