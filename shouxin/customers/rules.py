"""Who may do what with a customer's record, and by which numbers it is found."""

from django.utils.translation import gettext_lazy as _

from shouxin.core.rights import right

EVERY_POST = "CT CC EC CR SP CL TL"
SEE_CUSTOMERS = right("customers.see", _("Find customers (personal data masked)"), posts=EVERY_POST)
SHOW_PERSONAL = right(
    "customers.show", _("Show masked personal data, for a reason that is recorded"), posts="CT CC EC CR CL TL",
    functions="compliance",
)  # fmt: skip
REGISTER = right("customers.register", _("Register customers and keep their contacts"), posts="CT CC EC CR CL TL")
MERGE = right("customers.merge", _("Merge duplicate customers, and undo a merge"), posts="TL EC")
ERASE = right("customers.erase", _("Erase a customer's personal data for good"), functions="compliance admin")
RECORD_AUTHORITY = right("customers.authority", _("Record who may act for a customer"), posts="CT EC CR CL TL")
