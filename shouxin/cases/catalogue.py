"""The catalogue of services and the first reply templates: data files, loaded as often as you like."""

import tomllib
from pathlib import Path
from typing import Any

from shouxin.cases.models import STAGE_OF_LETTER, ReplyTemplate, Service, past_papers
from shouxin.core.clock import now
from shouxin.core.simplified import simplified

DATA = Path(__file__).parent / "data"


def services() -> list[dict[str, Any]]:
    """The fields of every service of the data file."""
    data = tomllib.loads((DATA / "services.toml").read_text("utf-8"))
    papers = data["paper"]
    return [
        {
            "code": each["code"],
            "stage": STAGE_OF_LETTER[each["code"][0]].value,
            "name": each["name"],
            "name_en": each["name_en"],
            "name_hans": each.get("name_hans") or simplified(each["name"]),
            "posts": each["posts"],
            "skill": each["skill"],
            "priority": each.get("priority", 3),
            "papers": [
                {"code": code, **papers[code]}
                | ({"is_optional": True} if code in each.get("if_it_applies", ()) else {})
                for code in each.get("papers", [])
            ],
            "promise_subjects": each["promises"],
            "opening_events": each["begins"],
            "position": position,
            "is_online": each.get("is_online", False),
        }
        for position, each in enumerate(data["service"])
    ]


def load_catalogue(
    service: type[Service] = Service, template: type[ReplyTemplate] = ReplyTemplate, *, spared: frozenset = frozenset()
) -> int:
    """Bring the database to the data files, but for `spared`; what was switched off stays so, templates as written."""
    # A migration brings the model of its own time, which may lack what was added later.
    known = {field.name for field in service._meta.get_fields()}
    rows = [
        {name: value for name, value in row.items() if name in known} for row in services() if row["code"] not in spared
    ]
    fields = [name for name in rows[0] if name != "code"]
    if "past_papers" in known:
        fields.append("past_papers")
        before, at = service.objects.in_bulk(), now()
        for row in rows:
            old = before.get(row["code"])
            row["past_papers"] = past_papers(old, row["papers"], at) if old else []
    service.objects.bulk_create(
        [service(**row) for row in rows], update_conflicts=True, unique_fields=["code"], update_fields=fields
    )
    templates = tomllib.loads((DATA / "templates.toml").read_text("utf-8"))["template"]
    template.objects.bulk_create(
        [template(**row, position=position) for position, row in enumerate(templates)], ignore_conflicts=True
    )
    return len(rows)
