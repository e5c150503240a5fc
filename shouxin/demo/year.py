"""A year of service as it might have been: when requests come, who serves them, what goes well and what does not.

Pure: it makes scripts (see script.py), writes nothing. The same seed gives the same year.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from random import Random

from shouxin.core.clock import local, start_of
from shouxin.demo.corpus import read, stories
from shouxin.demo.customers import Cover, Person
from shouxin.demo.insurer import JURISDICTION, Insurer
from shouxin.demo.script import Event, Script
from shouxin.demo.words import asked, blanks, courteous, say
from shouxin.jurisdictions.packs import pack
from shouxin.people.models import Staff

# How much of a usual day's work comes in on each weekday, and in each month (people clear their desks after the
# Lunar New Year, ask for payment proofs in May, and are away in summer).
WEEKDAY = (1.34, 1.16, 1.05, 1.02, 1.08, 0.22, 0.13)
MONTH = (0.98, 0.86, 1.24, 1.02, 1.18, 1.0, 1.06, 0.97, 1.0, 0.98, 1.03, 0.9)
# How slow the desks are in each month: the backlog after the New Year is what broke most promises.
SLOW = (1.0, 1.5, 1.75, 1.2, 1.05, 1.0, 1.1, 1.05, 1.0, 0.95, 0.95, 1.0)
CHANNELS = {"phone": 40, "web": 30, "counter": 13, "email": 11, "letter": 6}
HOURS = {
    "phone": (9, 10, 10, 11, 11, 13, 14, 14, 15, 15, 16, 17),
    "counter": (9, 10, 10, 11, 13, 14, 14, 15, 16),
    "letter": (10, 10, 11, 14),
    "web": (0, 7, 8, 9, 10, 11, 12, 12, 13, 14, 15, 16, 17, 18, 19, 20, 20, 21, 21, 22, 22, 23),
    "email": (7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 19, 20, 21, 22, 23),
}
BY_STAFF = frozenset({"phone", "counter", "letter"})
DISPUTES = frozenset({"A13", "A15", "A16"})
CLAIMS = frozenset({"A10", "A11"})
COUNTER = frozenset({"A03", "A04", "A05", "A06", "I10"})
RELATIONS = frozenset({"A19", "P01"})
# Whatever asks for the skill of complaints.
COMPLAINTS = DISPUTES | {"A27"}
COUNTERS = {"taipei": "tp", "taoyuan": "ty", "taichung": "tc", "tainan": "tn", "kaohsiung": "kh"}
# How much of the latest work lies with the accounts a visitor knows, and how much their leader serves himself.
SEEN = {"EC": 0.03, "CC": 0.2, "CL": 0.15, "CT": 0.5, "CR": 0.7}
LED = 0.05
RECENT = timedelta(days=25)
FORGOTTEN = 0.008
SPEED = {"EC": 5.0, "CL": 4.0, "CT": 2.2, "CC": 2.0, "CR": 4.5}


class Year:
    """The year that ends now."""

    def __init__(self, insurer: Insurer, people: list[Person], covers: list[Cover], random: Random, now: datetime):
        self.insurer, self.random, self.now = insurer, random, now
        self.covers, self.people = covers, people
        self.calendar = pack(JURISDICTION).calendar()
        self.pace = {staff.pk: random.lognormvariate(0, 0.22) for staff in insurer.staff}
        self.weights = [story["weight"] for story in stories()]

    def scripts(self, count: int) -> Iterator[Script]:
        """About `count` scripts, in order of their opening."""
        today = local(self.now).date()
        days = [today - timedelta(days=back) for back in range(364, -1, -1)]
        weights = [self._volume(day) for day in days]
        per_weight = count / sum(weights)
        for day, weight in zip(days, weights, strict=True):
            expected = weight * per_weight
            arrivals = max(int(self.random.gauss(expected, expected**0.5) + 0.5), 0)
            drawn = (self._script(day) for _ in range(arrivals))
            yield from sorted((script for script in drawn if script.events), key=lambda script: script.opened_at)

    def _volume(self, day: date) -> float:
        volume = WEEKDAY[day.weekday()] * MONTH[day.month - 1]
        return volume if self.calendar.is_working_day(day) else min(volume, 0.2)

    def _script(self, day: date) -> Script:
        random = self.random
        story = random.choices(stories(), self.weights)[0]
        channel = random.choices(list(CHANNELS), list(CHANNELS.values()))[0]
        if channel in BY_STAFF and not self.calendar.is_working_day(day):
            channel = "web"
        cover = random.choice(self.covers)
        person = cover.holder
        at = self._instant(day, channel)
        filler = blanks(random, person, cover, at + timedelta(days=3))
        subject, body = asked(random, story, filler)
        is_known = channel != "web" or random.random() < 0.75
        script = Script(
            service=story["service"], channel=channel, subject=subject, body=body, person=person, cover=cover,
            branch=person.branch, is_known=is_known, story=story,
        )  # fmt: skip
        self._play(script, at)
        return script.until(self.now)

    def _instant(self, day: date, channel: str) -> datetime:
        at = start_of(day) + timedelta(
            hours=self.random.choice(HOURS[channel]),
            minutes=self.random.randint(0, 59),
            seconds=self.random.randint(0, 59),
        )
        if channel in BY_STAFF and not self.calendar.is_open(at):
            at = self.calendar.next_open(at) + timedelta(minutes=self.random.randint(1, 40))
        return at

    def _officer(self, script: Script, at: datetime) -> Staff:
        """Whoever the queue gives it to, by the skill its service asks for."""
        members = self.insurer.members
        if script.service in COMPLAINTS:
            if self.random.random() < LED:
                return self.insurer.leaders["complaints-1"]
            return self._one_of(members["complaints-1"], members["complaints-2"], at)
        if script.service in CLAIMS:
            return self._one_of(members["claims-1"], [], at)
        if script.service in COUNTER:
            return self._one_of(members[f"counter-{COUNTERS[script.branch]}"], [], at)
        if script.service in RELATIONS:
            return self._one_of(members["relations"], [], at)
        return self._one_of(members["calls-1"], members["calls-2"], at)

    def _one_of(self, team: list[Staff], other: list[Staff], at: datetime) -> Staff:
        """Anyone; of late a little more often the one whose desk a visitor sits down at."""
        if at > self.now - RECENT and self.random.random() < SEEN[team[0].post]:
            return team[0]
        return self.random.choice(team + other)

    def _work(self, at: datetime, hours: float) -> datetime:
        """After so many working hours of waiting and doing, at a plausible second."""
        done = self.calendar.add(at, timedelta(hours=hours))
        return done + timedelta(seconds=self.random.randint(1, 59))

    def _delay(self, at: datetime, officer: Staff, mean: float) -> float:
        slow = SLOW[local(at).month - 1] * self.pace[officer.pk]
        return mean * slow * self.random.lognormvariate(-0.25, 0.75)

    def _play(self, script: Script, at: datetime) -> None:
        random, officer = self.random, self._officer(script, at)
        taker = officer if script.channel in BY_STAFF else None
        if taker and script.service in DISPUTES | CLAIMS:
            taker = random.choice(self.insurer.members["calls-1"])
        script.events.append(Event("open", at, by=taker))
        mean = SPEED.get(officer.post, 3.0)
        taken = self._work(at, self._delay(at, officer, mean * 0.5))
        script.events.append(Event("take", taken, by=officer))
        filler = blanks(random, script.person, script.cover, self._work(taken, 20), officer.name)
        if random.random() < 0.05:
            officer, taken = self._hand_over(script, officer, taken)
        if random.random() < 0.22:
            script.events.append(Event("note", self._work(taken, 0.3), by=officer, text=self._note()))
        replied = self._work(taken, self._delay(taken, officer, mean * 0.5) + 0.4)
        if script.story.get("papers_missing") and random.random() < 0.4:
            replied = self._papers(script, officer, replied)
        script.events.append(Event("reply", replied, by=officer, text=say(random, script.story["answer"], filler)))
        if random.random() < (0.45 if script.service in DISPUTES else 0.16):
            replied = self._again(script, officer, replied)
        if script.service in DISPUTES:
            replied = self._dispute(script, officer, replied)
        self._end(script, officer, replied)

    def _say(self, phrase: str, script: Script) -> str:
        return self.random.choice(read("phrases")[phrase]).format(salute=courteous(script.person))

    def _note(self) -> str:
        return self.random.choice(read("phrases")["notes"])

    def _hand_over(self, script: Script, officer: Staff, at: datetime) -> tuple[Staff, datetime]:
        to = self._officer(script, at)
        if to.pk == officer.pk:
            return officer, at
        handed = self._work(at, 0.5 + self.random.random() * 4)
        reason = self.random.choice(read("phrases")["hand_over"])
        script.events.append(Event("hand_over", handed, by=officer, text=reason, about={"to": to}))
        return to, handed

    def _papers(self, script: Script, officer: Staff, at: datetime) -> datetime:
        """One complete request for what is missing; most send it within days, some never."""
        paper = {"paper": "diagnosis"}
        script.events.append(Event("ask", at, by=officer, text=self._say("papers", script), about=paper))
        came = at + timedelta(days=self.random.lognormvariate(1.4, 0.7))
        about = paper | {"channel": "web"}
        script.events.append(Event("papers", came, text=self._say("papers_came", script), about=about))
        return self._work(came, self._delay(came, officer, 5.0))

    def _again(self, script: Script, officer: Staff, at: datetime) -> datetime:
        came = at + timedelta(hours=self.random.lognormvariate(3.0, 0.9))
        text = self.random.choice(read("phrases")["again"])
        script.events.append(Event("receive", came, text=text, about={"channel": script.channel}))
        answered = self._work(came, self._delay(came, officer, 3.0))
        reply = self._say("answer_again", script)
        script.events.append(Event("reply", answered, by=officer, text=reply))
        return answered

    def _dispute(self, script: Script, officer: Staff, at: datetime) -> datetime:
        """Investigated by somebody independent, decided, answered by letter; about one in eleven comes too late."""
        random = self.random
        peers = [each for each in self.insurer.members[officer.team.code] if each.pk != officer.pk]
        appointed = self._work(at, 1 + random.random() * 5)
        if script.story.get("against") == "agent" and script.cover:
            aimed = {"agent": script.cover.agent_id}
            script.events.append(Event("aim", self._work(at, 0.5), by=officer, about=aimed))
        script.events.append(Event("appoint", appointed, by=officer, about={"investigator": random.choice(peers)}))
        days = random.lognormvariate(2.45, 0.45) * SLOW[local(at).month - 1] ** 0.6
        decided = max(self._work(script.opened_at + timedelta(days=days), 1.5), self._work(appointed, 4))
        outcome = random.choices(("upheld", "partly", "refused", "withdrawn"), (31, 26, 38, 5))[0]
        about = {"outcome": outcome, "cause": script.story.get("cause", "not-ours"),
                 "findings": script.story["findings"],
                 "reasons": random.choice(read("phrases")["reasons"][outcome])}  # fmt: skip
        script.events.append(Event("decide", decided, by=officer, about=about))
        sent = self._work(decided, 0.5 + random.random() * 3)
        script.events.append(Event("letter", sent, by=officer, text=self._say("letter", script)))
        return sent

    def _end(self, script: Script, officer: Staff, at: datetime) -> None:
        random = self.random
        if random.random() < FORGOTTEN:
            return  # forgotten on somebody's desk: what the board of overdue cases is for
        closed = self._work(at, self._delay(at, officer, 18.0))  # he may write back yet
        reason = random.choices(("granted", "answered", "partly", "declined"), (40, 44, 8, 8))[0]
        script.events.append(Event("close", closed, by=officer, about={"reason": reason}))
        if random.random() < 0.045:
            came = closed + timedelta(days=random.lognormvariate(1.8, 0.8))
            script.events.append(
                Event(
                    "receive",
                    came,
                    text=self._say("back", script),
                    about={"channel": script.channel},
                )
            )
            answered = self._work(came, self._delay(came, officer, 4.0))
            script.events.append(Event("reply", answered, by=officer, text=self._say("back_answer", script)))
            script.events.append(Event("close", self._work(answered, 3.0), by=officer, about={"reason": "granted"}))
