"""In the background: letters leave, counts are folded, what got lost is told, the list follows the promises."""

import contextlib
from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from shouxin.cases.actions.announcing import record_breach
from shouxin.cases.actions.attaching import check_files, remove_unnamed
from shouxin.cases.actions.letters import give_up_lost_letters, send_letter
from shouxin.cases.actions.promising import follow_promises
from shouxin.cases.models import Case
from shouxin.cases.policy_clocks import promise_about_policies
from shouxin.core.clock import now
from shouxin.core.refs import Ref
from shouxin.people.models import Staff
from shouxin.people.notices import notify
from shouxin.promises.models import Promise

# Rows that appear meanwhile are not seen and stay for the next time.
_FOLD = """
WITH gone AS (DELETE FROM cases_standing WHERE id <= (SELECT max(id) FROM cases_standing) RETURNING team, state, change)
INSERT INTO cases_standing (team, state, change)
SELECT team, state, sum(change) FROM gone GROUP BY team, state HAVING sum(change) <> 0
"""


@app.task(name="cases.send_letter", queue="letters", pass_context=False)
def send(letter: int) -> None:
    send_letter(letter)


@app.periodic(cron="* * * * *")
@app.task(name="cases.fold_standing", queueing_lock="cases.fold_standing", pass_context=False)
def fold_standing(timestamp: int = 0) -> None:
    """Add up the changes of the counts of cases, so that reading them stays a glance."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_FOLD)


@app.periodic(cron="17 3 * * *")
@app.task(name="cases.remove_unnamed", queueing_lock="cases.remove_unnamed", pass_context=False)
def sweep_files(timestamp: int = 0) -> None:
    """At night, files go that no row names: their form was refused, or their case erased."""
    remove_unnamed(before=now() - timedelta(days=1))


@app.periodic(cron="47 3 * * *")
@app.task(name="cases.check_files", queueing_lock="cases.check_files", pass_context=False)
def watch_files(timestamp: int = 0) -> None:
    """At night, each file is read: what is gone or another is counted on the health page."""
    check_files()


@app.periodic(cron="*/5 * * * *")
@app.task(name="cases.give_up_lost_letters", queueing_lock="cases.give_up_lost_letters", pass_context=False)
def give_up(timestamp: int = 0) -> None:
    give_up_lost_letters()


def ask_to_hand_over(fact: int, data: dict[str, Any]) -> None:
    """Somebody leaves: the leader of the team is asked to hand over what is open."""
    leaver = Staff.objects.select_related("team__leader").get(pk=Ref.parse(data["subject"]).id)
    count = Case.objects.open().filter(officer=leaver).count()
    leader = leaver.team.leader if leaver.team_id else None
    if count and leader and leader.pk != leaver.pk:
        text = _("%(name)s is leaving: please hand over %(count)d open cases.") % {"name": leaver.name, "count": count}
        url = reverse("cases:handovers", args=[leaver.account])
        notify(leader, text, url=url, key=f"leaver:{leaver.pk}:{data['left_on']}")


def follow(fact: int, data: dict[str, Any]) -> None:
    """A promise of a case changed elsewhere: its place in the lists follows."""
    if data.get("subject", "").startswith("case:"):
        follow_promises(Ref.parse(data["subject"]).id)


def breach(fact: int, data: dict[str, Any]) -> None:
    """A rule of a case was broken; where the law says what that brings about, the case says it too."""
    if data.get("subject", "").startswith("case:"):
        promise = Promise.objects.filter(pk=data["promise"]).first()
        if promise is not None and promise.broken_at is not None:
            record_breach(promise)


@app.periodic(cron="40 0 * * *")
@app.task(name="cases.promise_about_policies", queueing_lock="cases.promise_about_policies", pass_context=False)
def about_policies(timestamp: int = 0) -> None:
    """Every night: what began with what happened to policies, and what is due before their cover ends."""
    promise_about_policies(now())


def policy_event(fact: int, data: dict[str, Any]) -> None:
    """An agent left, or a policy was delivered: what it begins is promised at once, in parts, by a job of its own."""
    with contextlib.suppress(AlreadyEnqueued), transaction.atomic():  # the one that waits sees this too
        about_policies.defer()
