"""Who is told when a promise is in danger, broken or moved: the officer, the team leader, the customer.

Handlers of subscriptions, called in the worker. Facts of one instant share a letter, which names what it tells of.
"""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from shouxin.cases.checking import to_check
from shouxin.cases.kit import calendar_key_of, tell, working_on
from shouxin.cases.models import Case
from shouxin.core.audience import Audience
from shouxin.core.clock import day_of, now
from shouxin.core.links import link_for
from shouxin.core.refs import Ref
from shouxin.jurisdictions.queries import calendar_of
from shouxin.jurisdictions.terms import deadline
from shouxin.people.models import Staff
from shouxin.people.notices import notify
from shouxin.people.queries import deputies_on
from shouxin.promises.models import Promise
from shouxin.promises.telling import due_from
from shouxin.record.queries import Entry, timeline

Told = dict[str, Any]
# A letter looks back over so many facts of its case for those that moved at the same instant.
LOOKED_BACK = 300
# So long a letter about a changed calendar is held; and in the night until the morning, by the wall of the case.
HOLD, NIGHT, MORNING = timedelta(minutes=15), 21, 8


def warn(fact: int, told: Told) -> None:
    """Due soon: who serves the case is told; where nobody does, those who can give it to somebody."""
    case = _case(told)
    if case and case.is_open and Promise.objects.open().filter(pk=told["promise"]).exists():
        readers = _answering(case, told) or _leaders(case)
        _notify(readers, case, fact, lambda: _("Due soon: %(number)s, %(title)s, by %(due)s") % _about(case, told))


def escalate(fact: int, told: Told) -> None:
    """Broken: who serves the case is told, and the team leader."""
    if (case := _case(told)) is None:
        return
    servers = _answering(case, told)
    _notify(servers, case, fact, lambda: _("Overdue: %(number)s, %(title)s, was due %(due)s") % _about(case, told))
    leaders = [leader for leader in _leaders(case) if leader not in servers]
    _notify(leaders, case, fact, lambda: _overdue_of(case, told))


def tell_of_words_after_closing(fact: int, told: Told) -> None:
    """The customer wrote after the closing: who served the case sees to it, or those who lead the team."""
    case = _case(told)
    if case and case.wrote_at is not None:
        readers = _servers(case) or _leaders(case)
        _notify(
            readers, case, fact, lambda: _("The customer wrote after closing: %(number)s") % {"number": case.number}
        )


def tell_of_documents(fact: int, told: Told) -> None:
    """Files came after we asked for documents: who serves the case looks at them next."""
    case = _case(told)
    if case and case.is_open and to_check(case):
        readers = _servers(case) or _leaders(case)
        _notify(readers, case, fact, lambda: _("Check the documents: %(number)s") % {"number": case.number})


def tell_of_new_instant(fact: int, told: Told) -> None:
    """More time is needed: the customer is told by one letter what moved at one instant."""
    if (case := _case(told)) is None:
        return
    with working_on(case, by=None) as work:
        _tell_of_new_instant(work.case, fact, told)


def _tell_of_new_instant(case: Case, fact: int, told: Told) -> None:
    entries = timeline(case.ref, Audience.CUSTOMER, limit=LOOKED_BACK)
    done = {each for entry in entries if entry.kind == "CustomerTold" for each in entry.told_of}
    this = next((entry for entry in entries if entry.id == fact), None)
    if this is None or this.id in done:
        return
    same = [each for each in entries if (each.kind, each.happened_at) == (this.kind, this.happened_at)]
    moved = _still_so([each for each in same if each.id not in done])
    if case.is_open and moved:
        with translation.override(case.language):
            sentences = [_sentence(each) for each in moved]
        _write(case, sentences, [each.id for each in moved], at=now(), last=this)


def hold_until(case: Case, at: datetime) -> datetime:
    """When a letter about a changed calendar may leave: not at once, for who declares may err; and not at night."""
    local = (at + HOLD).astimezone(calendar_of(calendar_key_of(case)).zone)
    if local.hour >= NIGHT:
        local = (local + timedelta(days=1)).replace(hour=0)
    return local if local.hour >= MORNING else local.replace(hour=MORNING, minute=0, second=0, microsecond=0)


def tell_of_changed_calendar(case: Case, *, at: datetime) -> None:
    """One letter of what the calendar moved since the customer was told last; what moved back is not told."""
    with working_on(case, by=None) as work:
        case = work.case
        entries = timeline(case.ref, Audience.CUSTOMER, limit=LOOKED_BACK)
        done = {each for entry in entries if entry.kind == "CustomerTold" for each in entry.told_of}
        moves: dict[int, list[Entry]] = {}
        for entry in sorted(entries, key=lambda each: (each.happened_at, each.id)):
            if entry.kind == "PromiseRedued" and entry.id not in done:
                moves.setdefault(entry.promise, []).append(entry)
        news = [each for each in moves.values() if _still_so(each[-1:]) and not _is_back(each)]
        if not case.is_open or not news:
            return
        with translation.override(case.language):
            sentences = [_sentence(each[-1], since=each[0]) for each in news]
        _write(case, sentences, [entry.id for each in news for entry in each], at=at, last=news[-1][-1])


def _is_back(moves: list[Entry]) -> bool:
    return datetime.fromisoformat(moves[0].due_before) == datetime.fromisoformat(moves[-1].due_at)


def _write(case: Case, sentences: list[str], told_of: list[int], *, at: datetime, last: Entry) -> None:
    """The letter; where no address is known, the officer is asked to tell the customer."""
    with translation.override(case.language):
        title = _("A new date for your request %(number)s") % {"number": case.number}
        body = "\n\n".join([_greeting(case), *sentences, _("The rest stays as promised.")])
    if tell(case, title=title, body=body, told_of=told_of, at=at) is None:
        _notify(_servers(case), case, last.id, lambda: _ask_to_tell(case, last.data))


def _ask_to_tell(case: Case, told: Told) -> str:
    text = _("%(number)s: %(title)s is now due %(due)s. We have no address on file: please tell the customer.")
    return text % _about(case, told)


def _overdue_of(case: Case, told: Told) -> str:
    if case.officer is None:
        return _("Overdue and unassigned: %(number)s, %(title)s, was due %(due)s") % _about(case, told)
    about = {"officer": case.officer.name, **_about(case, told)}
    return _("Overdue with %(officer)s: %(number)s, %(title)s, was due %(due)s") % about


def _still_so(entries: Iterable[Entry]) -> list[Entry]:
    """Without what has been kept, broken, withdrawn or moved once more since."""
    entries = list(entries)
    due = dict(Promise.objects.open().filter(pk__in=[e.promise for e in entries]).values_list("pk", "due_at"))
    return [e for e in entries if due.get(e.promise) == datetime.fromisoformat(e.due_at)]


def _greeting(case: Case) -> str:
    name = case.customer.name if case.customer_id else case.claimed_name
    return _("Dear %(name)s,") % {"name": name} if name else _("Dear customer,")


def _sentence(entry: Entry, since: Entry | None = None) -> str:
    """What moved, from when (`since` the first of several moves) to when, and why, in the customer's words."""
    jurisdiction = entry.dims.get("jurisdiction", "")
    about = {
        "title": entry.title, "old": _day((since or entry).due_before, jurisdiction),
        "new": _day(entry.due_at, jurisdiction),
        "why": entry.data.get("why", ""), "reason": entry.content.get("reason", ""),
    }  # fmt: skip
    if entry.kind == "PromiseRedued":
        text = _("The working calendar changed (%(why)s): %(title)s is due %(new)s instead of %(old)s.")
        plain = _("The working calendar changed: %(title)s is due %(new)s instead of %(old)s.")
        return (text if about["why"] else plain) % about
    text = _("We need more time for this: %(title)s, by %(new)s instead of %(old)s. The reason: %(reason)s")
    plain = _("We need more time for this: %(title)s, by %(new)s instead of %(old)s.")
    return (text if about["reason"] else plain) % about


def _case(told: Told) -> Case | None:
    """The case a promise belongs to; other subjects have their own rooms to tell."""
    ref = Ref.parse(told["subject"])
    return Case.objects.with_people().filter(pk=ref.id).first() if ref.kind == Case.ref_kind else None


def _servers(case: Case) -> list[Staff]:
    """The officer, and who stands in for him today."""
    if case.officer is None:
        return []
    officers = [case.officer, *deputies_on(case.officer, day_of(now()))]
    return [each for each in dict.fromkeys(officers) if each.is_active and not case.keeps_out(each)]


def _answering(case: Case, told: Told) -> list[Staff]:
    """Who serves the case, and who else bears this promise: the investigator."""
    bearer = Promise.objects.filter(pk=told["promise"]).values_list("dims__bearer", flat=True).first()
    borne = Staff.objects.serving().filter(pk=Ref.parse(bearer).id) if bearer else ()
    servers = _servers(case)
    return [*servers, *(each for each in borne if each not in servers and not case.keeps_out(each))]


def _leaders(case: Case) -> list[Staff]:
    """Who leads the case's team; of a case in no team, who leads those in its office that could serve it."""
    leaders = Staff.objects.serving()
    if case.team_id:
        able = leaders.filter(teams_led=case.team_id)
    else:
        able = leaders.filter(teams_led__branch=case.branch_id, teams_led__members__skills__code=case.service.skill)
    return [each for each in able.order_by("pk").distinct() if not case.keeps_out(each)]


def _notify(readers: Iterable[Staff], case: Case, fact: int, text: Callable[[], str]) -> None:
    for reader in readers:
        with translation.override(reader.language):
            told = text()
        notify(reader, told, url=link_for(case.ref), key=f"fact:{fact}")


def _about(case: Case, told: Told) -> dict[str, str]:
    return {"number": case.number, "title": told["title"], "due": _day(told["due_at"], case.jurisdiction)}


def _day(instant: str, jurisdiction: str) -> str:
    return deadline(due_from(instant, jurisdiction))
