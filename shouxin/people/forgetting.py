"""Erasure reaches what this room keeps of customers: notices that name one."""

from django.db.models import Q

from shouxin.people.models import Notice
from shouxin.record.erasing import Erasing

NOTHING = "–"


def forget(erasing: Erasing) -> None:
    """Empty the notices that name an erased person; safe to run twice."""
    if erasing.person is None:
        return
    named = Q(pk__in=[])
    for word in erasing.words:
        named |= Q(text__contains=word)  # our addresses hold numbers, no words
    Notice.objects.filter(named).update(text=NOTHING, url="")
