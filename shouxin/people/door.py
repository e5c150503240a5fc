"""What people give to the house: their place in the rail, how their facts are told, the bell."""

from datetime import date
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shouxin.core.audience import Audience
from shouxin.core.context import keeps_language
from shouxin.core.drawers import Drawing, draws
from shouxin.core.links import links
from shouxin.core.navigation import rail
from shouxin.core.slots import fills
from shouxin.core.templatetags.moment import day, listed
from shouxin.jurisdictions.queries import keeps_hours, keeps_places
from shouxin.people.actions import change
from shouxin.people.forgetting import forget
from shouxin.people.labels import setting_named, staff_fields
from shouxin.people.models import Agent, Function, Post, Staff
from shouxin.people.queries import hours_at, places_in, skill_name, team_name, unread_of
from shouxin.people.rules import MANAGE_STAFF, SETTINGS
from shouxin.people.staff_import import COLUMNS, carry_out, posts, told_of
from shouxin.record.erasing import erases
from shouxin.tables.columns import shown_words
from shouxin.tables.importers import Importer, importer

STAFF = importer(Importer(
    name="staff", title=gettext_lazy("Import a list of staff"), right=MANAGE_STAFF, run=carry_out, sentence=told_of,
    about=gettext_lazy("One row for each colleague."), columns=lambda: COLUMNS, key_title=gettext_lazy("Account"),
    rules=gettext_lazy("Existing accounts are updated; an empty cell leaves the current value."),
    accepted=lambda: [(gettext_lazy("Post"), shown_words(posts()))],
))  # fmt: skip
erases(forget)
keeps_hours(hours_at)
keeps_places(places_in)
rail(gettext_lazy("Colleagues"), "people", "people:staff-list", order=80)


@links("staff")
def staff_url(staff_id: int, audience: Audience) -> str:
    """A colleague's page; customers are shown none."""
    account = Staff.objects.filter(pk=staff_id).values_list("account", flat=True).first()
    return reverse("people:staff", args=[account]) if account and audience != Audience.CUSTOMER else ""


@links("agent")
def agent_url(agent_id: int, audience: Audience) -> str:
    number = Agent.objects.filter(pk=agent_id).values_list("number", flat=True).first()
    return f"{reverse('people:agents')}?q={number}" if number and audience != Audience.CUSTOMER else ""


@fills("bar.right", order=20)
def bell(request: HttpRequest, **about: Any) -> tuple[str, dict[str, Any]] | None:
    """How many notices wait."""
    if not request.user.is_authenticated:
        return None
    return "people/_bell.html", unread_of(request.user)


@fills("bar.menu", order=20)
def menu(request: HttpRequest, **about: Any) -> tuple[str, dict[str, Any]] | None:
    """What is one's own: profile, settings, signing out."""
    if not request.user.is_authenticated:
        return None
    return "people/_menu.html", {"may_set": request.user.has(SETTINGS)}


@fills("bar.leave", order=10)
def sign_out(request: HttpRequest, **about: Any) -> tuple[str, dict[str, Any]] | None:
    """The last entry of the menu."""
    return ("people/_leave.html", {}) if request.user.is_authenticated else None


@keeps_language
def own_language(staff: Staff, language: str) -> None:
    """Chosen in the menu or at the foot of a public page: the profile says it from then on."""
    change(Staff.objects.get(pk=staff.pk), by=staff, language=language)


# How each fact of this room is told: a sentence and an icon.
def _setting(what: str, changed: list[str]) -> dict[str, str]:
    name, fields = setting_named(what, changed)
    return {"what": name, "changed": listed(fields)}


def _functions(codes: list[str]) -> str:
    known = dict(Function.choices)
    return listed(str(known.get(code, code)) for code in codes) or "–"


def _day(text: str) -> str:
    return day(date.fromisoformat(text))


TOLD = {
    "StaffJoined": (lambda e: _("Joined"), "people"),
    "StaffChanged": (lambda e: _("Details changed: %(what)s") % {"what": listed(staff_fields(e.changed))}, "file"),
    "StaffMoved": (
        lambda e: (
            _("Moved from %(team)s (%(post)s)")
            % {"team": team_name(e.from_team) or _("no team"), "post": dict(Post.choices).get(e.from_post, e.from_post)}
        ),
        "link",
    ),
    "DepartureAnnounced": (lambda e: _("Last day announced: %(day)s") % {"day": _day(e.left_on)}, "flag"),
    "StaffLeft": (lambda e: _("Left on %(day)s") % {"day": _day(e.left_on)}, "flag"),
    "AgentLeft": (lambda e: _("Left on %(day)s") % {"day": _day(e.left_on)}, "flag"),
    "StaffReturned": (lambda e: _("Returned to work"), "people"),
    "FunctionsChanged": (
        lambda e: (
            _("Functions added: %(given)s; removed: %(taken)s")
            % {"given": _functions(e.given), "taken": _functions(e.taken)}
        ),
        "shield",
    ),
    "SkillGranted": (lambda e: _("Skill added: %(skill)s") % {"skill": skill_name(e.skill)}, "check"),
    "SkillWithdrawn": (lambda e: _("Skill removed: %(skill)s") % {"skill": skill_name(e.skill)}, "check"),
    "DeputyNamed": (
        lambda e: (
            _("Deputy named from %(from)s until %(until)s") % {"from": _day(e.from_on), "until": _day(e.until_on)}
        ),
        "people",
    ),
    "DeputyReleased": (lambda e: _("Deputy removed"), "people"),
    "PasswordLinkGiven": (
        lambda e: _("Password link mailed to the colleague") if e.is_mailed else _("Password link created"),
        "shield",
    ),
    "LeaderNamed": (lambda e: _("Leads the team %(team)s") % {"team": team_name(e.leads)}, "flag"),
    "CompanyFounded": (lambda e: _("Company set up"), "shield"),
    "HoursSet": (lambda e: _("Office hours set from %(day)s") % {"day": _day(e.from_on)}, "settings"),
    "SettingsChanged": (
        lambda e: _("Setting changed: %(what)s (%(changed)s)") % _setting(e.what, e.changed),
        "settings",
    ),
}


def _drawer(kind: str) -> None:
    tell, icon = TOLD[kind]
    draws(kind)(lambda entry: Drawing(text=tell(entry), icon=icon))


for _kind in TOLD:
    _drawer(_kind)
