"""The ribbon of a day: its promises along its hours, placed in per cent of the width, so that words never shrink."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from shouxin.core.clock import day_of, local, start_of

# Beside which a word would run into the next one.
NARROW_STEP = 3
PRESSING = ("broken", "soon", "running", "paused", "kept", "withdrawn")


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

    @property
    def now_anchor(self) -> str:
        return "end" if self.now > 12 else "start"


def day_ribbon(clocks: Sequence[Any], *, at: datetime, opens: int = 8, closes: int = 18) -> Ribbon:
    """The promises of one day along its hours, those close together tied into one knot."""
    begin = start_of(day_of(at))
    minutes = [_minute(clock.due_at, begin) for clock in clocks]
    first = min([opens * 60, _minute(at, begin) // 60 * 60, *(m // 60 * 60 for m in minutes)])
    last = max([closes * 60, -(-_minute(at, begin) // 60) * 60])
    # What is due after closing, as a rule at midnight, stands at the end behind one last step.
    is_later = any(minute > last for minute in minutes)
    last += 60 * is_later

    def x(minute: float) -> float:
        return round(1.5 + min((minute - first) / (last - first), 1) * 97, 2)

    knots: list[Knot] = []
    for clock, minute in sorted(zip(clocks, minutes, strict=True), key=lambda pair: pair[1]):
        if knots and x(minute) - knots[-1].x < NARROW_STEP:
            knots[-1] = knots[-1].tied(clock)
        else:
            knots.append(Knot(x(minute), clock, clock.due_hour, 1, "end" if x(minute) > 95 else "middle"))
    ticks = [(x(h * 60), f"{h:02d}", bool(h % 2)) for h in range(first // 60, last // 60 + 1 - is_later)]
    told = ", ".join(f"{knot.label} {knot.clock.title}：{knot.clock.left_text}" for knot in knots)
    return Ribbon(
        _("Today's promises"), told, ticks, knots, x(_minute(at, begin)),
        _("now %(hour)s") % {"hour": f"{local(at):%H:%M}"},
    )  # fmt: skip


def _minute(at: datetime, begin: datetime) -> int:
    return min(max(int((at - begin) / timedelta(minutes=1)), 0), 1440)
