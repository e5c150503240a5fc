"""One import from its file to its report: the same for the command and the web page."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from shouxin.complaints.importing.grouping import Reader, group
from shouxin.complaints.importing.mapping import Mapping, parse_mapping
from shouxin.complaints.importing.reading import read
from shouxin.complaints.importing.writing import LISTS, Manner, Tally, write
from shouxin.core.clock import company_zone
from shouxin.record.facts import DIMENSIONS
from shouxin.record.indicator import KEY
from shouxin.tables.importers import REJECTED, Counts, Line, Work
from shouxin.tables.reading import Choices
from shouxin.tables.uploads import folder

__all__ = ["carry_out", "folder", "importing", "notes_of", "told_of"]
COUNTS = ("rows_read", "cases_created", "cases_changed", "cases_unchanged", "rows_rejected", "untranslated", "odd")


def importing(
    file: Path, mapping: Mapping, *, how: Manner, tally: Tally, choices: Choices | None = None,
    notes: list[str] | None = None,
) -> Iterator[Tally]:  # fmt: skip
    """Read, group and write; the tally after each chunk. Raises Refused."""
    with read(file, mapping, choices) as source:
        if notes is not None:
            notes += source.table.notes
        tally.rows_remarks = source.remarks
        reader = Reader(mapping, source.manner, mapping.zone or company_zone())
        yield from write(group(source.rows(), reader), mapping, how, tally)
    yield tally


def carry_out(work: Work) -> Iterator[Counts]:
    """What the worker does with a file that was sent in."""
    mapping = parse_mapping(work.options["mapping"], work.options["mapping_name"])
    tally = Tally(**{name: work.counts.get(name, 0) for name in COUNTS})
    how = Manner(work.is_trial, work.done, lambda told, done: work.save(counts_of(told), done))
    try:
        for told in importing(work.file, mapping, how=how, tally=tally, choices=work.choices, notes=work.notes):
            yield counts_of(told)
    finally:
        work.notes += notes_of(tally, mapping)
        work.lines = [Line(each.line, each.key, REJECTED, (each.reason,)) for each in tally.rejections]


def counts_of(tally: Tally) -> Counts:
    """All rows: those read, of them rejected, and remarks; of complaints: new, changed, as before."""
    return {name: getattr(tally, name) for name in (*COUNTS, "rows_remarks")}


def notes_of(tally: Tally, mapping: Mapping) -> list[str]:
    notes: list[str] = []
    more = sorted(set(mapping.many) - LISTS - {"product"})
    asked_by = [name for name in more if KEY.match(name) and name not in DIMENSIONS]
    if asked_by:
        notes.append(_("Figures can also be grouped by: %(names)s.") % {"names": "、".join(asked_by)})
    if kept := [name for name in more if name not in asked_by]:
        notes.append(
            _("Kept with each complaint, but no figure is grouped by it: %(names)s.") % {"names": "、".join(kept)}
        )
    if tally.untranslated:
        notes.append(
            _("%(n)s complaints have an outcome that the mapping does not translate.") % _n(tally.untranslated)
        )
    if tally.odd:
        notes.append(_("%(n)s complaints are open and have a closing day: they stay open.") % _n(tally.odd))
    return notes


def _n(count: int) -> dict[str, Any]:
    return {"n": f"{count:,}"}


def told_of(counts: Counts) -> str:
    numbers = {name: f"{counts.get(name, 0):,}" for name in (*COUNTS, "rows_remarks")}
    return _(
        "%(rows_read)s rows read: %(cases_created)s cases created, %(cases_changed)s changed, %(cases_unchanged)s "
        "unchanged; %(rows_rejected)s rows rejected."
    ) % numbers  # fmt: skip
