"""The telephone: staff write down what was said."""

from django.utils.translation import gettext_lazy as _

from shouxin.cases.channels import Channel

CHANNEL = Channel(code="phone", label=_("Telephone"), icon="phone", order=10, is_taken_down=True, is_spoken=True)
