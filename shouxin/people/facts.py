"""What happens to those who serve. Names lie in the people's own rows, never in a fact."""

from dataclasses import dataclass
from typing import ClassVar

from shouxin.core.audience import Audience
from shouxin.core.refs import Ref
from shouxin.record.facts import Fact


@dataclass(frozen=True, kw_only=True)
class CompanyFounded(Fact):
    """This home belongs to an insurer from now on."""


@dataclass(frozen=True, kw_only=True)
class SettingsChanged(Fact):
    """Who changed which setting of the house; what it says now lies in the setting."""

    what: str
    changed: list[str]


@dataclass(frozen=True, kw_only=True)
class HoursSet(Fact):
    """An office is open at other hours from a day on: promises that run by its calendar are due anew."""

    place: str
    from_on: str


@dataclass(frozen=True, kw_only=True)
class StaffJoined(Fact):
    joined_on: str


@dataclass(frozen=True, kw_only=True)
class StaffChanged(Fact):
    """Details of the account were changed; which, not what they are."""

    changed: list[str]


@dataclass(frozen=True, kw_only=True)
class StaffMoved(Fact):
    """Another post or team. The dimensions are those of the new place."""

    from_post: str
    from_team: str


@dataclass(frozen=True, kw_only=True)
class DepartureAnnounced(Fact):
    """A last day that is still to come; until then nothing changes for this person."""

    left_on: str


@dataclass(frozen=True, kw_only=True)
class StaffLeft(Fact):
    left_on: str


@dataclass(frozen=True, kw_only=True)
class StaffReturned(Fact):
    returned_on: str


@dataclass(frozen=True, kw_only=True)
class FunctionsChanged(Fact):
    """Rights beyond the post were given or taken."""

    given: list[str]
    taken: list[str]


@dataclass(frozen=True, kw_only=True)
class SkillGranted(Fact):
    skill: str


@dataclass(frozen=True, kw_only=True)
class SkillWithdrawn(Fact):
    skill: str


@dataclass(frozen=True, kw_only=True)
class DeputyNamed(Fact):
    deputy: Ref
    from_on: str
    until_on: str


@dataclass(frozen=True, kw_only=True)
class DeputyReleased(Fact):
    deputy: Ref


@dataclass(frozen=True, kw_only=True)
class PasswordLinkGiven(Fact):
    """Somebody who manages staff let a colleague set a new password: by a link they saw, or that was only mailed."""

    audience: ClassVar[Audience] = Audience.PERSON
    is_mailed: bool = False


@dataclass(frozen=True, kw_only=True)
class LeaderNamed(Fact):
    """Who leads the team; the subject is the leader."""

    leads: str


@dataclass(frozen=True, kw_only=True)
class AgentLeft(Fact):
    """An agent left, or will leave, the company on this day: the customers are to be told. The subject is the agent."""

    left_on: str
