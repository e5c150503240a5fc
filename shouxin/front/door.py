"""What the front gives to the house: the first entry of the rail, and where the search box leads."""

from django.urls import reverse
from django.utils.translation import gettext_lazy

from shouxin.core.audience import Audience
from shouxin.core.links import links
from shouxin.core.navigation import rail

rail(gettext_lazy("Today"), "today", "front:today", order=10)


@links("search")
def search_url(_id: int, audience: Audience) -> str:
    """Where the search box leads; customers have none."""
    return reverse("front:search") if audience != Audience.CUSTOMER else ""
