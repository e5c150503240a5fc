"""Taking on, moving, letting go; skills, functions and deputies. One intention, one transaction, one fact."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.auth.tokens import default_token_generator
from django.db import transaction
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from procrastinate.contrib.django import app

from shouxin.core.clock import day_of, now
from shouxin.core.guards import Refused
from shouxin.core.limits import is_too_often
from shouxin.core.rights import require
from shouxin.core.sorting import sort_key
from shouxin.people.facts import (
    DepartureAnnounced,
    DeputyNamed,
    DeputyReleased,
    FunctionsChanged,
    PasswordLinkGiven,
    SkillGranted,
    SkillWithdrawn,
    StaffChanged,
    StaffJoined,
    StaffLeft,
    StaffMoved,
    StaffReturned,
)
from shouxin.people.models import Deputy, Function, Post, Skill, Staff, StaffSkill, Team
from shouxin.people.notices import notify
from shouxin.people.rules import (
    GIVE_FUNCTIONS,
    MANAGE_STAFF,
    NO_ADDRESS,
    NOT_ONESELF,
    NOT_YOURS,
    may_decide_over,
    may_grant_skills,
    may_move,
    may_name_deputy,
    may_see_link,
)
from shouxin.record.recording import record


@dataclass(frozen=True)
class NewStaff:
    account: str
    name: str
    post: str
    joined_on: date
    team: Team | None = None
    email: str = ""
    functions: tuple[str, ...] = field(default=())


def who(by: Staff | None) -> dict[str, Any]:
    """The actor of a fact; nobody when the system or a command did it."""
    return {"actor": by.ref} if by else {}


def locked(staff: Staff) -> Staff:
    return Staff.objects.select_for_update(no_key=True, of=("self",)).select_related("team__branch").get(pk=staff.pk)


@transaction.atomic
def join(person: NewStaff, *, by: Staff | None, password: str | None = None, at: datetime | None = None) -> Staff:
    """Somebody is taken on. Without a password he sets one himself by the link of `password_link`."""
    require(by is None or by.has(MANAGE_STAFF))
    require(not person.functions or by is None or by.has(GIVE_FUNCTIONS))
    staff = Staff.objects.create_user(
        person.account, password, name=person.name, post=person.post, team=person.team, email=person.email,
        functions=sorted(person.functions), joined_on=person.joined_on,
    )  # fmt: skip
    record(StaffJoined(subject=staff.ref, joined_on=person.joined_on.isoformat(), **who(by), **staff.dims()), at=at)
    if person.post == Post.TL and by is not None:
        _tell_administrators(staff, by=by, at=at)
    return staff


def _tell_administrators(leader: Staff, *, by: Staff, at: datetime | None) -> None:
    """A team leader decides: that somebody became one is seen by more people than the one who entered it."""
    text = format_lazy(gettext_lazy("{by} entered {name} as a team leader."), by=by.name, name=leader.name)
    for each in Staff.objects.serving().filter(functions__contains=[Function.ADMIN]).exclude(pk=by.pk):
        notify(each, text, url=reverse("people:staff", args=[leader.account]), at=at)


@transaction.atomic
def change(staff: Staff, *, by: Staff | None, at: datetime | None = None, **details: Any) -> Staff:
    """Name, mail, day of joining; a person changes his own preferences this way as well."""
    is_own = by is not None and by.pk == staff.pk and details.keys() <= OWN_DETAILS
    require(by is None or is_own or by.has(MANAGE_STAFF))
    staff = locked(staff)
    changed = [name for name, value in details.items() if getattr(staff, name) != value]
    if not changed:
        return staff
    if "email" in changed:
        require((by is not None and by.pk == staff.pk) or may_decide_over(by, staff), NOT_YOURS)
        _keep_former_address(staff, at or now())
    for name in changed:
        setattr(staff, name, details[name])
    if "name" in changed:
        staff.name_sort = sort_key(staff.name)
    staff.save(update_fields=[*changed, "name_sort", "email_before", "email_changed_at"])
    if not PREFERENCES.issuperset(changed):
        record(StaffChanged(subject=staff.ref, changed=sorted(changed), **who(by), **staff.dims()), at=at)
    return staff


TELL_FORMER_JOB = "people.tell_former_address"
# A password link goes to no address that was changed more recently: who owned the former one has time to object.
ADDRESS_RESTS = timedelta(hours=24)


def _keep_former_address(staff: Staff, at: datetime) -> None:
    """Remember the address that is given up, so that it can be told of the change.

    Changed again within the span, the address from before the first change is the one that is told.
    """
    if not staff.email_changed_at or staff.email_changed_at < at - ADDRESS_RESTS:
        staff.email_before = staff.email
    staff.email_changed_at = at
    if staff.email_before:
        app.configure_task(TELL_FORMER_JOB, queue="mail").defer(staff=staff.pk)


RESET_JOB = "people.mail_password_link"
RESETS_PER_HOUR = 3


def ask_password_link(staff: Staff, *, at: datetime | None = None) -> bool:
    """Mail a link for a new password to the address on file, unless that was done often enough in this hour."""
    if is_too_often(f"reset:{staff.pk}", at or now(), most=RESETS_PER_HOUR):
        return False
    app.configure_task(RESET_JOB, queue="mail").defer(staff=staff.pk)
    return True


# How the pages look to me is nobody's record; my mail address is.
PREFERENCES = frozenset({"language", "theme", "density", "shortcuts_on", "is_mailed_notices"})
OWN_DETAILS = PREFERENCES | {"email"}


@transaction.atomic
def move(staff: Staff, *, by: Staff | None, post: str, team: Team | None, at: datetime | None = None) -> Staff:
    """Another post or team, from now on; nothing is done when neither differs."""
    require(by is None or by.has(MANAGE_STAFF))
    staff = locked(staff)
    before = staff.dims()
    if (staff.post, staff.team) == (post, team):
        return staff
    may = may_move(by, staff, is_post_changed=staff.post != post)
    require(may, NOT_ONESELF if by is not None and by.pk == staff.pk else NOT_YOURS)
    if staff.team_id != (team.pk if team else None):
        Team.objects.filter(leader=staff).update(leader=None)
    staff.post, staff.team = post, team
    staff.save(update_fields=["post", "team"])
    record(
        StaffMoved(
            subject=staff.ref, from_post=before["post"], from_team=before["team"], **who(by), **staff.dims()
        ),
        at=at,
    )  # fmt: skip
    if post == Post.TL != before["post"] and by is not None:
        _tell_administrators(staff, by=by, at=at)
    return staff


@transaction.atomic
def leave(staff: Staff, *, by: Staff | None, on: date | None = None, at: datetime | None = None) -> Staff:
    """Somebody leaves: leads no team and can't sign in any more.

    Announced beforehand, it acts when the last day is over, as they work on it; said on the day itself, at once.
    What they did stays. Refused for the last administrator.
    """
    require(by is None or by.has(MANAGE_STAFF))
    staff = locked(staff)
    require(may_decide_over(by, staff), NOT_YOURS)
    _keep_an_administrator(staff)
    today = day_of(at or now())
    staff.left_on = on or today
    staff.is_active = staff.left_on > today
    staff.save(update_fields=["left_on", "is_active"])
    if staff.is_active:
        told = DepartureAnnounced(subject=staff.ref, left_on=staff.left_on.isoformat(), **who(by), **staff.dims())
        record(told, at=at)
        return staff
    Team.objects.filter(leader=staff).update(leader=None)
    record(StaffLeft(subject=staff.ref, left_on=staff.left_on.isoformat(), **who(by), **staff.dims()), at=at)
    return staff


def end_departed(*, at: datetime | None = None) -> int:
    """Whoever's last day is over leaves now; how many did. The last administrator stays, and is told on no page."""
    due = Staff.objects.serving().filter(left_on__lt=day_of(at or now())).order_by("pk")
    left = 0
    for staff in due:
        try:
            leave(staff, by=None, on=staff.left_on, at=at)
        except Refused:
            continue
        left += 1
    return left


@transaction.atomic
def come_back(staff: Staff, *, by: Staff | None, at: datetime | None = None) -> Staff:
    """Somebody who left is here again."""
    require(by is None or by.has(MANAGE_STAFF))
    staff = locked(staff)
    require(may_decide_over(by, staff), NOT_YOURS)
    staff.left_on, staff.is_active = None, True
    staff.save(update_fields=["left_on", "is_active"])
    today = day_of(at or now()).isoformat()
    record(StaffReturned(subject=staff.ref, returned_on=today, **who(by), **staff.dims()), at=at)
    return staff


@transaction.atomic
def give_functions(staff: Staff, *, by: Staff | None, functions: list[str], at: datetime | None = None) -> Staff:
    """Set HR, compliance and administrator. One administrator always stays."""
    require(by is None or by.has(GIVE_FUNCTIONS))
    staff = locked(staff)
    given, taken = sorted(set(functions) - set(staff.functions)), sorted(set(staff.functions) - set(functions))
    if Function.ADMIN in taken:
        _keep_an_administrator(staff)
    if given or taken:
        staff.functions = sorted(functions)
        staff.save(update_fields=["functions"])
        record(FunctionsChanged(subject=staff.ref, given=given, taken=taken, **who(by), **staff.dims()), at=at)
    return staff


def _keep_an_administrator(staff: Staff) -> None:
    admins = Staff.objects.serving().filter(functions__contains=[Function.ADMIN])
    held = set(admins.select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True))
    if Function.ADMIN in staff.functions and not held - {staff.pk}:
        raise Refused(_("This is the last administrator. Make somebody else administrator first."))


@transaction.atomic
def set_skills(staff: Staff, *, by: Staff | None, skills: list[Skill], at: datetime | None = None) -> None:
    """What somebody is able to serve from now on; one fact per skill given or taken."""
    require(by is None or may_grant_skills(by, staff))
    staff, at = locked(staff), at or now()
    wanted = {skill.pk: skill for skill in skills}
    held = {row.skill_id: row for row in staff.staff_skills.select_related("skill")}
    facts: list = [
        SkillGranted(subject=staff.ref, skill=skill.code, **who(by), **staff.dims())
        for key, skill in wanted.items() if key not in held
    ]  # fmt: skip
    facts += [
        SkillWithdrawn(subject=staff.ref, skill=row.skill.code, **who(by), **staff.dims())
        for key, row in held.items() if key not in wanted
    ]  # fmt: skip
    StaffSkill.objects.bulk_create(
        StaffSkill(staff=staff, skill=skill, since_on=day_of(at)) for key, skill in wanted.items() if key not in held
    )
    staff.staff_skills.exclude(skill__in=list(wanted)).delete()
    if facts:
        record(*facts, at=at)


@transaction.atomic
def name_deputy(
    staff: Staff, *, by: Staff | None, deputy: Staff, from_on: date, until_on: date, at: datetime | None = None
) -> Deputy:
    """Somebody stands in for `staff` on these days."""
    require(by is None or may_name_deputy(by, staff))
    row = Deputy.objects.create(staff=staff, deputy=deputy, from_on=from_on, until_on=until_on)
    record(
        DeputyNamed(
            subject=staff.ref, deputy=deputy.ref, from_on=from_on.isoformat(), until_on=until_on.isoformat(),
            **who(by), **staff.dims(),
        ),
        at=at,
    )  # fmt: skip
    return row


@transaction.atomic
def release_deputy(row: Deputy, *, by: Staff | None, at: datetime | None = None) -> None:
    """The span is taken back."""
    require(by is None or may_name_deputy(by, row.staff))
    record(DeputyReleased(subject=row.staff.ref, deputy=row.deputy.ref, **who(by), **row.staff.dims()), at=at)
    row.delete()


@transaction.atomic
def password_link(staff: Staff, *, by: Staff | None, at: datetime | None = None) -> str:
    """A path by which `staff` sets a new password, good for three days and for one use.

    Who may not see it gets an empty path, and the link goes to the colleague's own address. The colleague is told.
    """
    require(by is None or by.has(MANAGE_STAFF))
    require(may_decide_over(by, staff), NOT_YOURS)
    is_shown = may_see_link(by, staff)
    if not is_shown and not _has_settled_address(staff, at or now()):
        raise Refused(str(NO_ADDRESS))
    record(PasswordLinkGiven(subject=staff.ref, is_mailed=not is_shown, **who(by), **staff.dims()), at=at)
    if by is not None and by.pk != staff.pk and staff.last_login:
        text = format_lazy(gettext_lazy("{name} asked for a link by which your password is set anew."), name=by.name)
        notify(staff, text, url=reverse("people:profile"), at=at)
    if is_shown:
        return path_for_password(staff)
    app.configure_task(RESET_JOB, queue="mail").defer(staff=staff.pk)
    return ""


def _has_settled_address(staff: Staff, at: datetime) -> bool:
    return bool(staff.email) and (not staff.email_changed_at or staff.email_changed_at <= at - ADDRESS_RESTS)


def path_for_password(staff: Staff) -> str:
    key = urlsafe_base64_encode(force_bytes(staff.pk))
    return reverse("people:password-new", args=[key, default_token_generator.make_token(staff)])
