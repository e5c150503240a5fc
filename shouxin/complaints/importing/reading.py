"""A file of complaints as rows that stand together by their key, with their numbers and what was wrong with them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from shouxin.complaints.importing.mapping import Mapping
from shouxin.tables.days import Manner
from shouxin.tables.parsing.cells import head
from shouxin.tables.problems import words_of_row
from shouxin.tables.reading import Choices, Table, Wanted, opened

MOST_ROWS = 3_000_000
BATCH = 10_000


@dataclass(frozen=True, slots=True)
class SourceRow:
    number: int
    key: str
    texts: dict[str, str]
    problem: str = ""


@dataclass
class SourceFile:
    table: Table

    @property
    def manner(self) -> Manner:
        return self.table.manner

    @property
    def remarks(self) -> int:
        return self.table.found["counts"]["remarks"]

    def rows(self) -> Iterator[SourceRow]:
        """All rows but remarks, ordered by key, so that those of one complaint stand together."""
        import duckdb  # here, not above: a web process starts without it

        places = [(at, name) for at, name in enumerate(self.table.names) if name]
        folder = self.table.path.parent
        connection = duckdb.connect(config={
            "memory_limit": "512MB", "threads": 1, "temp_directory": str(folder / "spill"),
        })  # fmt: skip
        try:
            cursor = connection.execute(
                "SELECT number, key, problem, cells FROM read_parquet(?) WHERE problem <> 'remark' "
                "ORDER BY key, number",
                [str(self.table.path)],
            )
            while batch := cursor.fetchmany(BATCH):
                for number, key, problem, cells in batch:
                    yield SourceRow(
                        number, key, {name: cells[at] for at, name in places}, problem and words_of_row(problem)
                    )
        finally:
            connection.close()


@contextmanager
def read(path: Path, mapping: Mapping, choices: Choices | None = None) -> Iterator[SourceFile]:
    """The file under its mapping. Raises Refused, in words. What somebody chose goes before what the mapping says."""
    heads = {head(column): column for column in mapping.columns}
    dated = [mapping.one[name] for name in ("opened", "closed") if name in mapping.one]
    given = {name: value for name, value in vars(choices or Choices()).items() if value}
    titles = {column: column for column in mapping.columns}
    wanted = Wanted(heads, sorted(mapping.columns), titles, dated, mapping.key, MOST_ROWS)
    with opened(path, wanted, replace(mapping.choices, **given)) as table:
        yield SourceFile(table)
