"""Erasure reaches what this room keeps beside the record: findings, reasons, final letters, reports of imports."""

import csv

from django.db import transaction
from django.db.models import QuerySet

from shouxin.cases.kit import erase_files
from shouxin.cases.models import Attachment, Case
from shouxin.complaints.importing.running import folder
from shouxin.complaints.models import Decision, FinalLetter, Findings, ImportedComplaint
from shouxin.core.audience import Audience
from shouxin.core.spreadsheets import safe
from shouxin.record.erasing import Erasing
from shouxin.record.queries import entries_of
from shouxin.tables.reports import rewrite


def forget(erasing: Erasing) -> None:
    """Erase our copies of what the record erases, in its transaction; safe to run twice."""
    cases = [ref.id for ref in erasing.subjects if ref.kind == Case.ref_kind]
    decisions = Decision.objects.filter(complaint__case__in=cases)
    if erasing.person is None:
        told = [each for each in entries_of(erasing.facts, Audience.STAFF) if each.kind == "ComplaintDecided"]
        decisions = decisions.filter(at__in=[each.happened_at for each in told])
    _forget_letters(cases, decisions, erasing)
    decisions.update(findings="", reasons="", change="", without_findings="")
    if erasing.person is not None:
        Findings.objects.filter(complaint__case__in=cases).update(text="", change="")
    if erasing.person is not None:
        keys = set(ImportedComplaint.objects.filter(case__in=cases).values_list("key", flat=True))
        transaction.on_commit(lambda: _forget_rejections(keys), robust=True)


def _forget_letters(cases: list[int], decisions: QuerySet[Decision], erasing: Erasing) -> None:
    """A letter says what its decision said: it goes with it, wherever it is attached."""
    letters = FinalLetter.objects.filter(decision__in=decisions)
    checksums = list(letters.values_list("checksum", flat=True))
    erase_files(Attachment.objects.filter(case__in=cases, checksum__in=checksums), at=erasing.at)
    letters.update(file="")


def _forget_rejections(keys: set[str]) -> None:
    """Rows of reports that name an erased complaint; the other rows stay."""
    written = {safe(key) for key in keys}
    for path in folder().glob("*-rejected-*.csv") if keys else ():
        with path.open(newline="", encoding="utf-8-sig") as file:
            rows = list(csv.reader(file))
        kept = [row for row in rows if row[1:2] == ["key"] or not written.intersection(row[1:2])]
        if kept != rows:
            rewrite(path, kept)
