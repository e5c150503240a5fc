"""Taking over the list of staff from a file: one report line per row, wrong rows left out."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_slug
from django.db import connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from shouxin.core.clock import day_of, now
from shouxin.core.guards import Refused
from shouxin.core.rights import NotAllowed, require
from shouxin.people.actions import NewStaff, change, join, move, set_skills
from shouxin.people.models import Post, Skill, Staff, Team
from shouxin.people.rules import MANAGE_STAFF
from shouxin.tables.columns import ALWAYS, Column, Row, choice, heads, understand, words_of
from shouxin.tables.days import Unreadable, Window
from shouxin.tables.importers import CHANGED, NEW, REJECTED, REMARK, SAME, Counts, Line, Work
from shouxin.tables.parsing.cells import folded
from shouxin.tables.reading import Choices, Wanted, opened
from shouxin.tables.words import read_identifier, read_mail, read_text

MOST_ROWS = 5000


@lru_cache
def posts() -> dict[str, str]:
    return words_of(Post)


def _account(text: str) -> str:
    account = read_identifier(text, 40, spaces=True).lower()
    try:
        validate_slug(account)
    except ValidationError:
        raise Unreadable(_("An account may contain only letters, digits, - and _, up to 40 characters.")) from None
    return account


COLUMNS = (
    Column("account", gettext_lazy("Account"), gettext_lazy("By it a colleague is known; letters, digits, - and _."),
           _account, "fang", ALWAYS, ("帳號", "账号")),
    Column("name", gettext_lazy("Name"), gettext_lazy("Up to 60 characters."), partial(read_text, longest=60),
           "方雅雯", ALWAYS, ("姓名",)),
    Column("email", gettext_lazy("E-mail"), gettext_lazy("Where the link for the first password is sent."), read_mail,
           "fang@example.com", names=("電子郵件", "電子信箱", "信箱", "电子邮箱", "e-mail")),
    Column("post", gettext_lazy("Post"), gettext_lazy("One of the posts; the page lists them."), choice(posts),
           "客服中心", ALWAYS, ("職位", "职位")),
    Column("team", gettext_lazy("Team"), gettext_lazy("Code or name of a team known here."),
           partial(read_text, longest=60), names=("組別", "小組", "小组")),
    Column("skills", gettext_lazy("Skills"), gettext_lazy("Several are separated by 、 or commas."),
           partial(read_text, longest=400), names=("技能",)),
    Column("joined_on", gettext_lazy("Joined on"), gettext_lazy("2026-11-24 or 115/11/24; empty: today."), None,
           "2026-11-02", names=("到職日", "到職日期", "入职日期"), window=Window(ahead=366)),
)  # fmt: skip
NEEDED = tuple(column.name for column in COLUMNS if column.need == ALWAYS)


@dataclass
class Report:
    lines: list[Line]
    is_trial: bool
    notes: list[str] = field(default_factory=list)

    def count(self, outcome: str) -> int:
        return sum(line.outcome == outcome for line in self.lines)

    @property
    def counts(self) -> Counts:
        return {
            "rows_read": len(self.lines), "staff_new": self.count(NEW), "staff_changed": self.count(CHANGED),
            "staff_same": self.count(SAME), "rows_skipped": self.count(REJECTED), "rows_remarks": self.count(REMARK),
        }  # fmt: skip

    def sentence(self) -> str:
        return told_of(self.counts)


def told_of(counts: Counts) -> str:
    """「新增 12 位,更新 3 位,2 列沒有讀進來。」"""
    new, skipped = counts["staff_new"], counts["rows_skipped"]
    changed, same = counts["staff_changed"], counts["staff_same"]
    return " · ".join([
        ngettext("%(n)s new colleague", "%(n)s new colleagues", new) % {"n": new},
        ngettext("%(n)s changed", "%(n)s changed", changed) % {"n": changed},
        ngettext("%(n)s unchanged", "%(n)s unchanged", same) % {"n": same},
        ngettext("%(n)s row skipped", "%(n)s rows skipped", skipped) % {"n": skipped},
    ])  # fmt: skip


@dataclass
class Told:
    rows: list[Row]
    notes: list[str]


@dataclass
class _Known:
    teams: dict[str, Team]
    skills: dict[str, Skill]
    staff: dict[str, Staff]


def read(file: Path, choices: Choices | None = None) -> Told:
    """The rows of the file. Raises Refused when it can't be read as a list of staff."""
    titles = {column.name: str(column.title) for column in COLUMNS}
    wanted = Wanted(heads(COLUMNS), NEEDED, titles, ("joined_on",), "account", MOST_ROWS)
    with opened(file, wanted, choices) as table:
        rows = list(table.rows())
        for row in rows:
            if not row.is_remark:
                understand(row, COLUMNS, table.manner)
        return Told(rows, table.notes)


def carry_out(work: Work) -> Iterator[Counts]:
    """What the worker does with a file that was sent in."""
    told = read(work.file, work.choices)
    report = import_staff(told.rows, by=work.by, today=day_of(now()), is_trial=work.is_trial)
    work.lines, work.notes = report.lines, told.notes
    yield report.counts


@transaction.atomic
def import_staff(
    rows: list[Row], *, by: Staff | None, today: date, is_trial: bool = False, at: datetime | None = None
) -> Report:
    """Take the rows over: new people join, known accounts are brought up to date, wrong rows are named.

    A trial does all of it and takes it back.
    """
    require(by is None or by.has(MANAGE_STAFF))
    known = _Known(
        teams={folded(key): team for team in Team.objects.select_related("branch") for key in (team.code, team.name)},
        skills={folded(key): skill for skill in Skill.objects.all() for key in (skill.code, skill.name)},
        staff={staff.account: staff for staff in Staff.objects.select_related("team__branch")},
    )
    lines, seen = [], set()
    for row in rows:
        account = row.says.get("account", "")
        if row.is_remark:
            lines.append(Line(row.number, "", REMARK))
            continue
        _check(row, known)
        if account in seen:
            row.reasons.append(_("This account appears twice in the file."))
        seen.add(account)
        outcome = REJECTED if row.reasons else _take_or_say(row, known, by=by, today=today, at=at)
        lines.append(Line(row.number, account, outcome, tuple(row.reasons)))
    if is_trial:
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        transaction.set_rollback(True)
    return Report(lines, is_trial)


def _check(row: Row, known: _Known) -> None:
    """Teams and skills must be known here."""
    team = row.says.get("team")
    if team and folded(team) not in known.teams:
        row.reasons.append(_("Unknown team: %(text)s") % {"text": team})
    if unknown := [text for text in _skills(row) if folded(text) not in known.skills]:
        row.reasons.append(_("Unknown skill: %(text)s") % {"text": ", ".join(unknown)})


def _skills(row: Row) -> list[str]:
    text = row.says.get("skills", "")
    for mark in "、；;，/":
        text = text.replace(mark, ",")
    return [part.strip() for part in text.split(",") if part.strip()]


def _take_or_say(row: Row, known: _Known, *, by: Staff | None, today: date, at: datetime | None) -> str:
    try:
        with transaction.atomic():
            return _take(row, known, by=by, today=today, at=at)
    except (NotAllowed, Refused) as refusal:
        row.reasons.append(str(refusal))
        return REJECTED


def _take(row: Row, known: _Known, *, by: Staff | None, today: date, at: datetime | None) -> str:
    """One good row: join or bring up to date. What the file leaves empty stays as it is."""
    says, staff = row.says, known.staff.get(row.says["account"])
    team = known.teams[folded(says["team"])] if "team" in says else staff.team if staff else None
    skills = [known.skills[folded(text)] for text in _skills(row)]
    if staff is None:
        person = NewStaff(
            says["account"], says["name"], says["post"], says.get("joined_on", today), team, says.get("email", "")
        )
        set_skills(join(person, by=by, at=at), by=by, skills=skills, at=at)
        return NEW
    details: dict[str, Any] = {name: says[name] for name in ("name", "email", "joined_on") if name in says}
    held = set(staff.skills.values_list("pk", flat=True))
    is_skilled = "skills" in says and held != {skill.pk for skill in skills}
    is_moved = (staff.post, staff.team) != (says["post"], team)
    if not (is_moved or is_skilled or any(getattr(staff, name) != value for name, value in details.items())):
        return SAME
    staff = change(staff, by=by, at=at, **details)
    if is_moved:
        staff = move(staff, by=by, post=says["post"], team=team, at=at)
    if is_skilled:
        set_skills(staff, by=by, skills=skills, at=at)
    return CHANGED
