"""Who may do what with cases."""

from django.utils.translation import gettext_lazy as _

from shouxin.core.rights import right
from shouxin.people.models import Post

SEE = right("cases.see", _("See cases"), posts="CT CC EC CR SP CL TL", functions="compliance")
TAKE_IN = right("cases.take-in", _("Register customers' requests"), posts="CT CC EC CR CL TL")
SERVE = right("cases.serve", _("Take, answer and close cases"), posts="CT CC EC CR SP CL TL")
DIRECT = right("cases.direct", _("Assign cases and take them back"), posts="TL")
LINK_CUSTOMER = right("cases.link-customer", _("Identify the customer of a case"), posts="CT CC EC CR CL TL")
SETTINGS = right("cases.settings", _("Change the service catalogue and reply templates"), posts="SP", functions="admin")

# Counter staff see what belongs to their branch or team; the central posts see the whole company's.
BRANCH_POSTS = frozenset({Post.CT})
