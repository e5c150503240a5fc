"""Who may read which figure. A number never appraises a person alone: single colleagues are for few eyes."""

from django.utils.translation import gettext_lazy as _

from shouxin.core.audience import Audience
from shouxin.core.rights import require, right
from shouxin.measures.asking import Question
from shouxin.people.models import Function, Post, Staff, Team

READ = right(
    "measures.read", _("Read the figures of the company and of every team"), posts="SP TL",
    functions="hr compliance admin",
)  # fmt: skip
READ_PEOPLE = right("measures.people", _("Read the figures of individual colleagues"), functions="hr")
# The keys of a question whose values are colleagues: who acted, and the facts' own fields that name one.
COLLEAGUES = frozenset({"staff", "to", "former", "officer", "investigator", "approver", "deputy"})


def audience_of(staff: Staff) -> Audience:
    """As whom this person reads facts."""
    if staff.is_function(Function.COMPLIANCE):
        return Audience.COMPLIANCE
    return Audience.HR if staff.is_function(Function.HR) else Audience.STAFF


def narrowed(asked: Question, staff: Staff) -> Question:
    """The question as far as this person may ask it: all facts, a team leader's own people, or one's own work.

    Raises NotAllowed where it asks for single colleagues who are none of one's own.
    """
    asked = asked.but(audience=audience_of(staff))
    if not staff.has(READ):
        return _only(asked, "staff", staff.account)
    people = {value for key, value in (*asked.where, *asked.cells) if _is_colleague(key, value)}
    if not (people or COLLEAGUES.intersection(asked.by)) or staff.has(READ_PEOPLE):
        return asked
    if people and people <= {staff.account, str(staff.ref)}:
        return asked
    require(
        staff.post == Post.TL and staff.team is not None,
        _("Individual colleagues are shown only to their team leader."),
    )
    return _only(asked, "team", staff.team.code)


def is_own(staff: Staff) -> bool:
    """Whether this person sees figures of his or her own work only."""
    return not staff.has(READ)


def may_see_board(staff: Staff, team: Team) -> bool:
    return staff.has(READ) or staff.team_id == team.pk


def _is_colleague(key: str, value: str) -> bool:
    return key in COLLEAGUES or value.startswith(f"{Staff.ref_kind}:")


def _only(asked: Question, key: str, value: str) -> Question:
    others = tuple(pair for pair in asked.where if pair[0] != key)
    return asked.but(where=(*others, (key, value)))
