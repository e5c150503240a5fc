"""Taking over the list of staff from a file: CSV or XLSX, one report line per row, wrong rows left out."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email, validate_slug
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shouxin.core.rights import require
from shouxin.people.actions import NewStaff, change, join, move, set_skills
from shouxin.people.models import Post, Skill, Staff, Team
from shouxin.people.rules import MANAGE_STAFF, NOT_ONESELF, NOT_YOURS, may_decide_over, may_move
from shouxin.people.tables import rows_under

# Column heads that are understood, as the page names them in each language.
HEADS = {
    "account": "account", "帳號": "account", "name": "name", "姓名": "name", "email": "email", "電子郵件": "email",
    "信箱": "email",
    "post": "post", "職位": "post", "team": "team", "組別": "team", "skills": "skills", "技能": "skills",
    "joined_on": "joined_on", "到職日": "joined_on",
    "账号": "account", "电子邮箱": "email", "电子邮件": "email", "职位": "post", "小组": "team",
    "入职日期": "joined_on",
}  # fmt: skip
NEEDED = ("account", "name", "post")
POST_WORDS = {
    "櫃面": "CT", "客服中心": "CC", "諮詢申訴": "EC", "客戶關係": "CR", "服務規劃": "SP", "理賠服務": "CL",
    "組長": "TL", "柜面": "CT", "咨询投诉": "EC", "客户关系": "CR", "服务规划": "SP", "理赔服务": "CL", "组长": "TL",
}  # fmt: skip
MOST_ROWS = 5000

NEW, CHANGED, SAME, WRONG = "new", "changed", "same", "wrong"


@dataclass(frozen=True)
class Line:
    """What became of one row of the file."""

    number: int
    account: str
    name: str
    result: str
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True)
class Report:
    lines: list[Line]
    is_trial: bool

    def count(self, result: str) -> int:
        return sum(line.result == result for line in self.lines)

    def sentence(self) -> str:
        """「新增 12 位,更新 3 位,2 列沒有讀進來。」"""
        parts = [
            ngettext("%(n)s new colleague", "%(n)s new colleagues", self.count(NEW)) % {"n": self.count(NEW)},
            ngettext("%(n)s changed", "%(n)s changed", self.count(CHANGED)) % {"n": self.count(CHANGED)},
            ngettext("%(n)s unchanged", "%(n)s unchanged", self.count(SAME)) % {"n": self.count(SAME)},
            ngettext("%(n)s row skipped", "%(n)s rows skipped", self.count(WRONG)) % {"n": self.count(WRONG)},
        ]
        return " · ".join(parts)


@dataclass
class _Known:
    teams: dict[str, Team]
    skills: dict[str, Skill]
    staff: dict[str, Staff]


def read_rows(filename: str, content: bytes) -> list[dict[str, str]]:
    """The rows of the file as texts under known heads. Raises Refused when it can't be read as a list of staff."""
    return rows_under(HEADS, filename, content, needed=NEEDED, most=MOST_ROWS)


@transaction.atomic
def import_staff(
    rows: list[dict[str, str]], *, by: Staff | None, today: date, is_trial: bool = False, at: datetime | None = None
) -> Report:
    """Take the rows over: new people join, known accounts are brought up to date, wrong rows are named."""
    require(by is None or by.has(MANAGE_STAFF))
    known = _Known(
        teams={key: team for team in Team.objects.select_related("branch") for key in (team.code, team.name)},
        skills={key: skill for skill in Skill.objects.all() for key in (skill.code, skill.name)},
        staff={staff.account: staff for staff in Staff.objects.select_related("team__branch")},
    )
    lines, seen = [], set()
    for number, row in enumerate(rows, start=2):
        account = row.get("account", "").lower()
        wanted, reasons = _understand(row, known, today)
        if account in seen:
            reasons.append(_("This account appears twice in the file."))
        seen.add(account)
        reasons += _not_to_decide(known.staff.get(account), wanted, by)
        if not any(row.values()):
            continue
        result = WRONG if reasons else _take(wanted, known, by=by, is_trial=is_trial, at=at)
        lines.append(Line(number, account, row.get("name", ""), result, tuple(reasons)))
    return Report(lines, is_trial)


def _understand(row: dict[str, str], known: _Known, today: date) -> tuple[dict[str, Any], list[str]]:
    """The row as values, and what is wrong with it."""
    wrong = []
    account, name, email = row.get("account", "").lower(), row.get("name", ""), row.get("email", "")
    if not _is_valid(validate_slug, account) or len(account) > 40:
        wrong.append(_("An account may contain only letters, digits, - and _, up to 40 characters."))
    if not name or len(name) > 60:
        wrong.append(_("The name is missing or too long."))
    if email and not _is_valid(validate_email, email):
        wrong.append(_("This is not an e-mail address: %(text)s") % {"text": email})
    post = POST_WORDS.get(row.get("post", ""), row.get("post", "").upper())
    if post not in Post.values:
        wrong.append(_("Unknown post: %(text)s") % {"text": row.get("post", "")})
    team = known.teams.get(row.get("team", ""))
    if row.get("team") and team is None:
        wrong.append(_("Unknown team: %(text)s") % {"text": row["team"]})
    skills = [text for text in row.get("skills", "").replace("、", ",").replace(";", ",").split(",") if text.strip()]
    if unknown := [text for text in skills if text.strip() not in known.skills]:
        wrong.append(_("Unknown skill: %(text)s") % {"text": ", ".join(unknown)})
    joined_on = _day(row.get("joined_on", "")) if row.get("joined_on") else today
    if joined_on is None:
        wrong.append(_("Write dates as 2026-11-24, not “%(text)s”.") % {"text": row["joined_on"]})
    values = {"account": account, "name": name, "email": email, "post": post, "team": team, "joined_on": joined_on}
    values["skills"] = [known.skills[text.strip()] for text in skills if text.strip() in known.skills]
    values["given"] = frozenset(name for name, value in row.items() if value)
    return values, wrong


def _not_to_decide(staff: Staff | None, wanted: dict[str, Any], by: Staff | None) -> list[str]:
    """What this row may not change, because it decides over the account of somebody with a function."""
    if staff is None:
        return []
    is_own, given, reasons = by is not None and by.pk == staff.pk, wanted["given"], []
    if "email" in given and wanted["email"] != staff.email and not (is_own or may_decide_over(by, staff)):
        reasons.append(str(NOT_YOURS))
    is_post_changed = wanted["post"] != staff.post
    is_moved = is_post_changed or ("team" in given and wanted["team"] != staff.team)
    if is_moved and not may_move(by, staff, is_post_changed=is_post_changed):
        reasons.append(str(NOT_ONESELF if is_own else NOT_YOURS))
    return list(dict.fromkeys(reasons))


def _is_valid(validator: Any, text: str) -> bool:
    try:
        validator(text)
    except ValidationError:
        return False
    return True


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.replace("/", "-"))
    except ValueError:
        return None


def _take(wanted: dict[str, Any], known: _Known, *, by: Staff | None, is_trial: bool, at: datetime | None) -> str:
    """One good row: join or bring up to date. What the file leaves empty stays as it is."""
    staff = known.staff.get(wanted["account"])
    given = wanted["given"]
    details = {name: wanted[name] for name in ("name", "email", "joined_on") if name in given}
    if staff is None:
        if not is_trial:
            fields = ("account", "name", "post", "joined_on", "team", "email")
            staff = join(NewStaff(**{name: wanted[name] for name in fields}), by=by, at=at)
            set_skills(staff, by=by, skills=wanted["skills"], at=at)
        return NEW
    team = wanted["team"] if "team" in given else staff.team
    skills = set(staff.skills.values_list("pk", flat=True))
    is_moved = (staff.post, staff.team) != (wanted["post"], team)
    is_skilled = "skills" in given and skills != {skill.pk for skill in wanted["skills"]}
    if not (is_moved or is_skilled or any(getattr(staff, name) != value for name, value in details.items())):
        return SAME
    if not is_trial:
        staff = move(change(staff, by=by, at=at, **details), by=by, post=wanted["post"], team=team, at=at)
        if is_skilled:
            set_skills(staff, by=by, skills=wanted["skills"], at=at)
    return CHANGED
