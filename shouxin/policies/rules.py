"""Who may look at policies, and who brings the mirror up to date."""

from django.utils.translation import gettext_lazy as _

from shouxin.core.rights import right

SEE_POLICIES = right("policies.see", _("Find policies and the people on them"), posts="CT CC EC CR SP CL TL")
IMPORT_POLICIES = right(
    "policies.import", _("Import policies and customers from files of the core system"), posts="SP", functions="admin"
)
