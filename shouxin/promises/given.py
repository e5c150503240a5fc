"""Our own word: a company promise by an instant that an officer names ("we call you back by 15:00")."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_noop as msgid

from shouxin.core.audience import Audience
from shouxin.jurisdictions.acts import Act
from shouxin.jurisdictions.calendars import Calendar
from shouxin.jurisdictions.reckoning import Extension, Pause, Reckoning
from shouxin.jurisdictions.terms import Step, Unit, Wording

WARN_SHARE = 0.75
OUR_WORD = Wording(hant="我們的承諾", en="Our word", hans="我们的承诺")
# What keeps each of them. A promised call is kept by a call that reached the customer, never by an attempt.
KEPT_BY = {
    "callback": (Act.CALL_REACHED, Act.NAMED), "reply": (Act.ANSWER,), "progress": (Act.REPORT,),
    "papers": (Act.DONE,), "visit": (Act.DONE,), "payment": (Act.PAYMENT,),
}  # fmt: skip


@cache
def wordings() -> dict[str, Wording]:
    """What may be promised, by its code."""
    data = tomllib.loads((Path(__file__).parent / "data" / "given.toml").read_text(encoding="utf-8"))
    return {code: Wording.of(texts) for code, texts in data.items()}


@dataclass(frozen=True)
class Given:
    """One such promise; it answers what a rule answers, so that it runs, is shown and measured alike."""

    code: str
    until: datetime

    def __post_init__(self) -> None:
        if self.code not in wordings():
            raise ValueError(f"nobody may promise {self.code!r}")

    @property
    def title(self) -> Wording:
        return wordings()[self.code]

    @property
    def kept_by(self) -> tuple[Act, ...]:
        return KEPT_BY[self.code]

    suspensions = ()
    extensions = ()
    interest = None
    unit = Unit.HOURS
    source, article, breach = OUR_WORD, Wording(), Wording()

    def reckon(
        self, start_at: datetime, calendar: Calendar, pauses: Iterable[Pause] = (),
        extensions: Iterable[Extension] = (), begun_by: str = "",
    ) -> Reckoning:  # fmt: skip
        """Due at the named instant, whatever the calendar says. ValueError when that lies before the start."""
        if self.until <= start_at:
            raise ValueError("a promise lies ahead, not behind")
        zone = calendar.zone
        given_at, until = start_at.astimezone(zone), self.until.astimezone(zone)
        warn_at = start_at + (self.until - start_at) * WARN_SHARE
        steps = (
            Step(msgid("Promised"), msgid("on %(given_at)s"), {"given_at": given_at.isoformat()}),
            Step(msgid("Due"), msgid("%(due_at)s"), {"due_at": until.isoformat()}),
        )
        return Reckoning(until, (warn_at,), steps)

    def as_json(self) -> dict[str, Any]:
        return {
            "id": f"given-{self.code}", "version": 1, "code": self.code, "until": self.until.isoformat(),
            "jurisdiction": "company", "title": self.title.as_json(), "source": OUR_WORD.as_json(),
            "article": Wording().as_json(), "audience": str(Audience.CUSTOMER), "unit": str(Unit.HOURS),
            "kept_by": [str(act) for act in self.kept_by],
        }  # fmt: skip

    @classmethod
    def of(cls, plain: dict[str, Any]) -> "Given":
        return cls(plain["code"], datetime.fromisoformat(plain["until"]))
