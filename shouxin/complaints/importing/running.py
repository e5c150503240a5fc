"""One import from its file to its report: the same for the command and the web page."""

import csv
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.text import get_valid_filename
from procrastinate.contrib.django import app

from shouxin.complaints.importing.grouping import Rejection, group
from shouxin.complaints.importing.mapping import Mapping, MappingProblem, parse_mapping
from shouxin.complaints.importing.reading import FileProblem, read_rows
from shouxin.complaints.importing.writing import Tally, write
from shouxin.complaints.models import ImportRun
from shouxin.core.clock import company_zone, now
from shouxin.people.models import Staff

COUNTS = ("rows_read", "cases_created", "cases_changed", "cases_unchanged", "rows_rejected")


def folder() -> Path:
    """Where imports keep their files; nobody but this house reads them."""
    found = Path(settings.HOME) / "imports"
    found.mkdir(parents=True, exist_ok=True, mode=0o700)
    return found


def importing(file: Path, mapping: Mapping, *, is_dry_run: bool) -> Iterator[Tally]:
    """Read, group and write; the tally after each chunk. Raises MappingProblem or FileProblem."""
    yield from write(group(read_rows(file, mapping), mapping, company_zone()), mapping, is_dry_run=is_dry_run)


def write_rejections(stem: str, rejections: list[Rejection]) -> Path | None:
    """A CSV of the rows that were not taken: line, key, reason. None when all were."""
    if not rejections:
        return None
    path = folder() / f"{stem}-rejected-{now():%Y%m%d-%H%M%S}.csv"
    with path.open("w", newline="", encoding="utf-8-sig") as file:
        out = csv.writer(file)
        out.writerow(["line", "key", "reason"])
        out.writerows((each.line, each.key, each.reason) for each in rejections)
    return path


@transaction.atomic
def begin_run(file: Any, *, mapping: str, mapping_name: str, is_dry_run: bool, by: Staff) -> ImportRun:
    """Keep the uploaded file until it is read, and let the worker import it."""
    path = folder() / f"upload-{secrets.token_hex(8)}{Path(file.name).suffix.lower()}"
    with path.open("wb") as kept:
        for chunk in file.chunks():
            kept.write(chunk)
    run = ImportRun.objects.create(
        by=by, file_name=get_valid_filename(Path(file.name).name)[:200], file=str(path.name), mapping=mapping,
        mapping_name=mapping_name[:80], is_dry_run=is_dry_run, started_at=now(),
    )  # fmt: skip
    carry_out.defer(run=run.pk)
    return run


@app.task(name="complaints.import", queue="imports", pass_context=False)
def carry_out(run: int) -> None:
    """Import the file of this run. Killed half-way it is done again: what was written already is not changed."""
    found = ImportRun.objects.filter(pk=run, finished_at=None).first()
    if found is None:
        return
    tally, path = Tally(), folder() / found.file
    try:
        for tally in importing(path, parse_mapping(found.mapping, found.mapping_name), is_dry_run=found.is_dry_run):
            _note(found, tally)
    except (MappingProblem, FileProblem) as problem:
        found.failure = str(problem)
    report = write_rejections(f"run-{found.pk}", tally.rejections)
    found.rejections_file = report.name if report else ""
    found.finished_at = now()
    _note(found, tally)
    # A regulator's file is full of people: once it is read it is not kept.
    path.unlink(missing_ok=True)


def _note(run: ImportRun, tally: Tally) -> None:
    for name in COUNTS:
        setattr(run, name, getattr(tally, name))
    run.save()
