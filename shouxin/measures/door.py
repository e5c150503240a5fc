"""What measures give to the house: their place in the rail."""

from django.utils.translation import gettext_lazy as _

from shouxin.core.navigation import rail
from shouxin.measures.auditing import audit
from shouxin.record.verifying import keeps_copy

keeps_copy(audit)
rail(_("Figures"), "chart", "measures:list", order=60)
