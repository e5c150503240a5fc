"""A customer who comes by without a ticket, or whom an officer visits."""

from django.utils.translation import gettext_lazy as _

from shouxin.cases.channels import Channel

CHANNEL = Channel(code="walk_in", label=_("Walk-in"), icon="person", order=30, is_taken_down=True, is_spoken=True)
