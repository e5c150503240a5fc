"""What happens to a request: who serves it, in which words, what goes well and what does not. Writes nothing."""

from datetime import datetime, timedelta
from random import Random
from typing import Any

from shouxin.core.clock import local
from shouxin.demo.corpus import read
from shouxin.demo.customers import Cover
from shouxin.demo.fitting import Matching
from shouxin.demo.insurer import JURISDICTION, Insurer
from shouxin.demo.script import Event, Script
from shouxin.demo.words import Filler, asked, blanks, noted, say, spoken_day
from shouxin.demo.year import BY_STAFF, Opening
from shouxin.jurisdictions.acts import Act
from shouxin.jurisdictions.packs import pack
from shouxin.people.models import Staff

# How slow the desks are in each month: the backlog after the New Year is what broke most promises.
SLOW = (1.0, 1.5, 1.75, 1.2, 1.05, 1.0, 1.1, 1.05, 1.0, 0.95, 0.95, 1.0)
DISPUTES = frozenset({"A13", "A15", "A16"})
CLAIMS = frozenset({"A09", "A10", "A11", "A12", "A30"})
COUNTER = frozenset({"A03", "A04", "A05", "A06", "A07", "A25", "I10"})
RELATIONS = frozenset({"A19", "A20", "A22", "P07"})
# Whatever asks for the skill of complaints.
COMPLAINTS = DISPUTES | {"A27"}
COUNTERS = {"taipei": "tp", "taoyuan": "ty", "taichung": "tc", "tainan": "tn", "kaohsiung": "kh"}
# How much of the latest work lies with the accounts a visitor knows, and how much their leader serves himself.
SEEN = {"EC": 0.03, "CC": 0.1, "CL": 0.15, "CT": 0.5, "CR": 0.6}
LED = 0.03
RECENT = timedelta(days=20)
SLOW_TO_CLOSE = 0.02
# Working hours after which a customer hears again of what is being looked into, and how often that is forgotten.
REPORTED_AFTER, NOT_REPORTED = 54, 0.06
# What the answer to a request says: answered, decided, paid, told in writing, carried out.
DONE_BY_ANSWER = (Act.ANSWER, Act.DECISION, Act.PAYMENT, Act.NOTICE, Act.DONE)
MOMENT = timedelta(seconds=1)
SPEED = {"EC": 5.0, "CL": 4.0, "CT": 2.2, "CC": 2.0, "CR": 4.5, "SP": 5.0}


class Stage:
    """Where the year is played: the house, its customers and a calendar."""

    def __init__(self, insurer: Insurer, covers: list[Cover], random: Random, now: datetime) -> None:
        self.insurer, self.now = insurer, now
        self.matching = Matching(covers)
        self.calendar = pack(JURISDICTION).calendar()
        self.pace = {staff.pk: random.lognormvariate(0, 0.22) for staff in insurer.staff}

    def script(self, opening: Opening, random: Random) -> Script:
        """The case that begins with this request, as far as it has come."""
        story, cover = self.matching.draw(random, local(opening.at).date(), opening.channel)
        play = Play(self, random, opening, story, cover)
        play.forgotten() if opening.is_forgotten else play.through()
        return play.script.until(self.now)


class Play:
    """One case, played from its opening on."""

    def __init__(self, stage: Stage, random: Random, opening: Opening, story: dict[str, Any], cover: Cover) -> None:
        self.stage, self.random, self.story = stage, random, story
        self.words: Filler = blanks(random, cover, opening.at, stage.insurer)
        is_known = opening.channel != "web" or random.random() < 0.75
        subject, body = (text.format_map(self.words) for text in asked(random, story))
        self.script = Script(
            service=story["service"], channel=opening.channel, subject=subject,
            body=noted(body, opening.channel), person=cover.holder, cover=cover,
            branch=cover.holder.branch, is_known=is_known, story=story,
        )  # fmt: skip
        self.at = opening.at
        self.officer = self._officer(opening.at)

    def say(self, sentences: list[str]) -> str:
        return say(self.random, sentences, self.words)

    def phrase(self, name: str) -> str:
        return self.say(read("phrases")[name])

    def through(self) -> None:
        """From the opening to the end."""
        self.open()
        self.take()
        if self.random.random() < 0.05:
            self._hand_over()
        if self.random.random() < 0.22:
            self._happen("note", self._work(0.3, self.at), self.officer, self.phrase("notes"))
        self.at = self._work(self._delay(0.5) + 0.4, self.at)
        if self.story.get("papers") and self.random.random() < self.story.get("papers_share", 0.4):
            self._papers()
        self.reply()
        if self.story.get("more") and self.random.random() < (0.5 if self._is_dispute else 0.35):
            self._again()
        if self._is_dispute:
            self._dispute()
        self._end()

    def forgotten(self) -> None:
        """Taken, and then it lay there."""
        self.open()
        self.take()

    @property
    def _is_dispute(self) -> bool:
        return self.script.service in DISPUTES

    def open(self, by: Staff | None = None) -> None:
        taker = by or self.officer if self.script.channel in BY_STAFF else None
        if taker and not by and self.script.service in DISPUTES | CLAIMS:
            taker = self.random.choice(self.stage.insurer.members["calls-1"])
        self._happen("open", self.at, taker)

    def take(self) -> None:
        self.at = self._work(self._delay(0.5), self.at)
        self._happen("take", self.at, self.officer)

    def reply(self) -> None:
        self._promise_day(self.at)
        self._happen("reply", self.at, self.officer, self.say(self.story["answer"]), acts=self._acts)

    def ask(self) -> None:
        """One complete request for what is missing."""
        self._promise_day(self.at)
        paper = self.story["papers"]
        self._happen("ask", self.at, self.officer, self.phrase(f"papers_{paper}"), paper=paper)

    def _happen(self, kind: str, at: datetime, by: Staff | None = None, text: str = "", **about: Any) -> None:
        self.script.events.append(Event(kind, at, by=by, text=text, about=about))

    def _promise_day(self, at: datetime) -> None:
        officer = self.officer
        self.words.update(promise_day=spoken_day(self._work(24, at)), officer=officer.name, team=officer.team.name)

    def _officer(self, at: datetime) -> Staff:
        """Whoever the queue gives it to, by the skill its service asks for."""
        members, service = self.stage.insurer.members, self.script.service
        if service in COMPLAINTS:
            if self.random.random() < LED:
                return self.stage.insurer.leaders["complaints-1"]
            return self._one_of(members["complaints-1"], members["complaints-2"], at)
        if service in CLAIMS:
            return self._one_of(members["claims-1"], [], at)
        if service in COUNTER:
            return self._one_of(members[f"counter-{COUNTERS[self.script.branch]}"], [], at)
        if service in RELATIONS:
            return self._one_of(members["relations"], [], at)
        return self._one_of(members["calls-1"], members["calls-2"], at)

    def _one_of(self, team: list[Staff], other: list[Staff], at: datetime) -> Staff:
        """Anyone; of late a little more often the one whose desk a visitor sits down at."""
        if at > self.stage.now - RECENT and self.random.random() < SEEN[team[0].post]:
            return team[0]
        return self.random.choice(team + other)

    def _work(self, hours: float, at: datetime) -> datetime:
        """After so many working hours of waiting and doing, at a plausible second."""
        done = self.stage.calendar.add(at, timedelta(hours=hours))
        return done + timedelta(seconds=self.random.randint(1, 59))

    def _delay(self, share: float, mean: float = 0.0) -> float:
        slow = SLOW[local(self.at).month - 1] * self.stage.pace[self.officer.pk]
        mean = mean or SPEED.get(self.officer.post, 3.0)
        return mean * share * slow * self.random.lognormvariate(-0.25, 0.75)

    def _hand_over(self) -> None:
        to = self._officer(self.at)
        if to.pk == self.officer.pk:
            return
        self.at = self._work(0.5 + self.random.random() * 4, self.at)
        self._happen("hand_over", self.at, self.officer, self.phrase("hand_over"), to=to)
        self.officer = to

    def _papers(self) -> None:
        """Most send what is missing within days."""
        self.ask()
        paper = self.story["papers"]
        came = self.at + timedelta(days=self.random.lognormvariate(1.3, 0.6))
        self._happen("papers", came, None, self.phrase("papers_came"), paper=paper, channel="web")
        self.at = self._work(self._delay(1, 5.0), came)

    def _again(self) -> None:
        """He asks once more, and gets the answer to that very question."""
        asked, answer = self.random.choice(self.story["more"])
        came = self.at + timedelta(hours=self.random.lognormvariate(3.0, 0.9))
        self._happen("receive", came, None, self.say([asked]), channel=self.script.channel)
        self.at = self._work(self._delay(1, 3.0), came)
        self._promise_day(self.at)
        self._happen("reply", self.at, self.officer, self.say([answer]), acts=self._acts)

    @property
    def _acts(self) -> tuple[Act, ...]:
        """What an answer says was done: what was asked. A complaint is answered by its letter alone."""
        return () if self._is_dispute else DONE_BY_ANSWER

    def _dispute(self) -> None:
        """Investigated by somebody independent, decided, answered by letter; about one in eleven comes too late."""
        random, at = self.random, self.at
        peers = [each for each in self.stage.insurer.members[self.officer.team.code] if each.pk != self.officer.pk]
        appointed = self._work(1 + random.random() * 5, at)
        if self.story.get("against") == "agent" and self.script.cover:
            self._happen("aim", self._work(0.5, at), self.officer, agent=self.script.cover.agent_id)
        self._happen("appoint", appointed, self.officer, investigator=random.choice(peers))
        days = random.lognormvariate(2.45, 0.45) * SLOW[local(at).month - 1] ** 0.6
        decided = max(self._work(1.5, self.script.opened_at + timedelta(days=days)), self._work(4, appointed))
        self._report(decided)
        outcome, reasons = random.choice(list(self.story["decided"].items()))
        self._happen(
            "decide", decided, self.officer, outcome=outcome, cause=self.story["cause"],
            findings=self.say([self.story["findings"]]), reasons=self.say([reasons]),
        )  # fmt: skip
        self.at = self._work(0.5 + random.random() * 3, decided)
        self._happen("letter", self.at, self.officer, self.phrase("letter"))

    def _report(self, until: datetime) -> None:
        """While it is looked into the customer hears how it stands every two weeks or so; now and then nobody does."""
        while (at := self._work(REPORTED_AFTER + self.random.random() * 18, self.at)) < until:
            if self.random.random() < NOT_REPORTED:
                return
            self.at = at
            self._promise_day(at)
            self._happen("reply", at, self.officer, self.phrase("progress"), acts=(Act.REPORT,))

    def _end(self) -> None:
        random = self.random
        if self.at > self.stage.now - RECENT and random.random() < SLOW_TO_CLOSE:
            return
        closed = self._work(self._delay(1, 18.0), self.at)  # he may write back yet
        if self._is_dispute and self.script.events[-1].kind == "letter":
            reason = "answered"
        else:
            reason = random.choices(("granted", "answered", "partly", "declined"), (42, 46, 6, 6))[0]
        self._happen("close", closed, self.officer, reason=reason)
        if random.random() < 0.045:
            asked, answer = random.choice(read("phrases")["back"])
            came = closed + timedelta(days=random.lognormvariate(1.8, 0.8))
            self._happen("receive", came, None, self.say([asked]), channel=self.script.channel)
            answered = self._work(self._delay(1, 4.0), came)
            self._promise_day(answered)
            reopened = self._work(0.1, came)
            self._happen("reopen", min(reopened, answered), self.officer, self.phrase("reopened"))
            self._happen("reply", answered + MOMENT, self.officer, self.say([answer]), acts=DONE_BY_ANSWER)
            self._happen("close", self._work(3.0, answered), self.officer, reason="granted")
