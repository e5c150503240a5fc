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
from shouxin.core.templatetags.moment import day, listed
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


# As lists of human resources call who holds these posts.
TITLES = {
    "CT": "櫃檯 櫃台 櫃面人員 櫃檯人員 櫃台人員 櫃面專員 櫃檯專員",
    "CC": "客服 客服專員 客服人員 電話客服 電話客服人員 客服代表 電訪人員",
    "EC": "申訴專員 申訴人員 申訴處理人員 諮詢申訴專員 客訴專員 客訴處理人員",
    "CR": "客戶關係專員 客戶關係人員 客戶經營專員",
    "SP": "服務規劃專員 服務規劃人員 企劃專員 規劃專員",
    "CL": "理賠專員 理賠人員 理賠服務專員 理賠服務人員",
    "TL": "組長 主任 小組長 課長",
}


@lru_cache
def posts() -> dict[str, str]:
    return words_of(Post, {title: code for code, titles in TITLES.items() for title in titles.split()})


def _post(text: str) -> str:
    """Refused with the list of what is known."""
    try:
        return choice(posts)(text)
    except Unreadable:
        known = _("Known are: %(posts)s.") % {"posts": listed(str(label) for label in Post.labels)}
        raise Unreadable(known) from None


def _name(text: str) -> str:
    """A name, not a formula of a spreadsheet."""
    name = read_text(text, 60)
    if name[:1] in tuple("=+-@"):
        raise Unreadable(_("A name can't begin with =, +, - or @."))
    return name


def _account(text: str) -> str:
    account = read_identifier(text, 40, spaces=True).lower()
    try:
        validate_slug(account)
    except ValidationError:
        raise Unreadable(_("An account may contain only letters, digits, - and _, up to 40 characters.")) from None
    return account


# Their headings in lists of human resources; Simplified Chinese follows by itself.
HEADS = {
    "email": (
        "電子郵件",
        "電子信箱",
        "信箱",
        "電子郵箱",
        "e-mail",
        "email",
        "mail",
        "電郵",
        "公司信箱",
        "電子郵件信箱",
    ),
    "joined_on": ("到職日", "到職日期", "入職日期", "報到日", "報到日期", "到任日期"),
}
COLUMNS = (
    Column("account", gettext_lazy("Account"), gettext_lazy("By it a colleague is known; letters, digits, - and _."),
           _account, "fang", ALWAYS, ("帳號", "登入帳號", "員工帳號", "使用者帳號")),
    Column("name", gettext_lazy("Name"), gettext_lazy("Up to 60 characters."), _name,
           "方雅雯", ALWAYS, ("姓名", "員工姓名", "中文姓名")),
    Column("email", gettext_lazy("E-mail"), gettext_lazy("Where the link for the first password is sent."), read_mail,
           "fang@example.com", names=HEADS["email"]),
    Column("post", gettext_lazy("Post"), gettext_lazy("One of the posts; the page lists them."), _post,
           "客服中心", ALWAYS, ("職位", "職稱", "職務", "崗位")),
    Column("team", gettext_lazy("Team"), gettext_lazy("Code or name of a team known here."),
           partial(read_text, longest=60), names=("組別", "小組", "單位", "部門", "團隊", "所屬單位")),
    Column("skills", gettext_lazy("Skills"), gettext_lazy("Several are separated by 、 or commas."),
           partial(read_text, longest=400), names=("技能", "專長")),
    Column("joined_on", gettext_lazy("Joined on"), gettext_lazy("2026-11-24 or 115/11/24; empty: today."), None,
           "2026-11-02", names=HEADS["joined_on"], window=Window(ahead=366)),
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
        lines.append(Line(row.number, account, outcome, tuple(row.reasons or row.remarks)))
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
    row.remarks += _differences(row, staff, team, skills if is_skilled else None)
    staff = change(staff, by=by, at=at, **details)
    if is_moved:
        staff = move(staff, by=by, post=says["post"], team=team, at=at)
    if is_skilled:
        set_skills(staff, by=by, skills=skills, at=at)
    return CHANGED


def _differences(row: Row, staff: Staff, team: Team | None, skills: list[Skill] | None) -> list[str]:
    """What the row changes of somebody known: each field as it was and as it will be; what goes is said."""
    says, held = row.says, {skill.pk: skill.name for skill in staff.skills.order_by("pk")}
    was = {"name": staff.name, "email": staff.email, "joined_on": staff.joined_on, "post": staff.post}
    said = [
        _("%(field)s: %(before)s → %(after)s")
        % {"field": column.title, "before": _shown(was[column.name]), "after": _shown(says[column.name])}
        for column in COLUMNS if column.name in was and column.name in says and was[column.name] != says[column.name]
    ]  # fmt: skip
    if team != staff.team:
        told = {"field": _("Team"), "before": _shown(staff.team), "after": _shown(team)}
        said.append(_("%(field)s: %(before)s → %(after)s") % told)
    if skills is not None:
        wanted = {skill.pk: skill.name for skill in skills}
        told = {"field": _("Skills"), "before": _shown(held.values()), "after": _shown(wanted.values())}
        said.append(_("%(field)s: %(before)s → %(after)s") % told)
        if gone := [name for key, name in held.items() if key not in wanted]:
            said.append(_("Removed skills: %(skills)s.") % {"skills": listed(gone)})
    return said


def _shown(value: Any) -> str:
    if isinstance(value, date):
        return day(value)
    if isinstance(value, Team):
        return value.name
    if isinstance(value, str):
        return str(dict(Post.choices).get(value, value)) or _("none")
    return listed(value or ()) or _("none")
