"""Everything the page of an indicator shows, computed in one reading: the figure, its course, and by what."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from shouxin.measures.asking import Question, first_day, label_of, next_start, start_of_span, stretches
from shouxin.measures.charts import Bar, Chart, bars, control_chart
from shouxin.measures.engine import Row, measure
from shouxin.measures.forms import query_of
from shouxin.measures.indicators import registry
from shouxin.measures.labels import LIMITS, METHODS, PLACES, STATS, named
from shouxin.measures.relation import reading
from shouxin.record.indicator import COUNTS, PERCENTILE, RATE, SHARE, STATISTICS, TIMES_MEASURED, Indicator
from shouxin.statistics.control import Limits, p_prime, u_prime, xmr

ROWS_SHOWN = 60


@dataclass(frozen=True)
class Line:
    """A row of a table: a figure, what it is called, where it opens to."""

    label: str
    figure: Row
    url: str
    bar: Bar | None = None
    limits: Limits | None = None
    is_out: bool = False


@dataclass(frozen=True)
class Halves:
    """What gives a figure: the sum and what it is divided by, or for a percentile its place among how many."""

    name: str
    value: float
    first: float
    second: int
    is_place: bool


@dataclass(frozen=True)
class Formula:
    """What a statistic is made of, in words: numerator and denominator, or of a percentile its place."""

    name: str
    above: str
    below: str


@dataclass(frozen=True)
class Sheet:
    asked: Question
    unit: str
    method: str
    whole: Line
    lines: list[Line]
    hidden_count: int
    scale: tuple[float, float]
    is_alike: bool
    chart: Chart
    limits_name: str
    halves: list[Halves]
    formulas: list[Formula]
    is_count: bool
    is_percentile: bool
    twin: list[Line]
    twin_span: str
    last_on: date

    @property
    def query(self) -> str:
        return query_of(self.asked.but(by=()), by=self.asked.by[0] if self.asked.by else "")

    @property
    def course_query(self) -> str:
        return query_of(self.asked.but(by=()), by=self.twin_span)


def sheet(indicator: Indicator, asked: Question) -> Sheet:
    """Measure the whole, its course and its parts."""
    span = span_of(asked)
    with reading():
        whole = measure(asked.but(by=()))
        parts = measure(asked).rows if asked.by else []
        course = measure(asked.but(by=(span,))).rows
        halves = halves_of(indicator, asked, whole.rows[0])
    shape, _share = STATISTICS[asked.stat or indicator.stats[0]]
    lines, scale = _lines(asked, parts, is_share=shape == SHARE)
    figures = filled(asked.but(by=(span,)), course, shape)
    is_last_open = bool(asked.today) and _end(asked, figures) > asked.today
    limits = _limits(shape, figures, len(figures) - is_last_open)
    last_on = stretches(asked)[-1][1]
    chart = control_chart(
        _labels(span, figures), [row.value for row in figures], limits, is_share=shape == SHARE,
        is_last_open=is_last_open,
    )  # fmt: skip
    return Sheet(
        asked=asked, unit=whole.unit, method=str(METHODS[shape]), whole=Line("", whole.rows[0], facts_url(asked)),
        lines=lines[:ROWS_SHOWN], hidden_count=max(len(lines) - ROWS_SHOWN, 0), scale=scale, is_alike=_alike(lines),
        chart=chart, limits_name=str(LIMITS.get(shape, LIMITS[""])), halves=halves,
        formulas=formulas_of(indicator, asked), is_count=shape in COUNTS, is_percentile=shape == PERCENTILE,
        twin=_twin(asked, figures, limits, chart), twin_span=span, last_on=last_on,
    )  # fmt: skip


def span_of(asked: Question) -> str:
    """The stretch in which the course is drawn, so that it has some ten to a hundred points."""
    days = (asked.until_on - asked.from_on).days
    return "day" if days <= 45 else "week" if days <= 200 else "month" if days <= 3700 else "year"


def facts_url(asked: Question, cell: dict[str, str] | None = None) -> str:
    """Where a figure opens to the facts it counts."""
    return f"{reverse('measures:facts', args=[asked.code])}?{query_of(asked.within(cell or {}).but(by=()))}"


def filled(asked: Question, rows: Sequence[Row], shape: str) -> list[Row]:
    """A row for each stretch of the period, also where nothing was counted."""
    known = {row.by[asked.span]: row for row in rows}
    halves = (0, 1, 0) if shape in COUNTS else (0, 0, None)
    found = []
    for first, _after in stretches(asked):
        label = label_of(asked.span, start_of_span(asked.span, first))
        nothing = Row({asked.span: label}, *halves, 0, None, None)
        found.append(known.get(label, nothing))
    return found


def _end(asked: Question, figures: Sequence[Row]) -> date:
    """The first day after the last stretch, whole."""
    ((span, label),) = figures[-1].by.items()
    return next_start(span, first_day(span, label))


def _stats_shown(indicator: Indicator, asked: Question) -> list[str]:
    """The statistic that is asked, and of times taken the mean beside it."""
    stat = asked.stat or indicator.stats[0]
    return list(dict.fromkeys((stat, "mean") if stat in TIMES_MEASURED else (stat,)))


def formulas_of(indicator: Indicator, asked: Question) -> list[Formula]:
    found = []
    for each in _stats_shown(indicator, asked):
        above, below = (PLACES[each], "") if each in PLACES else indicator.formula(each)
        found.append(Formula(str(STATS.get(each, "")), str(above), str(below)))
    return found


def halves_of(indicator: Indicator, asked: Question, whole: Row) -> list[Halves]:
    """Of times taken the mean and the statistic that is asked, each with what gives it; of others the fraction.

    `whole` is the figure that was asked, measured already.
    """
    asked_first, found = asked.stat or indicator.stats[0], []
    for each in _stats_shown(indicator, asked):
        shape, share = STATISTICS[each]
        row = whole if each == asked_first else measure(asked.but(by=(), stat=each)).rows[0]
        if row.n and shape not in COUNTS:
            place = (row.n - 1) * share + 1 if shape == PERCENTILE else row.numerator
            found.append(Halves(str(STATS.get(each, "")), row.value, place, row.denominator, shape == PERCENTILE))
    return found


def _limits(shape: str, figures: Sequence[Row], ended: int) -> list[Limits] | None:
    """The limits of each stretch, estimated from the first `ended`: what has not ended yet is no measure of others."""
    if shape in {SHARE, RATE}:
        prime = p_prime if shape == SHARE else u_prime
        return prime([int(r.numerator) for r in figures], [r.denominator for r in figures], basis=ended)
    found = xmr([row.value for row in figures[:ended] if row.value is not None])
    return None if found is None else [Limits(max(found.low, 0.0), *found[1:])] * len(figures)


def _labels(span: str, figures: Sequence[Row]) -> list[tuple[str, str]]:
    found, year = [], ""
    for row in figures:
        first = first_day(span, row.by[span])
        text = {"year": f"{first.year}", "month": f"{first.month}"}.get(span, f"{first.month}/{first.day}")
        is_new = f"{first.year}" != year and span != "year"
        year = f"{first.year}"
        found.append((text, year if is_new else ""))
    return found


def _lines(asked: Question, parts: Sequence[Row], *, is_share: bool) -> tuple[list[Line], tuple[float, float]]:
    if not asked.by:
        return [], (0.0, 1.0)
    key = asked.by[0]
    # Colleagues stand by name: a list sorted by a figure would be a ranking.
    ordered = sorted(parts, key=(lambda row: row.by[key]) if key == "staff" else (lambda row: (-row.n, row.by[key])))
    words = named(key, [row.by[key] for row in ordered])
    is_census = registry()[asked.code].is_census  # a value that is known for sure is a point
    bounds = [(row.value, row.value, row.value) if is_census else (row.value, row.low, row.high) for row in ordered]
    drawn, start, end = bars(bounds, is_share=is_share)
    lines = [
        Line(words[row.by[key]], row, facts_url(asked, row.by), bar)
        for row, bar in zip(ordered, drawn, strict=True)
    ]  # fmt: skip
    return lines, (start, end)


def _alike(lines: Sequence[Line]) -> bool:
    """Whether all intervals overlap, so that the differences may be chance."""
    bounded = [line.figure for line in lines if line.figure.low is not None and line.figure.high is not None]
    return len(bounded) > 1 and max(row.low for row in bounded) <= min(row.high for row in bounded)


def _twin(asked: Question, figures: Sequence[Row], limits: list[Limits] | None, chart: Chart) -> list[Line]:
    """The chart as a table, the latest first."""
    lines = [
        Line(next(iter(row.by.values())), row, facts_url(asked, row.by), limits=limits[place] if limits else None,
             is_out=chart.points[place].is_out)
        for place, row in enumerate(figures)
    ]  # fmt: skip
    return lines[::-1]


@dataclass(frozen=True)
class Beside:
    """Another indicator's figure of the same period, and its page, which shows this very figure."""

    name: str
    row: Row
    unit: str
    url: str


def beside(indicator: Indicator, asked: Question) -> list[Beside]:
    """The indicators to look at together. Each is asked in its own usual statistic: others' it may not have."""
    plain = asked.but(by=(), stat="", days=None)
    found = []
    for other in (registry()[code] for code in indicator.beside):
        answer = measure(plain.but(code=other.code))
        url = f"{reverse('measures:indicator', args=[other.code])}?{query_of(plain)}"
        found.append(Beside(other.named(), answer.rows[0], answer.unit, url))
    return found
