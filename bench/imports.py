"""281,000 rows of a regulator's file of complaints are imported by the command, and the first figure of them is asked.

The file is made here: as in a real one, a complaint has several rows, and its columns say the same words over and over.
"""

import csv
import random
import resource
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

from bench.figures import Figure, at_least, at_most, told

ROWS = 281_000
HEADS = (
    "file_no", "opened", "closed", "company", "coverage", "subcoverage", "reason", "subreason", "disposition",
    "conclusion", "recovery", "status",
)  # fmt: skip
MEASURE = ["manage.py", "measure", "complaints-opened", "--from", "2016-01-01", "--to", "2026-01-01", "--json"]


def run() -> list[Figure]:
    """The figures of this bench."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "complaints.csv"
        complaints = write(file, prefix=f"{time.time_ns():x}")
        seconds, memory = _timed(
            ["manage.py", "import", "complaints", str(file), "--mapping", "regulator_files.toml", "--json"]
        )
    first, _memory = _timed(MEASURE)
    again, _memory = _timed(MEASURE)
    return [
        at_least(f"import of {ROWS:,} rows", ROWS / seconds, "rows/s", 3000),
        told("import, complaints", complaints, "complaints"),
        told("import, memory of its largest process", memory / 1024, "MB"),
        at_most("first figure after the import, with the start of the command", first, "s", 10),
        told("the same figure again", again, "s"),
    ]


def _timed(words: list[str]) -> tuple[float, float]:
    """Seconds a command takes, and the kilobytes of the largest child so far."""
    began = time.perf_counter()
    done = subprocess.run([sys.executable, *words], stdout=subprocess.DEVNULL)
    if done.returncode:
        sys.exit(done.returncode)
    return time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss


def write(file: Path, *, prefix: str) -> int:
    """The file; how many complaints it holds."""
    luck, number, written = random.Random(281), 0, 0
    with file.open("w", newline="") as out:
        lines = csv.writer(out)
        lines.writerow(HEADS)
        while written < ROWS:
            number += 1
            opened = date(2016, 1, 1) + timedelta(days=luck.randrange(3600))
            closed = opened + timedelta(days=luck.randrange(1, 120))
            about = f"{prefix}-{number}", f"{opened:%m/%d/%Y}", f"{closed:%m/%d/%Y}"
            company, recovery = f"Insurer {luck.randrange(400)}", f"{luck.randrange(50_000) / 10:.2f}"
            for _ in range(min(luck.choice((1, 2, 3, 4, 8)), ROWS - written)):
                words = (f"{word} {luck.randrange(count)}" for word, count in (
                    ("Coverage", 9), ("Kind", 40), ("Reason", 12), ("Detail", 90), ("Disposition", 20), ("End", 15),
                ))  # fmt: skip
                lines.writerow([*about, company, *words, recovery, "Closed"])
                written += 1
    return number
