"""What the customer sent after a request for documents and nobody has looked at yet: whose turn it is."""

from datetime import datetime

from django.db.models import DateTimeField, Exists, Max, OuterRef, QuerySet, Subquery
from django.db.models.functions import Greatest

from shouxin.cases.models import Attachment, Case, Direction, Paper
from shouxin.cases.models.case import CaseQuerySet
from shouxin.people.models import Staff


def _said_of_papers(case: OuterRef | int) -> QuerySet[Paper]:
    """When something was last said of a document of the case: asked for, received, not needed."""
    last = Greatest("asked_at", "received_at", "waived_at")
    return Paper.objects.filter(case=case).order_by().values("case").annotate(last=Max(last)).values("last")


def _awaited(case: OuterRef | int) -> QuerySet[Paper]:
    return Paper.objects.filter(case=case, asked_at__isnull=False, received_at=None, waived_at=None)


def to_check(case: Case) -> list[Attachment]:
    """The files that came since a document was last asked for or ticked, while some are still awaited."""
    if not case.is_open or not _awaited(case.pk).exists():
        return []
    last: datetime = _said_of_papers(case.pk).get()["last"]
    came = Attachment.objects.filter(case=case, touch__direction=Direction.INBOUND, erased_at=None, touch__at__gt=last)
    return list(came.select_related("touch").order_by("touch__at", "pk"))


def have_all_come(case: Case, *, files: int) -> bool:
    """Whether there is a file for each document that is awaited, `files` more included."""
    awaited = _awaited(case.pk).count() if files else 0
    return awaited > 0 and len(to_check(case)) + files >= awaited


def cases_to_check(officer: Staff) -> CaseQuerySet:
    """The open cases of this officer in which documents came that nobody has looked at."""
    last = Subquery(_said_of_papers(OuterRef(OuterRef("pk"))), output_field=DateTimeField())
    came = Attachment.objects.filter(
        case=OuterRef("pk"), touch__direction=Direction.INBOUND, erased_at=None, touch__at__gt=last
    )
    mine = Case.objects.filter(officer=officer).open()
    return mine.filter(Exists(_awaited(OuterRef("pk"))), Exists(came)).order_by("due_at", "pk")
