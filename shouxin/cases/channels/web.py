"""The public form and the page on which a customer follows the case."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from shouxin.cases.channels import Channel, Inbound

SAMPLE = {"subject": "理賠進度", "body": "請問辦到哪裡了?", "name": "王雅婷", "phone": "0912345417", "email": ""}


def parse(payload: dict[str, Any]) -> Inbound:
    return Inbound(**{name: str(payload.get(name, "")).strip() for name in SAMPLE})


CHANNEL = Channel(code="web", label=_("Web"), icon="web", order=50, parse=parse, sample=SAMPLE)
