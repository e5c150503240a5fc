"""A control chart as numbers for a template: x in percent, y in pixels, so that words never shrink."""

from collections.abc import Callable, Sequence
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
    bounds = limits or [None] * len(values)
    edges = [edge for each in bounds if each for edge in (max(each.low, 0.0), each.high)]
    axis = _axis([value for value in values if value is not None] + edges, is_share)

    def height(value: float) -> float:
        share = (min(max(value, axis[0]), axis[-1]) - axis[0]) / (axis[-1] - axis[0])
        return round(BOTTOM - share * (BOTTOM - TOP), 1)

    rows = zip(labels, values, bounds, _places(len(values), is_last_open), strict=True)
    points = [_point(label, value, limit, place, height) for label, value, limit, place in rows]
    strokes = [
        Stroke(a.x, a.y, b.x, b.y, b.is_open)
        for a, b in zip(points, points[1:], strict=False) if a.y is not None and b.y is not None
    ]  # fmt: skip
    middle = limits[0].middle if limits else None
    return Chart(
        points=points, strokes=strokes, ticks=[(height(tick), tick) for tick in axis], middle=middle,
        middle_y=None if middle is None else height(middle),
        outlier=next((point for point in reversed(points) if point.is_out), None),
    )  # fmt: skip


def _places(count: int, is_last_open: bool) -> list[dict]:
    """Where each point stands across, how wide its band is, and whether its label is written."""
    step, every = (RIGHT - LEFT) / max(count - 1, 1), ceil(count / LABELS_SHOWN)
    found = []
    for place in range(count):
        x = LEFT + place * step
        left = 0.0 if place == 0 else x - step / 2
        right = 100.0 if place == count - 1 else x + step / 2
        found.append({
            "x": round(x, 2), "band_x": round(left, 2), "band_width": round(right - left, 2),
            "is_labelled": place % every == 0, "is_open": is_last_open and place == count - 1,
        })  # fmt: skip
    return found


def _point(
    label: tuple[str, str], value: float | None, limit: Limits | None, place: dict, height: Callable[[float], float]
) -> Point:
    is_measured = limit is not None and value is not None and not place["is_open"]
    return Point(
        label=label[0], year=label[1], y=None if value is None else height(value), value=value,
        is_out=is_measured and not limit.low - 1e-9 <= value <= limit.high + 1e-9,
        high_y=limit and height(limit.high), low_y=limit and height(limit.low), **place,
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
