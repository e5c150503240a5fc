"""What a reply would keep, and what is to be said of each promise when a case closes: offered, never assumed."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from shouxin.cases.channels import is_spoken, label_of
from shouxin.cases.models import Case, Direction, Touch
from shouxin.cases.rules import EVERY_REPLY, Keeping, nameable_acts
from shouxin.core.guards import Refused, guard
from shouxin.core.templatetags.moment import instant
from shouxin.jurisdictions.acts import Act
from shouxin.jurisdictions.labels import ACTS
from shouxin.promises.choosing import ends_with_the_case
from shouxin.promises.clocks import SOON, Clock
from shouxin.promises.models import Promise
from shouxin.promises.queries import clocks_of
from shouxin.promises.terms import acts_of, form_of, terms_of

REPORT = "report"
# Whoever asks something is answered by the reply, unless the officer says that it was not the answer yet.
ANSWERED_BY_REPLY = frozenset({"enquiry"})
PRESSING = frozenset({SOON, "broken"})


@dataclass(frozen=True)
class Kept:
    """A promise that a reply may keep: ticked when it surely does, fixed where every reply does."""

    value: str
    title: str
    is_on: bool = False
    is_fixed: bool = False
    note: str = ""
    is_written: bool = False  # nothing spoken keeps it: not offered for a call or a talk


def proposed(case: Case, clocks: list[Clock]) -> list[Kept]:
    """What the composer offers, the soonest due first; reports of how things stand are one choice."""
    owed = sorted((c for c in clocks if c.reading.promise.is_owed), key=lambda clock: (clock.due_at, clock.promise))
    reports = [clock for clock in owed if Act.REPORT in acts_of(clock.reading.promise)]
    offered = [kept for clock in owed if clock not in reports and (kept := _proposed(case, clock))]
    if reports:
        is_due = case.first_replied_at is not None and any(clock.state in PRESSING for clock in reports)
        offered.append(Kept(REPORT, reports[0].title, is_on=is_due, note=_("this reply says how things stand")))
    return offered


def _proposed(case: Case, clock: Clock) -> Kept | None:
    kept_by = acts_of(clock.reading.promise)
    form = form_of(clock.reading.promise)
    if any(act in EVERY_REPLY for act in kept_by):
        note, written = (_("every written reply keeps it"), True) if form else (_("every reply keeps it"), False)
        return Kept(str(clock.promise), clock.title, is_on=True, is_fixed=True, note=note, is_written=written)
    act = _allowed(case, nameable_acts(kept_by), kept_by) or _allowed(
        case, nameable_acts(kept_by, new_date=True), kept_by
    )
    if act is None:
        return None
    written = _allowed(case, nameable_acts(kept_by, is_spoken=True, form=form), kept_by) is None
    return Kept(
        str(clock.promise), clock.title, is_on=_is_the_answer(clock), note=_(ACTS[act]), is_written=written
    )  # fmt: skip


def _is_the_answer(clock: Clock) -> bool:
    terms = clock.reading.promise.terms
    return terms.get("subject") in ANSWERED_BY_REPLY or terms.get("code") == "reply"


def _allowed(case: Case, acts: list[Act], kept_by: tuple[Act, ...]) -> Act | None:
    """The first of these acts that the rooms above do not refuse."""
    try:
        return allowed_act(case, acts, kept_by)
    except Refused:
        return None


def allowed_act(case: Case, acts: list[Act], kept_by: tuple[Act, ...]) -> Act | None:
    """As `_allowed`; Refused with what the first refusal says where every one is refused, None where there is none."""
    refusals = []
    for act in acts:
        try:
            guard(Keeping(case.ref, act, kept_by))
        except Refused as refusal:
            refusals.append(refusal)
        else:
            return act
    if refusals:
        raise refusals[0]
    return None


@dataclass(frozen=True)
class Owed:
    """A promise that is to be settled when its case closes, and the contacts that can have kept it."""

    id: int
    title: str
    due: str  # in the words of its clock: 12/9(三) 24:00, not 12/10 00:00
    is_late: bool
    done_by: list[tuple[str, str]]


def to_settle(case: Case, at: datetime) -> list[Owed]:
    """What must be settled by itself before this case can be closed."""
    owed = Promise.objects.about(case.ref).owed().order_by("due_at", "pk")
    clocks = clocks_of((each for each in owed if not ends_with_the_case(terms_of(each))), at)
    sent = list(case.touches.filter(direction=Direction.OUTBOUND).select_related("by").order_by("-at", "-pk"))
    return [
        Owed(
            each.pk,
            clock.title,
            clock.due_on_wall,
            each.due_at < at and each.state != "paused",
            [(str(touch.pk), _told(touch)) for touch in sent if _can_have_kept(case, each, touch)],
        )
        for clock in clocks
        for each in (clock.reading.promise,)
    ]


def is_after(at: datetime, promise: Promise) -> bool:
    """Whether what was said then can have kept it: what is said along with giving a promise cannot."""
    return at > promise.start_at


def _can_have_kept(case: Case, promise: Promise, touch: Touch) -> bool:
    kept_by = acts_of(promise)
    acts = nameable_acts(kept_by, is_spoken=is_spoken(touch.channel), form=form_of(promise))
    return is_after(touch.at, promise) and _allowed(case, acts, kept_by) is not None


def _told(touch: Touch) -> str:
    told = {"at": instant(touch.at), "channel": label_of(touch.channel), "name": touch.by.name if touch.by else ""}
    return _("%(at)s, %(channel)s, %(name)s") % told
