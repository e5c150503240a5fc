"""The counter: the customer has a ticket and sits in front of us."""

from django.utils.translation import gettext_lazy as _

from shouxin.cases.channels import Channel

CHANNEL = Channel(code="counter", label=_("Counter"), icon="counter", order=20, is_taken_down=True, is_spoken=True)
