"""Complaints as they are looked for."""

from django.db.models import QuerySet

from shouxin.cases.models import Case
from shouxin.cases.queries import visible_to as visible_cases
from shouxin.complaints.models import Complaint
from shouxin.people.models import Staff


def visible_to(staff: Staff) -> QuerySet[Complaint]:
    """The complaints whose case this person may see, never those against himself."""
    mine = Complaint.objects.filter(case__in=visible_cases(staff)).exclude(against_staff=staff)
    return mine.select_related("case__service", "case__customer", "case__officer", "investigator", "against_agent")


def complaint_for(case: Case) -> Complaint | None:
    """The complaint this case is, with all that its page shows."""
    # Most cases are none, so nothing is joined; the few that are read what they show.
    found = Complaint.objects.filter(case=case).first()
    if found is not None:
        found.case = case
    return found
