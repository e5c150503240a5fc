"""All indicators at a glance, and a team's board."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.urls import reverse
from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext_lazy as _

from shouxin.cases.models import Service
from shouxin.measures import rules
from shouxin.measures.asking import Question
from shouxin.measures.engine import Row, measure
from shouxin.measures.forms import query_of, usual_period
from shouxin.measures.indicators import registry
from shouxin.measures.queries import CountedFact, oldest_open
from shouxin.measures.relation import reading
from shouxin.people.models import Staff, Team
from shouxin.record.indicator import Indicator

OLDEST_SHOWN = 5
Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Glance:
    indicator: Indicator
    name: str
    row: Row
    unit: str
    url: str


@dataclass(frozen=True)
class Tile:
    """One figure of a board."""

    label: str | LazyText
    value: float | None
    unit: str
    note: str | LazyText
    url: str
    is_broken: bool = False


@dataclass(frozen=True)
class Board:
    team: Team
    tiles: list[Tile]
    oldest: list[tuple[CountedFact, str]]  # with the name of the service


def overview(staff: Staff, today: date, where: Pairs = ()) -> list[Glance]:
    """Every indicator over the usual period, as this person may see it."""
    since, last = usual_period(today)
    with reading():
        return [
            _glance(indicator, rules.narrowed(_asked(code, since, last, today, where=where), staff), where)
            for code, indicator in registry().items()
        ]


def _asked(code: str, since: date, last: date, today: date, **how) -> Question:
    return Question(code, since, last + timedelta(days=1), today=today, **how)


def _glance(indicator: Indicator, asked: Question, where: Pairs) -> Glance:
    answer = measure(asked)
    query = f"?{query_of(asked.but(where=where))}" if where else ""
    url = reverse("measures:indicator", args=[indicator.code]) + query
    return Glance(indicator, indicator.named(), answer.rows[0], answer.unit, url)


def boards_for(staff: Staff) -> list[Team]:
    """The teams whose board this person may see."""
    teams = Team.objects.select_related("branch").order_by("branch__name", "name")
    return [team for team in teams if rules.may_see_board(staff, team)]


# What stands on the board: indicator, statistic, label, note.
_TILES = (
    ("backlog", "open", _("Open cases"), _("cases of this team")),
    ("backlog", "overdue", _("Promises overdue"), _("cases with a broken promise")),
    ("backlog", "median", _("Age of open cases"), _("half are this old or older")),
    ("complaints-opened", "", _("Complaints today"), _("came in")),
    ("complaints-closed", "", _("Complaints closed"), _("today")),
    ("promises-kept", "", _("Promises kept"), _("today")),
)


def board(team: Team, staff: Staff, today: date, where: Pairs = ()) -> Board:
    """The team's figures of today; each is the same as on its page."""
    with reading():
        whose = {"where": (("team", team.code), *where), "audience": rules.audience_of(staff)}
        tiles = [_tile(_asked(code, today, today, today, stat=stat, **whose), label, note)
                 for code, stat, label, note in _TILES]  # fmt: skip
        oldest = oldest_open(_asked("backlog", today, today, today, **whose), OLDEST_SHOWN)
    services = {service.code: service.label for service in Service.objects.all()}
    return Board(team, tiles, [(each, services.get(each.entry.dims["service"], "")) for each in oldest])


def _tile(asked: Question, label: LazyText, note: LazyText) -> Tile:
    answer = measure(asked)
    row, is_overdue = answer.rows[0], asked.stat == "overdue"
    value, unit = (row.numerator, "cases") if is_overdue else (row.value, answer.unit)
    url = f"{reverse('measures:facts', args=[asked.code])}?{query_of(asked)}{'&only=yes' if is_overdue else ''}"
    return Tile(label, value, unit, note, url, is_broken=is_overdue and row.numerator > 0)
