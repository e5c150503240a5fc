"""What lies on the desks a visitor sits down at: something due today, something overdue, something that waits."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from random import Random

from shouxin.cases.kit import rules_for
from shouxin.cases.models import Service
from shouxin.core.clock import local
from shouxin.demo.corpus import stories
from shouxin.demo.insurer import JURISDICTION
from shouxin.demo.playing import Play, Stage
from shouxin.demo.script import Event, Script
from shouxin.demo.year import Opening
from shouxin.jurisdictions.calendars import Calendar

TODAY, OVERDUE, WAITING = "today", "overdue", "waiting"
# For each account the services that lie there: two due today, one overdue, one for which the customer is asked.
DESKS = {
    "lin": ("A15", "A14", "A13", "A15"), "chou": ("A16", "A15", "A15", "A15"), "chang": ("A01", "A14", "A02", "A03"),
    "wu": ("A11", "A10", "A11", "A10"), "huang": ("A04", "A05", "A04", "A06"), "hsieh": ("A19", "P07", "A22", "A25"),
    "yeh": ("A08", "A26", "P09", "A25"), "hsu": ("A26", "P11", "A08", "A25"), "tsai": ("P10", "P09", "A26", "A25"),
    "admin": ("P11", "A08", "A23", "A25"),
}  # fmt: skip
KINDS = (TODAY, TODAY, OVERDUE, WAITING)
CHANNELS = ("email", "web", "email", "email")
# Midnight belongs to the day it ends.
INSTANT = timedelta(microseconds=1)
STEP, BACK, OVERDUE_SPREAD = timedelta(minutes=20), 600, 40
BRANCH = "taipei"


def desk_openings(services: dict[str, Service], calendar: Calendar, now: datetime) -> list[Opening]:
    """When these requests came in, so that they stand today as they should."""
    found = [
        (account, code, kind, channel)
        for account, codes in DESKS.items()
        for code, kind, channel in zip(codes, KINDS, CHANNELS, strict=True)
    ]
    return [
        # No two at the same instant: their order would not be the same each time.
        Opening(
            _opened(services[code], kind, calendar, now, place) + timedelta(seconds=7 * place + 1),
            channel, desk=(account, kind, code),
        )
        for place, (account, code, kind, channel) in enumerate(found)
    ]  # fmt: skip


def _opened(service: Service, kind: str, calendar: Calendar, now: datetime, place: int) -> datetime:
    """One of the instants that leave it so; another one for every place."""
    if kind == WAITING:
        return calendar.add(now - timedelta(days=4), timedelta(hours=1))
    owed = [(at, _due(service, at, calendar)) for at in _before(now, calendar)]
    today = local(now).date()
    if kind == OVERDUE:
        late = [at for at, due in owed if due < now - timedelta(hours=2)][:OVERDUE_SPREAD]
        return late[place % len(late)]
    still = [(at, due) for at, due in owed if due > now + timedelta(minutes=40)]
    due_today = [at for at, due in still if local(due - INSTANT).date() == today]
    return due_today[place % len(due_today)] if due_today else still[-1][0]


def _before(now: datetime, calendar: Calendar) -> Iterable[datetime]:
    """Instants of working time, back from now."""
    instants = (now - STEP * back for back in range(3, BACK))
    return [at for at in instants if calendar.is_open(at)]


def _due(service: Service, at: datetime, calendar: Calendar) -> datetime:
    rules = rules_for(service, JURISDICTION, at, service.opening_events)
    return min(rule.due(at, calendar) for rule in rules)


def lay(stage: Stage, opening: Opening, random: Random) -> Script:
    """The case of such a request: taken by the one it lies with, and asked for papers if it waits."""
    assert opening.desk is not None
    account, kind, code = opening.desk
    day = local(opening.at).date()
    told = [each for each in stories() if each["service"] == code and (kind != WAITING or "papers" in each)]
    random.shuffle(told)
    fitting = (
        (each, cover)
        for branch in (BRANCH, "")
        for each in told
        if (cover := stage.matching.cover_for(each, random, day, opening.channel, branch))
    )
    # In a small house nobody may fit: then whatever else comes in, if it asks for papers where it must.
    story, cover = next(fitting, None) or stage.matching.draw(random, day, opening.channel, kind == WAITING)
    play = Play(stage, random, opening, story, cover)
    play.officer = next(each for each in stage.insurer.staff if each.account == account)
    play.script.is_known = True
    play.open()
    taken = stage.calendar.add(opening.at, timedelta(minutes=random.randint(4, 25)))
    play.script.events.append(Event("take", min(taken, stage.now - timedelta(minutes=2)), by=play.officer))
    if kind == WAITING:
        play.at = stage.calendar.add(taken, timedelta(hours=2))
        play.ask()
    return play.script.until(stage.now)
