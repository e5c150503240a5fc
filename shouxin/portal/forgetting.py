"""Erasure reaches what this room keeps beside the record: why a link was replaced, and the links themselves."""

import secrets

from django.db.models import Max

from shouxin.cases.models import Case
from shouxin.portal.models import LinkRenewal
from shouxin.record.erasing import Erasing


def forget(erasing: Erasing) -> None:
    """Erase the reasons in officers' own words, and end the links: nothing is left that would open them."""
    if erasing.person is not None:
        cases = [ref.id for ref in erasing.subjects if ref.kind == Case.ref_kind]
        LinkRenewal.objects.filter(case__in=cases).update(reason="")
        for case in Case.objects.filter(pk__in=cases).annotate(last=Max("link_renewals__generation")):
            LinkRenewal.objects.create(
                case=case,
                generation=(case.last or 0) + 1,
                nonce=secrets.token_hex(16),
                by=None,
                at=erasing.at,
                reason="",
            )
