"""A letter on paper. What we write is printed and posted by a person, who then says so."""

from django.utils.translation import gettext_lazy as _

from shouxin.cases.channels import Channel

CHANNEL = Channel(code="letter", label=_("Letter"), icon="letter", order=40, is_taken_down=True)
