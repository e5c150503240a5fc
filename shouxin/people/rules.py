"""Who may do what with people and settings."""

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from shouxin.core.rights import RIGHTS, right

if TYPE_CHECKING:
    from shouxin.people.models import Staff

LONGEST_ACCOUNT = 150  # what the count of tries keeps; a longer one is nobody's
MANAGE_STAFF = right("people.manage", _("Manage joiners, transfers and leavers"), functions="admin hr")
GIVE_FUNCTIONS = right(
    "people.functions", _("Assign the functions HR, compliance and administrator"), functions="admin"
)
GRANT_SKILLS = right("people.skills", _("Set colleagues' skills"), posts="TL", functions="admin hr")
SETTINGS = right("people.settings", _("Company, offices and hours, teams, skills"), functions="admin")
KEEP_AGENTS = right("people.agents", _("Keep the register of agents"), posts="SP", functions="admin")


NOT_YOURS = _("This colleague holds a function (HR, compliance or administrator); an administrator has to do this.")
NO_ADDRESS = _(
    "The link goes to the colleague's own e-mail address, and there is none yet, or it was changed within a day. "
    "Enter one, or ask an administrator for the link."
)
NOT_ONESELF = _("Nobody moves themselves; ask a colleague who manages staff.")


def may_decide_over(by: "Staff | None", whom: "Staff") -> bool:
    """Whether `by` may set address, post, leaving and password of `whom`.

    Each of these is a way into the account and so to its functions: it needs the right to give them.
    """
    return by is None or not whom.functions or by.has(GIVE_FUNCTIONS)


def may_see_link(by: "Staff | None", whom: "Staff") -> bool:
    """Whether the link by which a password of `whom` is set may be shown to `by`; else it goes to `whom` by mail.

    Whoever opens it acts as that colleague. So it is shown to who could give the post and its rights anyway, or to
    who has all of these rights, and then only before the colleague's first sign-in.
    """
    if by is None or by.has(GIVE_FUNCTIONS):
        return True
    return whom.last_login is None and all(by.has(each) for each in RIGHTS.values() if whom.has(each))


def may_move(by: "Staff | None", whom: "Staff", *, is_post_changed: bool) -> bool:
    """Nobody gives themselves another post; another team only who could give themselves anything anyway."""
    if by is None or by.pk != whom.pk:
        return may_decide_over(by, whom)
    return not is_post_changed and by.has(GIVE_FUNCTIONS)


def account_tried(request: Any, credentials: dict[str, Any] | None = None) -> str:
    """Which account somebody tries to enter, spelt the one way: capitals must not buy further tries."""
    tried = (credentials or {}).get("username") or request.POST.get("username", "")
    return tried.replace("\x00", "").strip().lower()[:LONGEST_ACCOUNT]


def may_grant_skills(by: "Staff", to: "Staff") -> bool:
    """HR and administrators to everyone, a team leader to the own team."""
    if not by.has(GRANT_SKILLS):
        return False
    is_general = not GRANT_SKILLS.functions.isdisjoint(by.functions)
    return is_general or (to.team is not None and to.team.leader_id == by.pk)


def may_name_deputy(by: "Staff", for_whom: "Staff") -> bool:
    """Everyone for himself; for others their team leader and who manages staff."""
    leads = for_whom.team is not None and for_whom.team.leader_id == by.pk
    return by.pk == for_whom.pk or leads or by.has(MANAGE_STAFF)
