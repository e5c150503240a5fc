"""An answer after which nothing is owed that a reply can keep."""

from datetime import datetime

from shouxin.cases.actions import reply
from shouxin.cases.models import Case, Touch
from shouxin.cases.rules import named_act
from shouxin.people.models import Staff
from shouxin.promises.models import Promise
from shouxin.promises.terms import acts_of


def named(case: Case) -> tuple[int, ...]:
    """The promises an officer could say that a reply keeps."""
    return tuple(each.pk for each in Promise.objects.about(case.ref).owed() if named_act(acts_of(each)))


def answer(case: Case, *, by: Staff, at: datetime, body: str = "這是您要的答覆。") -> Touch:
    return reply(case, by=by, body=body, at=at, keeps=named(case))
