"""What a bench stands on: a home of its own, its durable PostgreSQL, and the real server on it."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from config import cli, env
from config.embedded import SUPERUSER, Cluster
from config.home import Home
from config.trouble import Trouble, say

GIVEN_ELSEWHERE = ("DATABASE_URL", "DATABASE_WEB_URL", "SHOUXIN_ROLE", "SHOUXIN_TESTING", "SHOUXIN_HOME")
READY_PATIENCE = 180.0
UNLIMITED = "1000000000"
QUIET_EVERY, BUSY, QUIET_PATIENCE = 4.0, 0.08, 240.0


def forget_the_shell() -> None:
    """No bench ever touches the user's own data: what the shell names is not used."""
    for name in GIVEN_ELSEWHERE:
        os.environ.pop(name, None)


@contextlib.contextmanager
def database(path: Path) -> Iterator[dict[str, str]]:
    """The migrated database of this home: the running server's, or one for now."""
    home = Home.opened(path)
    with cli.database(home, "bench") as environment:
        yield environment | {"SHOUXIN_ROLE": "owner"}


@contextlib.contextmanager
def empty_cluster(path: Path) -> Iterator[dict[str, str]]:
    """A durable PostgreSQL in which a bench may make and drop databases."""
    home = Home.opened(path)
    if not home.take("bench"):
        raise Trouble(f"{path} is in use.")
    cluster = Cluster(home)
    try:
        cluster.start()
        yield os.environ | {"DATABASE_URL": cluster.url(SUPERUSER, "shouxin_bench"), "SHOUXIN_ROLE": "owner"}
    finally:
        cluster.stop()
        home.leave()


class Server:
    """`bin/serve` on a home: all parts, as a person starts it."""

    def __init__(self, path: Path) -> None:
        self.home = Home.opened(path)
        self.process: subprocess.Popen | None = None
        self.address = ""

    def start(self) -> None:
        command = [sys.executable, "-m", "config.serve", "--no-demo", "--home", str(self.home.path), "--port", "0"]
        settings = {"SHOUXIN_INTAKE_PER_HOUR": UNLIMITED, "SHOUXIN_HOME": str(self.home.path)}
        with (self.home.log / "serve.log").open("a") as log:
            self.process = subprocess.Popen(
                command, cwd=env.ROOT, env=os.environ | settings, stdout=log, stderr=log, stdin=subprocess.DEVNULL
            )
        began = time.monotonic()
        while (noted := self.home.noted("server")).get("pid") != self.process.pid:
            if self.process.poll() is not None or time.monotonic() - began > READY_PATIENCE:
                raise Trouble(f"The server of the bench did not start; see {self.home.log / 'serve.log'}.")
            time.sleep(0.1)
        self.address = noted["address"]

    def environment(self) -> dict[str, str]:
        """How its database is reached, as the owner."""
        noted = self.home.noted("database")
        return os.environ | {
            "SHOUXIN_HOME": str(self.home.path), "DATABASE_URL": noted["owner"], "DATABASE_WEB_URL": noted["web"],
            "SHOUXIN_ROLE": "owner", "SHOUXIN_BENCH_ADDRESS": self.address,
        }  # fmt: skip

    def stop(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(60)


@contextlib.contextmanager
def served(path: Path) -> Iterator[dict[str, str]]:
    """The environment of a bench that asks the running server."""
    server = Server(path)
    try:
        server.start()
        yield server.environment()
    finally:
        server.stop()


def wait_until_quiet(home: Path) -> None:
    """Let the worker finish what a start brings with it: the measures' copy of the record, the seals."""
    began, before = time.monotonic(), processor_seconds(home)["worker"]
    while time.monotonic() - began < QUIET_PATIENCE:
        time.sleep(QUIET_EVERY)
        used = processor_seconds(home)["worker"]
        if used - before < BUSY * QUIET_EVERY:
            return
        before = used
    say(f"The worker was still busy after {QUIET_PATIENCE:.0f} s.")


def processor_seconds(home: Path) -> dict[str, float]:
    """What each part of a running server has used of the processors since it began."""
    used = {"clients": sum(os.times()[:2])}
    for note in (home / "run").glob("part-*.json"):
        part = note.stem.removeprefix("part-").partition("-")[0]
        used[part] = used.get(part, 0.0) + _used(json.loads(note.read_text())["pid"])
    server = json.loads((home / "run" / "postgres.json").read_text())["pid"]
    used["postgres"] = _used(server) + sum(_used(int(pid)) for pid in _children(server))
    return used


def _children(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/task/{pid}/children").read_text().split()


def _used(pid: int) -> float:
    """User and system time of a process and of its children that have ended."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")
