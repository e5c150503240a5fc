"""How the house is, for the person on watch: each part with a word, what is not as it should be first."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shouxin.cases.models import Attachment, Letter
from shouxin.core import health
from shouxin.core.counts import bounded
from shouxin.core.loops import FRESH_FOR
from shouxin.core.models import Heartbeat
from shouxin.core.rights import right
from shouxin.people.address import is_answered, is_only_here, public_url
from shouxin.people.mailing import leaves, server
from shouxin.record.guarding import role_problem
from shouxin.record.partitions import missing_months
from shouxin.record.sealing import last_link
from shouxin.record.watching import Finding, findings, unsealed_for

HEALTH = right("front.health", gettext_lazy("View system health"), functions="admin compliance")
TONES = {"ok": "kept", "starting": "soon", "low": "soon"}
WORDS = {
    "ok": gettext_lazy("normal"), "starting": gettext_lazy("starting"), "gone": gettext_lazy("no report"),
    "stuck": gettext_lazy("stuck"), "failing": gettext_lazy("failing"), "unreachable": gettext_lazy("unreachable"),
    "unknown": gettext_lazy("unknown"), "low": gettext_lazy("nearly full"), "full": gettext_lazy("full"),
    "set aside": gettext_lazy("set aside"),
}  # fmt: skip


# The worker and its loops, as their readers call what they do.
LOOPS = {
    "worker": gettext_lazy("Background work"), "promises": gettext_lazy("Watching the promises"),
    "sealing": gettext_lazy("Sealing the record"),
}  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One thing that is watched: its name, a word, a tone beside the word, and more to know."""

    name: str
    word: str
    tone: str = "kept"
    text: str = ""
    at: datetime | None = None


@dataclass(frozen=True)
class House:
    findings: list[Finding]
    parts: list[Line]
    record: list[Line]
    loops: list[Line]

    @property
    def is_well(self) -> bool:
        return not self.findings and all(line.tone == "kept" for line in (*self.parts, *self.record, *self.loops))


def house(at: datetime) -> House:
    """Everything the page shows; a dozen small queries."""
    return House(findings(at), _parts(at), _record(at), _loops(at))


def _line(name: str, state: str, **more: object) -> Line:
    return Line(name, str(WORDS.get(state, state)), TONES.get(state, "overdue"), **more)


def _parts(at: datetime) -> list[Line]:
    names = {
        "disk": _("Disk"), "jobs": _("Background jobs"),
        "web": _("Web pages"), "database": _("Database"), "worker": _("Background work"),
        "sealing": _("Sealing"),
    }  # fmt: skip
    lines = [_line(names[part], state) for part, state in health.parts(at).items()]
    lines = [replace(line, text=_set_aside()) if line.name == names["jobs"] else line for line in lines]
    failed = bounded(Letter.objects.failed())
    tone = "kept" if failed == "0" else "overdue"
    damaged = bounded(Attachment.objects.damaged())
    whole = "kept" if damaged == "0" else "overdue"
    files = Line(_("Files"), _("%(count)s damaged or missing") % {"count": damaged}, whole)
    letters = Line(_("Letters"), _("%(count)s not sent") % {"count": failed}, tone)
    return [*lines, files, letters, *_without_mail(), _address()]


def _without_mail() -> list[Line]:
    """Amber where letters only lie here as files."""
    if leaves():
        return []
    text = _("No mail server is set: letters are filed on this server, and nobody receives them.")
    return [Line(_("Outgoing mail"), _("filed, not sent"), "soon", text)]


def _set_aside() -> str:
    """Which jobs ended the worker three times and wait for somebody to look."""
    jobs = health.jobs_set_aside()
    listed = ", ".join(f"{task} ({key})" for key, task in jobs)
    return _("Ended the worker three times and were set aside: %(jobs)s") % {"jobs": listed} if jobs else ""


def _address() -> Line:
    """Red where letters go out with links that their readers can't open."""
    url, name = public_url(), _("Public address")
    if is_only_here(url):
        text = _("%(url)s works on this machine only: links in letters are dead.") % {"url": url}
        return Line(name, _("only here"), "overdue" if server() else "kept", text)
    if not is_answered(url):
        text = _("This server does not answer to %(url)s: add its name to SHOUXIN_HOSTS.") % {"url": url}
        return Line(name, _("not answered"), "overdue", text)
    return Line(name, _("set"), "kept", url)


def _record(at: datetime) -> list[Line]:
    waited, months, trouble = int(unsealed_for(at).total_seconds()), missing_months(at), role_problem()
    return [
        Line(
            _("Sealing behind by"), _("%(seconds)s seconds") % {"seconds": waited}, "kept" if waited <= 60 else "soon",
            _("Last sealed batch: %(batch)s") % {"batch": last_link(connection).batch},
        ),
        Line(_("Tables of this month and the next"), _("missing") if months else _("ready"),
             "overdue" if months else "kept"),
        Line(_("Roles of the database"), _("one") if trouble else _("two"),
             "soon" if trouble else "kept",
             _("Pages are served by a role that cannot change facts.") if not trouble else ""),
    ]  # fmt: skip


def _loops(at: datetime) -> list[Line]:
    """The worker and each of its loops: the latest sign of life."""
    return [
        _line(
            str(LOOPS.get(beat.name, beat.name)), beat.state if at - beat.beat_at < FRESH_FOR else "gone",
            text=beat.trouble, at=beat.beat_at,
        )
        for beat in Heartbeat.objects.order_by("name")
    ]  # fmt: skip
