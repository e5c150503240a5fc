"""Charts drawn on the server: places in per cent of the width and pixels of the height, so that words never shrink.

A chart is a dataclass of numbers already placed; `{% load charts %}{% chart it %}` draws it. Each has a title and a
description for those who can't see it; a line chart brings its table twin (`{% chart_table it %}`).

- `line_chart(points, …)`: a series with the band of its control limits, mean, target and the points out of control.
- `interval_bar(value, (low, high), …)`: one figure with its interval and the stops it is measured against.
- `bars(rows, …)`: horizontal bars from zero, each with its words.
- `day_ribbon(clocks, at=…)`: the promises of one day along its hours.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from math import ceil, floor, log10
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shouxin.core.clock import day_of, local, start_of

TOP, BOTTOM = 32.0, 300.0
LEFT, RIGHT = 4.5, 91.5
# Beside which a word would run into the next point.
NARROW_STEP = 3
PRESSING = ("broken", "soon", "running", "paused", "kept", "withdrawn")


@dataclass(frozen=True, kw_only=True)
class Point:
    """One place of a series. `low`, `high`: the control limits there; `year` is written below where it is set."""

    label: str
    value: float | None
    year: str = ""
    low: float | None = None
    high: float | None = None
    note: str = ""
    url: str = ""
    numerator: int | None = None
    denominator: int | None = None

    @property
    def is_out(self) -> bool:
        """Outside of its control limits: worth asking why."""
        if self.value is None:
            return False
        return (self.low is not None and self.value < self.low) or (self.high is not None and self.value > self.high)


@dataclass(frozen=True)
class Mark:
    """A point on the paper."""

    point: Point
    x: float
    y: float | None
    left: float
    width: float
    top: float | None
    height: float
    is_wide_only: bool

    @property
    def bottom(self) -> float | None:
        return None if self.top is None else round(self.top + self.height, 1)

    @property
    def right(self) -> float:
        return round(self.left + self.width, 2)

    @property
    def word_end(self) -> str:
        """Words stand to the right of a point, in the last third to its left."""
        return "end" if self.x > 62 else "start"


@dataclass(frozen=True)
class Level:
    """A line across: of the grid, the mean, the target."""

    y: float
    text: str


@dataclass(frozen=True)
class LineChart:
    title: str
    description: str
    unit: str
    marks: list[Mark]
    lines: list[tuple[Mark, Mark]]
    grid: list[Level]
    mean: Level | None
    target: Level | None
    height: int = 360
    template: str = "core/_chart_line.html"

    @property
    def has_limits(self) -> bool:
        return any(mark.top is not None for mark in self.marks)

    @property
    def last_limit(self) -> Level | None:
        """The lower limit of the last point, written beside it."""
        last = self.marks[-1] if self.marks else None
        if last is None or last.bottom is None or last.point.low is None:
            return None
        return Level(last.bottom + 16, figure(last.point.low, self.unit))


def line_chart(
    points: Sequence[Point], *, title: str, unit: str = "", mean: float | None = None, target: float | None = None,
    from_zero: bool = False,
) -> LineChart:  # fmt: skip
    """The series on paper; the scale is as narrow as the numbers allow, unless it begins at zero."""
    numbers = [n for p in points for n in (p.value, p.low, p.high) if n is not None]
    numbers += [n for n in (mean, target) if n is not None]
    steps = scale(numbers or [0, 1], from_zero=from_zero, most=100.0 if unit == "%" else None)

    def y(value: float) -> float:
        return round(BOTTOM - (value - steps[0]) / (steps[-1] - steps[0]) * (BOTTOM - TOP), 1)

    marks = _marks(points, y)
    lines = [(one, two) for one, two in zip(marks, marks[1:], strict=False) if one.y is not None and two.y is not None]
    return LineChart(
        title, _described(points, unit, mean, target), unit, marks, lines,
        [Level(y(step), figure(step, unit) if place % 2 == 0 else "") for place, step in enumerate(steps)],
        None if mean is None else Level(y(mean), figure(mean, "")),
        None if target is None else Level(y(target), figure(target, "")),
    )  # fmt: skip


def _marks(points: Sequence[Point], y: Any) -> list[Mark]:
    step = (RIGHT - LEFT) / max(len(points) - 1, 1)
    marks = []
    for place, point in enumerate(points):
        x = LEFT + step * place
        left = 0.0 if place == 0 else x - step / 2
        right = 100.0 if place == len(points) - 1 else x + step / 2
        has_band = point.low is not None and point.high is not None
        marks.append(Mark(
            point=point, x=round(x, 2), y=None if point.value is None else y(point.value), left=round(left, 2),
            width=round(right - left, 2), top=y(point.high) if has_band else None,
            height=round(y(point.low) - y(point.high), 1) if has_band else 0.0,
            is_wide_only=bool(place % max(1, ceil(len(points) / 6))),
        ))  # fmt: skip
    return marks


def scale(numbers: Iterable[float], *, from_zero: bool = False, most: float | None = None) -> list[float]:
    """Round steps, four to seven of them, that hold all numbers; never above `most`."""
    numbers = list(numbers)
    low, high = (0.0 if from_zero else min(numbers)), max(numbers)
    span = (high - low) or abs(high) or 1.0
    raw = span / 5
    unit = 10 ** floor(log10(raw))
    step = next(unit * factor for factor in (1, 2, 2.5, 5, 10) if unit * factor >= raw)
    first, last = floor(low / step) * step, ceil(high / step) * step
    if most is not None:
        last = min(last, most)
    count = max(1, round((last - first) / step))
    return [round(first + step * n, 10) for n in range(count + 1)]


def figure(value: float, unit: str) -> str:
    """93.4 %, 12 days; whole numbers without a point."""
    plain = f"{value:,.1f}".removesuffix(".0")
    return f"{plain} {unit}".strip()


def _described(points: Sequence[Point], unit: str, mean: float | None, target: float | None) -> str:
    known = [p for p in points if p.value is not None]
    if not known:
        return _("There is nothing to draw yet.")
    low, high = min(p.value for p in known), max(p.value for p in known)
    texts = [
        ngettext("%(count)s value", "%(count)s values", len(known)) % {"count": len(known)},
        _("from %(low)s to %(high)s") % {"low": figure(low, unit), "high": figure(high, unit)},
    ]
    if mean is not None:
        texts.append(_("mean %(mean)s") % {"mean": figure(mean, unit)})
    if target is not None:
        texts.append(_("target %(target)s") % {"target": figure(target, unit)})
    if out := [f"{p.year} {p.label}".strip() for p in known if p.is_out]:
        texts.append(_("outside the limits: %(where)s") % {"where": ", ".join(out)})
    return "; ".join(texts) + _(". The same stands in the table below.")


@dataclass(frozen=True)
class Stop:
    """What a figure is measured against: floor, target, stretch."""

    value: float
    text: str = ""
    is_target: bool = False
    x: float = 0.0


@dataclass(frozen=True)
class IntervalBar:
    """A figure with its interval on one line; `raw` is what it was before a correction."""

    description: str
    x: float
    low: float | None
    high: float | None
    raw: float | None = None
    stops: list[Stop] = field(default_factory=list)
    template: str = "core/_chart_interval.html"


def interval_bar(
    value: float, interval: tuple[float, float] | None, *, unit: str = "", span: tuple[float, float] | None = None,
    stops: Sequence[Stop] = (), raw: float | None = None,
) -> IntervalBar:  # fmt: skip
    """Place a figure and its interval between the ends of `span` (for a share: 0 to 100)."""
    low, high = interval or (None, None)
    begin, end = span or (0.0, 100.0)

    def x(number: float) -> float:
        return round(min(max((number - begin) / ((end - begin) or 1), 0), 1) * 100, 2)

    texts = [figure(value, unit)]
    if low is not None and high is not None:
        texts.append(_("95 %% interval %(low)s to %(high)s") % {"low": figure(low, ""), "high": figure(high, unit)})
    texts += [f"{stop.text} {figure(stop.value, '')}".strip() for stop in stops]
    placed = [
        Stop(stop.value, f"{stop.text} {figure(stop.value, '')}".strip(), stop.is_target, x(stop.value))
        for stop in stops
    ]
    return IntervalBar(
        ", ".join(texts), x(value), None if low is None else x(low), None if high is None else x(high),
        None if raw is None else x(raw), placed,
    )  # fmt: skip


@dataclass(frozen=True)
class Bar:
    label: str
    value: float
    text: str = ""
    url: str = ""
    is_here: bool = False
    y: int = 0
    width: float = 0.0


@dataclass(frozen=True)
class Bars:
    title: str
    description: str
    rows: list[Bar]
    height: int
    template: str = "core/_chart_bars.html"


def bars(rows: Sequence[Bar], *, title: str, unit: str = "") -> Bars:
    """Horizontal bars from zero, with their words above and their figures beside them."""
    most = max((row.value for row in rows), default=0) or 1
    placed = [
        Bar(row.label, row.value, row.text or figure(row.value, unit), row.url, row.is_here, place * 44,
            round(row.value / most * 82, 2))
        for place, row in enumerate(rows)
    ]  # fmt: skip
    described = "; ".join(f"{bar.label} {bar.text}" for bar in placed)
    return Bars(title, described, placed, len(placed) * 44 + 4)


@dataclass(frozen=True)
class Knot:
    """One or more promises due at about the same time of the day."""

    x: float
    clock: Any
    label: str
    count: int
    anchor: str = "middle"

    def tied(self, clock: Any) -> "Knot":
        """One more at this place; the ring is that of the most pressing one."""
        pressing = min(self.clock, clock, key=lambda each: PRESSING.index(each.state))
        return replace(self, clock=pressing, count=self.count + 1)


@dataclass(frozen=True)
class Ribbon:
    title: str
    description: str
    hours: list[tuple[float, str, bool]]
    knots: list[Knot]
    now: float
    now_text: str
    template: str = "core/_ribbon.html"

    @property
    def now_anchor(self) -> str:
        return "end" if self.now > 12 else "start"


def day_ribbon(clocks: Sequence[Any], *, at: datetime, opens: int = 8, closes: int = 18) -> Ribbon:
    """The promises of one day along its hours, those close together tied into one knot."""
    begin = start_of(day_of(at))
    minutes = [_minute(clock.due_at, begin) for clock in clocks]
    first = min([opens * 60, _minute(at, begin) // 60 * 60, *(m // 60 * 60 for m in minutes)])
    last = max([closes * 60, -(-_minute(at, begin) // 60) * 60])

    def x(minute: float) -> float:
        return round(1.5 + min((minute - first) / (last - first), 1) * 97, 2)

    knots: list[Knot] = []
    for clock, minute in sorted(zip(clocks, minutes, strict=True), key=lambda pair: pair[1]):
        if knots and x(minute) - knots[-1].x < NARROW_STEP:
            knots[-1] = knots[-1].tied(clock)
        else:
            hour = "24:00" if minute >= 1440 else f"{local(clock.due_at):%H:%M}"
            knots.append(Knot(x(minute), clock, hour, 1, "end" if x(minute) > 95 else "middle"))
    ticks = [(x(h * 60), f"{h:02d}", bool(h % 2)) for h in range(first // 60, last // 60 + 1)]
    told = ", ".join(f"{knot.label} {knot.clock.title}：{knot.clock.left_text}" for knot in knots)
    return Ribbon(
        _("Today's promises"), told, ticks, knots, x(_minute(at, begin)),
        _("now %(hour)s") % {"hour": f"{local(at):%H:%M}"},
    )  # fmt: skip


def _minute(at: datetime, begin: datetime) -> int:
    return min(max(int((at - begin) / timedelta(minutes=1)), 0), 1440)
