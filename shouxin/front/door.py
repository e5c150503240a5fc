"""What the front gives to the house: the first entry of the rail."""

from django.utils.translation import gettext_lazy

from shouxin.core.navigation import rail

rail(gettext_lazy("Today"), "today", "front:today", order=10)
