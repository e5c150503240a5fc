"""What measures give to the house: their place in the rail."""

from django.utils.translation import gettext_lazy as _

from shouxin.core.navigation import rail

rail(_("Figures"), "chart", "measures:list", order=60)
