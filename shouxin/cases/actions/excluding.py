"""Keeping somebody out of a case that is about them."""

from collections.abc import Collection
from datetime import datetime

from shouxin.cases.actions.work import put_back
from shouxin.cases.models import Case, CaseExclusion
from shouxin.people.models import Staff


def keep_out(case: Case, staff: Collection[Staff], *, by: Staff | None, at: datetime) -> None:
    """These people, and no others, are kept out of this locked case from now on; who serves it loses it at once."""
    CaseExclusion.objects.filter(case=case).exclude(staff__in=staff).delete()
    for each in staff:
        CaseExclusion.objects.get_or_create(case=case, staff=each, defaults={"since": at})
    case.kept_out = sorted(each.pk for each in staff)
    case.drafts.filter(staff__in=staff).delete()
    if case.officer_id and case.is_open and case.keeps_out(case.officer):
        put_back(case, by=by, at=at)
