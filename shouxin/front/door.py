"""What the front gives to the house: the rail's first entry, where the search box leads, who is told of promises."""

from django.urls import reverse
from django.utils.translation import gettext_lazy

from shouxin.cases.facts import TouchReceived
from shouxin.core.audience import Audience
from shouxin.core.links import links
from shouxin.core.navigation import rail
from shouxin.front import declaring, escalating, jobs  # noqa: F401 - declaring fills a slot
from shouxin.promises.facts import PromiseBroken, PromiseExtended, PromiseRedued, PromiseWarned
from shouxin.record.hearing import hears

hears(PromiseWarned, escalating.warn)
hears(PromiseBroken, escalating.escalate)
hears(PromiseExtended, escalating.tell_of_new_instant)
hears(PromiseRedued, jobs.hold_letter)
hears(TouchReceived, escalating.tell_of_words_after_closing, only=lambda fact: fact.after_closing)
rail(gettext_lazy("Today"), "today", "front:today", order=10)


@links("search")
def search_url(_id: int, audience: Audience) -> str:
    """Where the search box leads; customers have none."""
    return reverse("front:search") if audience != Audience.CUSTOMER else ""
