"""Erasure reaches what this room keeps beside the record: why a link was replaced."""

from shouxin.cases.models import Case
from shouxin.portal.models import LinkRenewal
from shouxin.record.erasing import Erasing


def forget(erasing: Erasing) -> None:
    """Erase the reasons in officers' own words; safe to run twice."""
    if erasing.person is not None:
        cases = [ref.id for ref in erasing.subjects if ref.kind == Case.ref_kind]
        LinkRenewal.objects.filter(case__in=cases).update(reason="")
