"""Which story may happen to whom: the product, its age, the customer's age, and whether his agent has left."""

from datetime import date, timedelta
from random import Random
from typing import Any

from shouxin.demo.corpus import stories
from shouxin.demo.customers import Cover

TRIES = 40
# Who has just received his policy may still give it back.
FRESH = (4, 12)
USUAL = ("in_force", "paid_up", "grace")


def fits(story: dict[str, Any], cover: Cover, day: date, channel: str) -> bool:
    """Whether this may be said about that policy on that day."""
    owned = (day - cover.issued).days
    if owned < story.get("min_days", 20) or owned > story.get("max_days", 99_999):
        return False
    if cover.state not in story.get("states", USUAL):
        return False
    for name, value in (("lines", cover.line), ("products", cover.product), ("channels", channel)):
        if name in story and value not in story[name]:
            return False
    if story.get("agent") == "left" and not _has_lately_left(cover, day, story.get("left_days", 99_999)):
        return False
    age = day.year - cover.holder.born
    return story.get("min_age", 20) <= age <= story.get("max_age", 99)


def _has_lately_left(cover: Cover, day: date, days: int) -> bool:
    return cover.agent_left_on is not None and 14 < (day - cover.agent_left_on).days < days


class Matching:
    """Chooses a story and a policy it fits."""

    def __init__(self, covers: list[Cover]) -> None:
        self.covers = covers
        self.weights = [story["weight"] for story in stories()]
        self.orphaned = [cover for cover in covers if cover.agent_left_on]
        self.fresh: dict[date, list[Cover]] = {}
        for cover in covers:
            self.fresh.setdefault(cover.issued, []).append(cover)

    def draw(self, random: Random, day: date, channel: str, needs_papers: bool = False) -> tuple[dict[str, Any], Cover]:
        """A story by its weight; another one where nobody is found whom it fits."""
        while True:
            story = random.choices(stories(), self.weights)[0]
            if needs_papers and "papers" not in story:
                continue
            if cover := self.cover_for(story, random, day, channel):
                return story, cover

    def cover_for(
        self, story: dict[str, Any], random: Random, day: date, channel: str, branch: str = ""
    ) -> Cover | None:
        """Somebody's policy that the story fits, of customers of a branch where one is named."""
        covers = self.orphaned if "agent" in story else self.covers
        if "max_days" in story:
            covers = self._fresh(day)
        for _ in range(TRIES * (10 if branch else 1)):
            if not covers:
                return None
            cover = random.choice(covers)
            if (not branch or cover.holder.branch == branch) and fits(story, cover, day, channel):
                return cover
        return None

    def _fresh(self, day: date) -> list[Cover]:
        days = (day - timedelta(days=back) for back in range(*FRESH))
        return [cover for each in days for cover in self.fresh.get(each, ())]
