"""Runs from their beginning to their end, however they end: done, refused, broken, or killed and taken up again."""

import logging
import secrets
import traceback
from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils.text import get_valid_filename
from django.utils.translation import gettext as _
from django.utils.translation import override

from shouxin.core.clock import now
from shouxin.core.guards import Refused
from shouxin.core.rights import require
from shouxin.core.submissions import check_same, digest_of, one_at_a_time, sum_of
from shouxin.tables import uploads
from shouxin.tables.importers import IMPORTERS, Counts, Importer, Work
from shouxin.tables.models import ImportRun
from shouxin.tables.reading import Choices
from shouxin.tables.reports import write_report

MOST_ATTEMPTS = 3
logger = logging.getLogger("shouxin.tables")


@transaction.atomic
def begin_trial(
    importer: Importer, file: Any, *, by: Any, key: UUID, choices: Choices, options: dict[str, Any]
) -> ImportRun:
    """Keep the file and let the worker try it; the same form sent again is the same run.

    Raises KeyReused where the key came before with another file, read otherwise, or by somebody else.
    """
    require(by.has(importer.right))
    about = [file.name, sum_of(file), asdict(choices), options]
    digest = digest_of("import", importer.name, by.pk, *about)
    one_at_a_time(key)
    if (known := ImportRun.objects.filter(key=key).first()) is not None:
        check_same(known.digest, digest)
        return known
    run = ImportRun.objects.create(
        importer=importer.name, key=key, digest=digest, by=by.pk, file_name=_plain_name(file.name), is_trial=True,
        file=uploads.keep(file, file.name), began_at=now(), seen_at=now(),
        choices={**asdict(choices), "options": options, "language": by.language},
    )  # fmt: skip
    _defer(run)
    return run


@transaction.atomic
def begin_takeover(trial: ImportRun, *, by: Any) -> ImportRun:
    """Take over what was tried, with the same file and choices; asked twice, it is done once."""
    require(by.has(IMPORTERS[trial.importer].right))
    trial = ImportRun.objects.select_for_update(no_key=True).get(pk=trial.pk)
    if (known := ImportRun.objects.filter(trial=trial).first()) is not None:
        return known
    if not trial.is_ready or trial.by != by.pk or not uploads.path_of(trial.file).is_file():
        raise Refused(_("The file is no longer here. Please choose it again."))
    run = ImportRun.objects.create(
        importer=trial.importer, key=UUID(bytes=secrets.token_bytes(16), version=4), by=by.pk, trial=trial,
        file_name=trial.file_name, is_trial=False, file=trial.file, choices=trial.choices, began_at=now(),
        seen_at=now(),
    )  # fmt: skip
    trial.file = ""
    trial.save(update_fields=["file"])
    _defer(run)
    return run


@transaction.atomic
def take_up(run: ImportRun, *, by: Any) -> None:
    """Nobody works on it any more: let the worker go on with what is left."""
    require(by.has(IMPORTERS[run.importer].right))
    run = ImportRun.objects.select_for_update(no_key=True).get(pk=run.pk)
    if run.is_silent(now()):
        run.seen_at = now()
        run.save(update_fields=["seen_at"])
        _defer(run)


def _plain_name(name: str) -> str:
    try:
        return get_valid_filename(name.rpartition("/")[2].rpartition("\\")[2])[:200]
    except ValueError:  # nothing is left of it
        return "file"


def _defer(run: ImportRun) -> None:
    from shouxin.tables.jobs import carry_out, forget_upload

    carry_out.configure(lock=f"import-{run.pk}").defer(run=run.pk)
    forget_upload.configure(schedule_in={"seconds": uploads.KEPT_SECONDS}).defer(name=run.file, run=run.pk)


def carry_out_run(key: int) -> None:
    """What the worker does. Killed half-way it is done again, and what was written already counts once."""
    run = ImportRun.objects.filter(pk=key, finished_at=None).first()
    if run is None:
        return
    run.attempts, run.seen_at = run.attempts + 1, now()
    run.save(update_fields=["attempts", "seen_at"])
    choices = dict(run.choices)
    options, language = choices.pop("options", {}), choices.pop("language", None)
    with override(language or None):
        if run.attempts > MOST_ATTEMPTS:
            _end(run, _("It stopped %(n)s times without a word. Please split the file.") % {"n": MOST_ATTEMPTS})
            return
        work = Work(
            uploads.path_of(run.file), get_user_model().objects.get(pk=run.by), run.is_trial, Choices(**choices),
            options, done=run.done, counts=run.counts, save=lambda counts, done: _save(run, counts, done),
        )  # fmt: skip
        _carry_out(run, work)


def _carry_out(run: ImportRun, work: Work) -> None:
    failure = ""
    try:
        for counts in IMPORTERS[run.importer].run(work):
            _save(run, counts, run.done)
    except Refused as refusal:
        failure = str(refusal)
    except Exception as problem:
        failure = _stopped(problem)
    finally:
        # Whatever happens, nothing personal is left lying about.
        if failure or not run.is_trial:
            uploads.forget(run.file)
            run.file = ""
    run.notes = work.notes
    report = write_report(f"run-{run.pk}", work.lines, is_whole=True)
    run.report = report.name if report else ""
    _end(run, failure)


def _stopped(problem: Exception) -> str:
    """In words, with a number; the log has the place, never the message: it may repeat what stands in the file."""
    number = secrets.token_hex(4)
    place = "".join(traceback.format_tb(problem.__traceback__))
    logger.error("import stopped, number %s: %s\n%s", number, type(problem).__name__, place)
    return _("It stopped by an error of ours. Tell the administrator this number: %(number)s.") % {"number": number}


def _save(run: ImportRun, counts: Counts, done: int) -> None:
    run.counts, run.done, run.seen_at = counts, done, now()
    run.save(update_fields=["counts", "done", "seen_at"])


def _end(run: ImportRun, failure: str) -> None:
    if failure:
        uploads.forget(run.file)
        run.file = ""
    run.failure, run.finished_at, run.seen_at = failure, now(), now()
    # Not what else stands in the row: an erasure may have emptied the name of the file meanwhile.
    run.save(update_fields=["file", "notes", "report", "failure", "finished_at", "seen_at"])
