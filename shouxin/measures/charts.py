"""A control chart as numbers for a template: x in percent, y in pixels, so that words never shrink."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

from shouxin.statistics.control import Limits

TOP, BOTTOM, LEFT, RIGHT = 32.0, 300.0, 4.5, 91.5
LABELS_SHOWN, TICKS = 18, 5


@dataclass(frozen=True)
class Point:
    """One stretch of time: what is drawn at `x`, and the band of its limits from `band_x` on."""

    label: str
    year: str
    x: float
    y: float | None
    value: float | None
    is_out: bool
    is_open: bool
    is_labelled: bool
    band_x: float
    band_width: float
    high_y: float | None
    low_y: float | None

    @property
    def band_end(self) -> float:
        return self.band_x + self.band_width

    @property
    def band_height(self) -> float:
        return (self.low_y or 0.0) - (self.high_y or 0.0)

    @property
    def word_y(self) -> float:
        """Above the ring of a point outside of the limits, or below it near the top."""
        y = self.y or 0.0
        return y - 16 if y > TOP + 24 else y + 26


@dataclass(frozen=True)
class Stroke:
    """The line between two neighbours; an open one leads to a stretch that has not ended."""

    x1: float
    y1: float
    x2: float
    y2: float
    is_open: bool


@dataclass(frozen=True)
class Chart:
    points: list[Point]
    strokes: list[Stroke]
    ticks: list[tuple[float, float]]  # (y, value)
    middle: float | None
    middle_y: float | None
    outlier: Point | None  # the latest that lies outside, told in words

    @property
    def middle_word_y(self) -> float:
        return (self.middle_y or 0.0) + 16


def _nice(step: float) -> float:
    """The next of 1, 2, 5, 10, 20 … that is not smaller."""
    size = 10.0 ** floor(log10(step))
    return next(size * factor for factor in (1, 2, 5, 10) if size * factor >= step * 0.999999)


def _axis(values: Sequence[float], is_share: bool) -> list[float]:
    highest = max(values, default=0.0) or 1.0
    lowest = min(values, default=0.0) if is_share else 0.0
    step = _nice(max(highest - lowest, highest * 0.02) / TICKS)
    first, last = floor(lowest / step), ceil(highest / step - 1e-9)
    if is_share and step * last > 1.0:
        last = round(1.0 / step)
    return [round(step * place, 10) for place in range(first, max(last, first + 1) + 1)]


def control_chart(
    labels: Sequence[tuple[str, str]], values: Sequence[float | None], limits: Sequence[Limits] | None, *,
    is_share: bool = False, is_last_open: bool = False,
) -> Chart:  # fmt: skip
    """The chart of values in order of time; `labels` are (label, year where one begins)."""
    count = len(values)
    bounds = limits or []
    seen = [v for v in values if v is not None] + [edge for each in bounds for edge in (max(each.low, 0.0), each.high)]
    axis = _axis(seen, is_share)

    def height(value: float) -> float:
        share = (min(max(value, axis[0]), axis[-1]) - axis[0]) / (axis[-1] - axis[0])
        return round(BOTTOM - share * (BOTTOM - TOP), 1)

    step = (RIGHT - LEFT) / max(count - 1, 1)
    every = ceil(count / LABELS_SHOWN)
    points = []
    for place, ((label, year), value) in enumerate(zip(labels, values, strict=True)):
        limit = bounds[place] if bounds else None
        x = LEFT + place * step
        left = 0.0 if place == 0 else x - step / 2
        right = 100.0 if place == count - 1 else x + step / 2
        is_open = is_last_open and place == count - 1
        points.append(
            Point(
                label=label, year=year, x=round(x, 2), y=None if value is None else height(value), value=value,
                is_out=limit is not None and value is not None and not is_open
                and not limit.low - 1e-9 <= value <= limit.high + 1e-9,
                is_open=is_open, is_labelled=place % every == 0, band_x=round(left, 2),
                band_width=round(right - left, 2), high_y=limit and height(limit.high),
                low_y=limit and height(limit.low),
            )
        )  # fmt: skip
    strokes = [
        Stroke(a.x, a.y, b.x, b.y, b.is_open)
        for a, b in zip(points, points[1:], strict=False) if a.y is not None and b.y is not None
    ]  # fmt: skip
    middle = bounds[0].middle if bounds else None
    return Chart(
        points=points, strokes=strokes, ticks=[(height(tick), tick) for tick in axis], middle=middle,
        middle_y=None if middle is None else height(middle),
        outlier=next((p for p in reversed(points) if p.is_out), None),
    )  # fmt: skip


@dataclass(frozen=True)
class Bar:
    """A value with its interval on a line, in percent of its width."""

    dot: float
    low: float
    high: float


def bars(rows: Sequence[tuple[float | None, float | None, float | None]], *, is_share: bool) -> tuple[
    list[Bar | None], float, float
]:  # fmt: skip
    """(value, low, high) of each row on one common scale; also where the scale begins and ends."""
    seen = [each for row in rows for each in row if each is not None]
    axis = _axis(seen, is_share)
    start, end = axis[0], axis[-1]

    def place(value: float) -> float:
        return round(100 * (min(max(value, start), end) - start) / (end - start), 2)

    found = [
        None
        if value is None
        else Bar(place(value), place(start if low is None else low), place(end if high is None else high))
        for value, low, high in rows
    ]
    return found, start, end
