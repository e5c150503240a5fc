"""Erasure reaches what imports keep: files that wait to be taken over, names of files, reports of rows."""

import csv
import logging
from pathlib import Path

from django.db import transaction

from shouxin.record.erasing import Erasing
from shouxin.tables.models import ImportRun
from shouxin.tables.reports import HEAD, rewrite
from shouxin.tables.uploads import PREFIX, folder

NOTHING = "–"

logger = logging.getLogger(__name__)


def forget(erasing: Erasing) -> None:
    """Erase our copies of a person whom the record erases; safe to run twice."""
    if erasing.person is None or not erasing.words:
        return
    for run in ImportRun.objects.order_by("pk").only("file_name", "notes", "failure"):
        kept = [note for note in run.notes if not erasing.names(str(note))]
        said = {
            "file_name": NOTHING if erasing.names(run.file_name) else run.file_name, "notes": kept,
            "failure": NOTHING if erasing.names(run.failure) else run.failure,
        }  # fmt: skip
        if said != {name: getattr(run, name) for name in said}:
            ImportRun.objects.filter(pk=run.pk).update(**said)
    _forget_uploads()
    transaction.on_commit(lambda: _forget_rows(erasing), robust=True)


def _forget_uploads() -> None:
    """A file that only waits to be taken over would bring the person back: it is chosen again, if at all.

    In which of them the person stands is not asked: they may be of any encoding, and packed.
    """
    waiting = ImportRun.objects.filter(finished_at__isnull=False).exclude(file="")
    waiting.update(file="")
    transaction.on_commit(_remove_uploads, robust=True)


def _remove_uploads() -> None:
    # Asked when the erasure is through: a file sent meanwhile is read under its own run.
    read = set(ImportRun.objects.filter(finished_at=None).values_list("file", flat=True))
    for path in folder().glob(f"{PREFIX}*"):
        if path.name not in read:
            path.unlink(missing_ok=True)


def _forget_rows(erasing: Erasing) -> None:
    """Rows of reports that name the person; the others stay. One that can't be reached stops no other."""
    for path in folder().glob("*.csv"):
        if path.name.startswith(PREFIX):
            continue
        try:
            _without(path, erasing)
        except (OSError, UnicodeDecodeError) as problem:
            if not isinstance(problem, FileNotFoundError):
                logger.error("a report of an import could not be rewritten after an erasure: %s", problem)


def _without(path: Path, erasing: Erasing) -> None:
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            rows = list(csv.reader(file))
    except csv.Error:  # what can't be read may name the person
        path.unlink(missing_ok=True)
        return
    kept = [row for row in rows if row == HEAD or not any(map(erasing.names, row))]
    if kept != rows:
        rewrite(path, kept)
