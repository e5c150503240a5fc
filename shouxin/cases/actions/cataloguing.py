"""What the company says of its services, and the replies it has written once: changed by hand, every change a fact."""

import hashlib
from datetime import datetime
from secrets import token_hex
from typing import Any

from django.db import models, transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from shouxin.cases.facts import ServiceChanged, TemplateWritten
from shouxin.cases.models import ReplyTemplate, Service, past_papers
from shouxin.cases.rights import SETTINGS
from shouxin.cases.rules import unknown_placeholders
from shouxin.core.clock import now
from shouxin.core.guards import Refused
from shouxin.core.refs import Ref
from shouxin.core.rights import require
from shouxin.people.models import Staff
from shouxin.record.recording import record

HOUSE = Ref("company", 1)
SERVICE_FIELDS = (
    "name", "name_en", "name_hans", "posts", "skill", "priority", "papers", "promise_subjects", "is_online",
    "is_offered",
)  # fmt: skip
TEMPLATE_FIELDS = ("title", "body", "language", "is_offered")


def said(row: models.Model) -> dict[str, Any]:
    """What the row says, in plain values."""
    if isinstance(row, Service):
        return {name: getattr(row, name) for name in SERVICE_FIELDS}
    plain = {name: getattr(row, name) for name in TEMPLATE_FIELDS}
    return plain | {"services": sorted(row.services.values_list("pk", flat=True)) if row.pk else []}


def edition(row: models.Model) -> str:
    """A short mark of what the row says: who edits sends it along, so that nobody overwrites what he has not read."""
    return hashlib.sha256(repr(said(row)).encode()).hexdigest()[:16] if row.pk else ""


@transaction.atomic
def change_service(code: str, values: dict[str, Any], *, by: Staff, seen: str, at: datetime | None = None) -> Service:
    """Change an entry of the catalogue. Open cases keep promises and papers; what is opened from now on follows it."""
    require(by.has(SETTINGS))
    row = Service.objects.select_for_update(no_key=True).get(pk=code)
    _check(row, seen)
    before, at = said(row), at or now()
    changed = {name: [before[name], value] for name, value in values.items() if before[name] != value}
    if changed:
        row.past_papers = past_papers(row, values.get("papers", row.papers), at)
        for name, (_old, value) in changed.items():
            setattr(row, name, value)
        row.save(update_fields=[*changed, "past_papers"])
        record(ServiceChanged(subject=HOUSE, actor=by.ref, service=code, stage=row.stage, changed=changed), at=at)
    return row


@transaction.atomic
def write_template(
    values: dict[str, Any], *, by: Staff, number: int | None = None, seen: str = "", at: datetime | None = None
) -> ReplyTemplate:
    """Write a reply template, a new one or what number so-and-so says from now on; `values["services"]` are codes."""
    require(by.has(SETTINGS))
    if number is None:
        row = ReplyTemplate(code=f"{slugify(values['title'])[:30] or 'reply'}-{token_hex(3)}", position=999)
    else:
        row = ReplyTemplate.objects.select_for_update(no_key=True).get(pk=number)
        _check(row, seen)
    if unknown := unknown_placeholders(values["body"]):
        raise Refused(_("There is nothing to fill in for {%(name)s}.") % {"name": unknown[0]})
    before = said(row) if row.pk else {}
    for name in TEMPLATE_FIELDS:
        setattr(row, name, values[name])
    row.save()
    row.services.set(values["services"])
    if (after := said(row)) != before:
        record(TemplateWritten(subject=HOUSE, actor=by.ref, template=row.pk, before=before, said=after), at=at or now())
    return row


def _check(row: models.Model, seen: str) -> None:
    if edition(row) != seen:
        raise Refused(_("Someone else has changed this in the meantime. What you wrote is still here, not yet saved."))
