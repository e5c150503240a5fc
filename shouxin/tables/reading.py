"""A file becomes a table: opened by a process of its own, with little memory and time, and told in words."""

import json
import os
import secrets
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from shutil import rmtree
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from shouxin.core.guards import Refused
from shouxin.tables.columns import Row
from shouxin.tables.days import Manner
from shouxin.tables.problems import words_of_problem, words_of_row
from shouxin.tables.uploads import folder

MEMORY = 3 << 29  # bytes of address space: 1.5 GiB
SECONDS = 180
GAVE_UP = -24, -9  # signals by which a process ends that used up its time


@dataclass(frozen=True)
class Choices:
    """What somebody said about the file, where it can't or need not be found out."""

    encoding: str = ""
    dates: str = ""
    sheet: str = ""
    delimiter: str = ""
    head_row: int = 0


@dataclass(frozen=True)
class Wanted:
    """What a file is read as."""

    heads: Mapping[str, str]
    needed: Sequence[str]
    titles: Mapping[str, str]  # of the columns that are needed, as people write them
    days: Sequence[str] = ()
    key: str = ""
    most_rows: int = 100_000


@dataclass
class Table:
    """What was found in the file; its rows lie beside it until it is closed."""

    path: Path
    found: dict[str, Any]
    manner: Manner
    notes: list[str] = field(default_factory=list)

    @property
    def names(self) -> list[str]:
        return self.found["names"]

    @property
    def rows_read(self) -> int:
        return self.found["counts"]["rows"]

    def rows(self) -> Iterator[Row]:
        """Every row that is not blank, in the order of the file, with its number as a spreadsheet shows it."""
        import pyarrow.parquet as parquet  # here, not above: a web process starts without it

        places = [(at, name) for at, name in enumerate(self.names) if name]
        for batch in parquet.ParquetFile(self.path).iter_batches(columns=["number", "problem", "cells"]):
            for number, problem, cells in zip(*(column.to_pylist() for column in batch.columns), strict=True):
                row = Row(number, texts={name: cells[at] for at, name in places}, is_remark=problem == "remark")
                if problem and not row.is_remark:
                    row.reasons.append(words_of_row(problem))
                yield row


@contextmanager
def opened(file: Path, wanted: Wanted, choices: Choices | None = None) -> Iterator[Table]:
    """The table in this file. Raises Refused, in words, where it can't be read as what is wanted."""
    place = folder() / f"reading-{secrets.token_hex(8)}"
    place.mkdir(mode=0o700)
    try:
        found = _parsed(file, place / "rows.parquet", wanted, choices or Choices())
        if "problem" in found:
            raise Refused(words_of_problem(found, wanted.titles))
        signs = {name: frozenset(told) for name, told in found["signs"].items()}
        manner = Manner(signs, choices.dates if choices else "")
        yield Table(place / "rows.parquet", found, manner, notes_of(found))
    finally:
        rmtree(place, ignore_errors=True)


def _parsed(file: Path, out: Path, wanted: Wanted, choices: Choices) -> dict[str, Any]:
    if not file.is_file():
        raise Refused(_("There is no file %(path)s.") % {"path": file.name})
    job = {
        "path": str(file.resolve()), "out": str(out), "heads": dict(wanted.heads), "needed": list(wanted.needed),
        "days": list(wanted.days), "key": wanted.key, "most_rows": wanted.most_rows, "memory": MEMORY,
        "seconds": SECONDS, "encoding": choices.encoding, "delimiter": choices.delimiter, "sheet": choices.sheet,
        "head_row": choices.head_row,
    }  # fmt: skip
    told = out.with_name("job.json")
    told.write_text(json.dumps(job))
    # Nothing of our environment but where Python lies: the file may be anybody's.
    environment = {
        "PYTHONPATH": str(settings.BASE_DIR), "PATH": os.defpath, "PYTHONUTF8": "1", "ARROW_NUM_THREADS": "1",
        "ARROW_DEFAULT_MEMORY_POOL": "system", "OMP_NUM_THREADS": "1", "TMPDIR": str(out.parent),
    }  # fmt: skip
    command = [sys.executable, "-P", "-m", "shouxin.tables.parsing.child", str(told)]
    try:
        done = subprocess.run(command, env=environment, cwd=out.parent, capture_output=True, timeout=SECONDS + 60)
    except subprocess.TimeoutExpired:
        return {"problem": "too_slow"}
    if done.returncode or not (answer := out.with_suffix(".json")).exists():
        return {"problem": "too_slow" if done.returncode in GAVE_UP else "too_large"}
    return json.loads(answer.read_text())


def notes_of(found: dict[str, Any]) -> list[str]:
    """What the report says about the file as a whole: nothing is left out without a word."""
    notes = []
    if unknown := found["unknown"]:
        notes.append(_("These columns were not read: %(names)s.") % {"names": "、".join(unknown)})
    if nameless := found["nameless"]:
        letters = "、".join(letters_of(place) for place in nameless)
        notes.append(_("These columns have no heading and were not read: %(names)s.") % {"names": letters})
    if unread := found.get("unread"):
        notes.append(_("These sheets were not read: %(names)s.") % {"names": "、".join(unread)})
    if found.get("merged"):
        notes.append(_("Merged cells were read as if each row said the same."))
    if found.get("has_own"):
        notes.append(
            _("The file holds user-defined characters (EUDC). They were kept, but not every computer shows them.")
        )
    if found.get("encoding") not in (None, "utf-8"):
        notes.append(_("The text was read as %(encoding)s.") % {"encoding": found["encoding"]})
    return notes


def letters_of(place: int) -> str:
    """The letters by which a spreadsheet names a column: 0 is A, 26 is AA."""
    letters, place = "", place + 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
