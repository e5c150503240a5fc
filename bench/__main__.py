"""`bin/bench [NAME] [--json]`: what the house promises about its speed, measured on this machine."""

import argparse
import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path

from bench import figures, ground
from config import env
from config.trouble import command, say

HELP = """What is measured (docs/performance.md says how, and what was found):
  load       build the state: --cases of them, a tenth open, at least five facts for each
  intake     requests by the public form over HTTP, 16 clients
  pages      work list, case page, reply at so many cases, 4 clients
  search     a two-character word that one case in a hundred holds
  take-next  64 officers take the next case at once
  promises   100,000 promises due in one minute, a worker killed on the way
  imports    281,000 rows of complaints from a file, and the first figure of them
  measures   8 figures × 12 months × 20 teams over 10 million facts
  kills      kill -9 of web, worker and PostgreSQL under load, then count
  all        all of them, one after the other"""
MILLION = 1_000_000
Grounds = Callable[[Path], AbstractContextManager[dict[str, str]]]


@contextlib.contextmanager
def nothing(path: Path):
    """Where a bench brings all it needs."""
    yield dict(os.environ)


GROUNDS: dict[str, Grounds] = {
    "load": ground.database, "intake": ground.served, "pages": ground.served, "search": ground.served,
    "take-next": ground.database, "promises": ground.empty_cluster, "measures": nothing, "imports": ground.database,
    "kills": ground.served,
}  # fmt: skip
ON_THE_STATE = frozenset({"load", "intake", "pages", "search", "take-next"})


def main(given: list[str]) -> int:
    asked = arguments().parse_args(given)
    ground.forget_the_shell()
    names = list(GROUNDS) if asked.name == "all" else [asked.name]
    began, load = datetime.now().astimezone(), os.getloadavg()[0]
    found: list[figures.Figure] = []
    for name in names:
        say(f"{name} …")
        found += measured(name, asked.home, asked.cases)
    if asked.write:
        figures.write(found, began, (load, os.getloadavg()[0]))
    print(figures.as_json(found) if asked.json else figures.as_lines(found))
    return 0


def arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="bin/bench", description="Measure 守信 on this machine, in homes of its own.", epilog=HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    parser.add_argument("name", nargs="?", default="all", choices=[*GROUNDS, "all"], metavar="NAME")
    parser.add_argument("--cases", type=int, default=MILLION, help="size of the state (1000000)")
    parser.add_argument(
        "--home", type=Path, default=env.ROOT / "var" / "bench", help="where the states lie (var/bench)"
    )
    parser.add_argument("--json", action="store_true", help="print only the figures, as JSON")
    parser.add_argument("--write", action="store_true", help="append the figures to docs/performance.md")
    return parser


def measured(name: str, home: Path, cases: int) -> list[figures.Figure]:
    """Run one bench in a process of its own, on the ground it needs."""
    place = home / (f"cases-{cases}" if name in ON_THE_STATE else name)
    if name in ON_THE_STATE - {"load"}:
        with ground.database(place) as environment:
            one("load", environment, cases)
    with GROUNDS[name](place) as environment:
        return one(name, environment, cases)


def one(name: str, environment: dict[str, str], cases: int) -> list[figures.Figure]:
    words = [sys.executable, "-m", "bench.one", name, str(cases)]
    done = subprocess.run(words, env=environment, cwd=env.ROOT, stdout=subprocess.PIPE)
    if done.returncode:
        sys.exit(done.returncode)
    return json.loads(done.stdout.splitlines()[-1])


if __name__ == "__main__":
    command(main)
