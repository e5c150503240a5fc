"""Who may look at policies."""

from django.utils.translation import gettext_lazy as _

from shouxin.core.rights import right

SEE_POLICIES = right("policies.see", _("Find policies and the people on them"), posts="CT CC EC CR SP CL TL")
