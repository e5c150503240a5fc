"""How the record is: what the person on watch should know before it becomes a trouble."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.utils.translation import gettext as _

from shouxin.record.guarding import role_problem
from shouxin.record.partitions import missing_months
from shouxin.record.sealing import last_link

PATIENCE = timedelta(minutes=5)


@dataclass(frozen=True)
class Finding:
    """One thing that is not as it should be; amber can wait until tomorrow, red can't."""

    tone: str
    text: str


def unsealed_for(at: datetime) -> timedelta:
    """How long the oldest fact that is not yet sealed has waited."""
    with connection.cursor() as cursor:
        # OFFSET 0 keeps the planner from walking all facts by time in search of the first.
        cursor.execute(
            "SELECT min(recorded_at) FROM (SELECT recorded_at FROM record_fact WHERE xid >= %s OFFSET 0) AS unsealed",
            [last_link(connection).xid_until],
        )
        oldest = cursor.fetchone()[0]
    return max(at - oldest, timedelta(0)) if oldest else timedelta(0)


def findings(at: datetime) -> list[Finding]:
    """What the health page shows about the record; empty when all is well."""
    found = []
    if problem := role_problem():
        found.append(Finding("amber", _ROLE[problem]()))
    if months := missing_months(at):
        names = ", ".join(f"{month:%Y-%m}" for month in months)
        found.append(
            Finding("red", _("The record has no table for %(months)s: is the worker running?") % {"months": names})
        )
    if (waited := unsealed_for(at)) > PATIENCE:
        minutes = int(waited.total_seconds() // 60)
        found.append(Finding("amber", _("Facts have waited %(minutes)d minutes to be sealed.") % {"minutes": minutes}))
    return found


_ROLE = {
    "owner": lambda: _(
        "Pages are served as the owner of the database, who can change the record. "
        "Give them a role of their own by DATABASE_WEB_URL."
    ),
    "rights": lambda: _("The role that serves pages may change the record. Run record_grants as the owner."),
}
