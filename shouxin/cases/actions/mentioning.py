"""A colleague named in a note with an @ is told of it, if they may see the case."""

import re
import unicodedata
from datetime import datetime

from django.utils import translation
from django.utils.translation import gettext as _

from shouxin.cases.models import Case
from shouxin.cases.rules import may_see
from shouxin.core.links import link_for
from shouxin.people.models import Staff
from shouxin.people.notices import MENTION, notify


def tell_mentioned(case: Case, body: str, *, by: Staff, fact: int, at: datetime) -> None:
    """Each colleague once a note; of names that begin alike the longest is meant."""
    text = unicodedata.normalize("NFKC", body)
    if "@" not in text:
        return
    people = [each for each in Staff.objects.serving() if each.pk != by.pk]
    named: dict[str, list[Staff]] = {}
    for each in people:
        for name in {unicodedata.normalize("NFKC", each.name), each.account}:
            named.setdefault(name.casefold(), []).append(each)
    longest_first = "|".join(re.escape(name) for name in sorted(named, key=len, reverse=True))
    # An address of mail has letters before its @, an account ends where its letters do.
    found = re.findall(rf"(?<![A-Za-z0-9._-])@({longest_first})(?![A-Za-z0-9_-])", text.casefold()) if named else []
    for each in dict.fromkeys(staff for name in found for staff in named[name]):
        if may_see(each, case):
            with translation.override(each.language):
                told = _("%(name)s mentions you in a note: %(number)s") % {"name": by.name, "number": case.number}
            notify(each, told, url=link_for(case.ref), at=at, key=f"{MENTION}{fact}")
