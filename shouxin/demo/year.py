"""A year of service as it might have been: when requests come in, and with whom the latest of them lie.

Pure: it says when, writes nothing. The same seed gives the same year.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from shouxin.core.clock import local, start_of
from shouxin.demo.insurer import JURISDICTION
from shouxin.jurisdictions.packs import pack

# How much of a usual day's work comes in on each weekday, and in each month (people clear their desks after the
# Lunar New Year, ask for payment proofs in May, and are away in summer).
WEEKDAY = (1.34, 1.16, 1.05, 1.02, 1.08, 0.22, 0.13)
MONTH = (0.98, 0.86, 1.24, 1.02, 1.18, 1.0, 1.06, 0.97, 1.0, 0.98, 1.03, 0.9)
CHANNELS = {"phone": 40, "web": 30, "counter": 13, "email": 11, "letter": 6}
HOURS = {
    "phone": (9, 10, 10, 11, 11, 13, 14, 14, 15, 15, 16, 17),
    "counter": (9, 10, 10, 11, 13, 14, 14, 15, 16),
    "letter": (10, 10, 11, 14),
    "web": (0, 7, 8, 9, 10, 11, 12, 12, 13, 14, 15, 16, 17, 18, 19, 20, 20, 21, 21, 22, 22, 23),
    "email": (7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 19, 20, 21, 22, 23),
}
BY_STAFF = frozenset({"phone", "counter", "letter"})
# A handful lies forgotten, as everywhere; so many, and so many days old.
FORGOTTEN, FORGOTTEN_AGE = 4, (32, 75)


@dataclass(frozen=True)
class Opening:
    """That a request comes in. `desk` names an account and what lies on it; a `forgotten` one stays where it is."""

    at: datetime
    channel: str
    desk: tuple[str, str, str] | None = None  # account, what lies there, service
    is_forgotten: bool = False


class Year:
    """The year that ends now."""

    def __init__(self, random: Random, now: datetime) -> None:
        self.random, self.now = random, now
        self.calendar = pack(JURISDICTION).calendar()

    def openings(self, count: int) -> list[Opening]:
        """About `count` requests, in order."""
        today = local(self.now).date()
        days = [today - timedelta(days=back) for back in range(364, -1, -1)]
        weights = [self._volume(day) for day in days]
        per_weight = count / sum(weights)
        found: list[Opening] = []
        for day, weight in zip(days, weights, strict=True):
            expected = weight * per_weight
            arrivals = max(int(self.random.gauss(expected, expected**0.5) + 0.5), 0)
            found += sorted((self._opening(day) for _ in range(arrivals)), key=lambda opening: opening.at)
        return self._forgetting([opening for opening in found if opening.at < self.now])

    def _forgetting(self, openings: list[Opening]) -> list[Opening]:
        youngest, oldest = FORGOTTEN_AGE
        places = [place for place, opening in enumerate(openings) if youngest <= (self.now - opening.at).days < oldest]
        chosen = set(self.random.sample(places, min(FORGOTTEN, len(places))))
        return [
            Opening(each.at, each.channel, is_forgotten=True) if place in chosen else each
            for place, each in enumerate(openings)
        ]

    def _volume(self, day: date) -> float:
        volume = WEEKDAY[day.weekday()] * MONTH[day.month - 1]
        return volume if self.calendar.is_working_day(day) else min(volume, 0.2)

    def _opening(self, day: date) -> Opening:
        channel = self.random.choices(list(CHANNELS), list(CHANNELS.values()))[0]
        if channel in BY_STAFF and not self.calendar.is_working_day(day):
            channel = "web"
        at = start_of(day) + timedelta(
            hours=self.random.choice(HOURS[channel]),
            minutes=self.random.randint(0, 59),
            seconds=self.random.randint(0, 59),
        )
        if channel in BY_STAFF and not self.calendar.is_open(at):
            at = self.calendar.next_open(at) + timedelta(minutes=self.random.randint(1, 40))
        return Opening(at, channel)


def cut(openings: list[Opening], size: int) -> Iterator[list[Opening]]:
    """In chunks, none of which crosses a New Year: numbers begin anew there."""
    chunk: list[Opening] = []
    for opening in openings:
        if chunk and (len(chunk) == size or local(chunk[0].at).year != local(opening.at).year):
            yield chunk
            chunk = []
        chunk.append(opening)
    if chunk:
        yield chunk
