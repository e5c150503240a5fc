"""The script of a case: what happens when, by whom, in which words. Two tellers tell it: the actions, and COPY."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from shouxin.demo.customers import Cover, Person
from shouxin.people.models import Staff


@dataclass(frozen=True)
class Event:
    """One thing that happens: open, take, reply, note, ask (for papers), papers, receive, hand_over, close …"""

    kind: str
    at: datetime
    by: Staff | None = None
    text: str = ""
    about: dict[str, Any] = field(default_factory=dict)


@dataclass
class Script:
    """A case from its opening to its end, or to today."""

    service: str
    channel: str
    subject: str
    body: str
    person: Person
    cover: Cover | None
    branch: str
    is_known: bool  # whether the asker was linked to a customer, or only said who he is
    story: dict[str, Any]
    events: list[Event] = field(default_factory=list)

    @property
    def opened_at(self) -> datetime:
        return self.events[0].at

    def until(self, now: datetime) -> "Script":
        """Nothing of it lies in the future."""
        self.events = [event for event in self.events if event.at < now]
        return self
