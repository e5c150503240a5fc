"""Real processes: `bin/serve` and `bin/shouxin` as a person starts them, on homes of their own."""

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from config import env, processes
from tests.browser import wait_for

GIVEN_ELSEWHERE = ("DATABASE_URL", "DATABASE_WEB_URL", "SHOUXIN_ROLE", "SHOUXIN_TESTING", "SHOUXIN_HOME")


def clean_environment(**more: str) -> dict[str, str]:
    """What a person's shell has: none of the settings of the tests around."""
    kept = {name: value for name, value in os.environ.items() if name not in GIVEN_ELSEWHERE}
    return kept | {"SHOUXIN_PYTHON": sys.executable} | more


def run(*words: str | Path, **environment: str) -> subprocess.CompletedProcess:
    """A command of `bin/`, to its end."""
    name, *rest = map(str, words)
    return subprocess.run(
        [str(env.ROOT / "bin" / name), *rest], env=clean_environment(**environment), capture_output=True, text=True,
        timeout=240,
    )  # fmt: skip


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def pids_in(home: Path) -> set[int]:
    """Every process whose environment names this home."""
    mark, found = f"SHOUXIN_HOME={home}".encode(), set()
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if mark in (process / "environ").read_bytes().split(b"\0") and processes.birth_of(int(process.name)):
                found.add(int(process.name))
        except OSError:
            continue
    return found


def postgres_of(home: Path) -> set[int]:
    """Every PostgreSQL process that stands in the home's data folder."""
    here, found = (home / "postgres/data").stat(), set()
    for process in Path("/proc").glob("[0-9]*"):
        try:
            there = (process / "cwd").stat()
            is_postgres = (process / "comm").read_text().strip() == "postgres"
        except OSError:
            continue
        if is_postgres and (there.st_dev, there.st_ino) == (here.st_dev, here.st_ino):
            found.add(int(process.name))
    return found


@dataclass
class Served:
    home: Path
    port: int
    process: subprocess.Popen

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def health(self) -> tuple[int, bytes]:
        try:
            with urllib.request.urlopen(f"{self.url}/healthz", timeout=5) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as answer:
            return answer.code, answer.read()
        except OSError:
            return 0, b""

    def is_ready(self) -> bool:
        return self.health()[0] == 200

    def wait_until_ready(self, seconds: float = 180) -> None:
        wait_for(lambda: self.process.poll() is not None or self.is_ready(), seconds, "it never became ready")
        assert self.process.poll() is None, (self.home / "said.txt").read_text()

    def pid_of(self, part: str) -> int:
        return json.loads((self.home / "run" / f"{part}.json").read_text())["pid"]

    def stop(self, number: int = signal.SIGTERM) -> int:
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.process.wait(30)


def start(home: Path, *words: str, port: int = 0, **environment: str) -> Served:
    port = port or free_port()
    home.mkdir(parents=True, exist_ok=True)
    # One web process is enough where a test asks nothing else: each costs seconds of a processor to start.
    environment = {"SHOUXIN_WEB_PROCESSES": "1"} | environment
    command = [str(env.ROOT / "bin/serve"), "--no-demo", "--home", str(home), "--port", str(port), *words]
    with (home / "said.txt").open("a") as said:
        process = subprocess.Popen(command, env=clean_environment(**environment), stdout=said, stderr=said)
    return Served(home, port, process)


@pytest.fixture(scope="session")
def made_home(tmp_path_factory) -> Path:
    """A home whose database is made and migrated, and that nobody runs."""
    home = tmp_path_factory.mktemp("made") / "home"
    done = run("shouxin", "--home", home, "psql", "--", "-c", "select 1")
    assert done.returncode == 0, done.stderr
    return home


@pytest.fixture
def home(made_home, tmp_path) -> Path:
    """A home of this test's own, made already."""
    return copied(made_home, tmp_path / "home")


def copied(home: Path, to: Path) -> Path:
    """A home that nobody runs, copied as a whole."""
    to.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run(["cp", "-a", str(home), str(to)], check=True)
    return to


@pytest.fixture
def serve() -> Iterator[Callable[..., Served]]:
    """Start `bin/serve`; what a test started is stopped after it."""
    started: list[Served] = []

    def begin(*words, **how) -> Served:
        started.append(start(*words, **how))
        return started[-1]

    yield begin
    for served in started:
        served.stop()
