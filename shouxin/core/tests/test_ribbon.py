"""The ribbon of a day: what is close together is tied, what is due at midnight stands at the end."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from shouxin.core.ribbon import day_ribbon
from tests.cast import NOON


@dataclass(frozen=True)
class Promised:
    due_at: datetime
    state: str = "running"
    title: str = "回電"
    left_text: str = "還有 2 小時"

    @property
    def due_hour(self) -> str:
        return f"{self.due_at:%H:%M}".replace("00:00", "24:00")


def test_each_promise_stands_at_its_hour_and_now_between_them():
    ribbon = day_ribbon([Promised(NOON - timedelta(hours=3), "kept"), Promised(NOON + timedelta(hours=2))], at=NOON)

    assert [(knot.label, knot.clock.state) for knot in ribbon.knots] == [("11:40", "kept"), ("16:40", "running")]
    assert ribbon.knots[0].x < ribbon.now < ribbon.knots[1].x
    assert (ribbon.hours[0][1], ribbon.hours[-1][1]) == ("08", "18")


def test_promises_close_together_are_one_knot_with_the_ring_of_the_most_pressing():
    at = NOON + timedelta(hours=1)
    ribbon = day_ribbon([Promised(at), Promised(at, "soon"), Promised(at, "kept")], at=NOON)

    assert [(knot.count, knot.clock.state) for knot in ribbon.knots] == [(3, "soon")]


def test_what_is_due_at_midnight_stands_at_the_end():
    midnight = NOON.replace(hour=0, minute=0) + timedelta(days=1)
    ribbon = day_ribbon([Promised(midnight), Promised(midnight)], at=NOON)

    assert [(knot.label, knot.count, knot.anchor) for knot in ribbon.knots] == [("24:00", 2, "end")]
    assert ribbon.hours[-1][1] == "18"
    assert ribbon.hours[-1][0] < ribbon.knots[0].x
    assert "24:00 回電：還有 2 小時" in ribbon.description
