"""What settings and their fields are called where a fact says by code that they were changed."""

from collections.abc import Iterable

from django.db import models
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from shouxin.people.models import Agent, Branch, Company, Skill, Staff, Team

THINGS = {
    "company": (Company, _("Company")), "branch": (Branch, _("Office")), "team": (Team, _("Team")),
    "skill": (Skill, _("Skill")), "agent": (Agent, _("Agent")),
}  # fmt: skip
# Kept beside the row, not in one of its fields.
BESIDE = {"logo": _("Logo"), "password": _("Password"), "functions": _("Functions")}


def fields_named(model: type[models.Model], changed: Iterable[str]) -> list[str]:
    """The fields as their forms call them; one that is no more has no name of its own."""
    known = BESIDE | {field.name: field.verbose_name for field in model._meta.fields}
    return list(dict.fromkeys(str(known.get(name) or _t("other details")) for name in changed))


def staff_fields(changed: Iterable[str]) -> list[str]:
    return fields_named(Staff, changed)


def setting_named(what: str, changed: Iterable[str]) -> tuple[str, list[str]]:
    """The setting and its fields; one that has no name here is a setting all the same."""
    model, name = THINGS.get(what, (None, _("Settings")))
    return str(name), fields_named(model, changed) if model else [_t("other details")]
