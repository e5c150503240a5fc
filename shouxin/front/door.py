"""What the front gives to the house: the rail's first entry, where the search box leads, who is told of promises."""

from django.urls import reverse
from django.utils.translation import gettext_lazy

from shouxin.cases.facts import TouchReceived
from shouxin.core.audience import Audience
from shouxin.core.links import links
from shouxin.core.navigation import rail
from shouxin.front import declaring, escalating, jobs  # noqa: F401 - declaring fills a slot
from shouxin.promises.facts import PromiseBroken, PromiseExtended, PromiseRedued, PromiseWarned
from shouxin.record.subscribers import subscribe

subscribe(PromiseWarned, escalating.warn, name="front.warn")
subscribe(PromiseBroken, escalating.escalate, name="front.escalate")
subscribe(PromiseExtended, escalating.tell_of_new_instant, name="front.tell_of_new_instant")
subscribe(PromiseRedued, jobs.hold_letter, name="front.hold_letter")
subscribe(
    TouchReceived, escalating.tell_of_words_after_closing, name="front.tell_of_words_after_closing",
    only=lambda fact: fact.after_closing,
)  # fmt: skip
subscribe(
    TouchReceived, escalating.tell_of_documents, name="front.tell_of_documents",
    only=lambda fact: fact.files > 0 and not fact.after_closing,
)  # fmt: skip
rail(gettext_lazy("Today"), "today", "front:today", order=10)


@links("search")
def search_url(_id: int, audience: Audience) -> str:
    """Where the search box leads; customers have none."""
    return reverse("front:search") if audience != Audience.CUSTOMER else ""
