"""The customer's door: links that can be replaced."""

from django.conf import settings
from django.db import models

from shouxin.cases.models import Case


class LinkRenewal(models.Model):
    """A new secret for a case's link. The first link needs no row; each renewal makes the earlier ones void."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="link_renewals")
    generation = models.PositiveSmallIntegerField()
    nonce = models.CharField(max_length=32)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT)
    at = models.DateTimeField()
    reason = models.CharField(max_length=200)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "generation"], name="link_generation_once")]
