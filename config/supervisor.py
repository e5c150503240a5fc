"""The parent: keeps the parts running, starts again what was killed, stops all of it in order."""

import contextlib
import os
import select
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import psycopg

from config import env, processes
from config.embedded import Cluster
from config.home import Home
from config.trouble import Trouble, say

LONGEST_PAUSE = 30.0
STOP_PATIENCE = 10.0
DATABASE_PAUSE = 5.0
LONGEST_LOG = 20 * 1024**2


@dataclass
class Part:
    """A child process: how it is started, and how often it had to be."""

    name: str
    command: list[str]
    environment: dict[str, str]
    inherits: tuple[int, ...] = ()
    process: subprocess.Popen | None = None
    started_at: float = 0.0
    starts: int = 0
    pause_until: float = 0.0
    pauses: list[float] = field(default_factory=list)

    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None


class Supervisor:
    def __init__(self, home: Home, cluster: Cluster | None) -> None:
        self.home, self.cluster = home, cluster
        self.parts: list[Part] = []
        self.database_pause_until = self.rotate_at = 0.0
        self._wake, wakes = os.pipe()
        for end in (self._wake, wakes):
            os.set_blocking(end, False)
        signal.set_wakeup_fd(wakes, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda number, frame: None)

    def clear_remains(self) -> None:
        """End the parts of an earlier start whose parent was killed. We hold the home's lock: none is wanted."""
        for path in self.home.run.glob("part-*.json"):
            if left := processes.recall(path):
                processes.end(left["pid"], patience=5)
            path.unlink(missing_ok=True)

    def start(self, part: Part) -> None:
        """Start the part; its words go to `log/NAME.log`."""
        if part not in self.parts:
            self.parts.append(part)
        with self._log_of(part) as log:
            part.process = subprocess.Popen(
                part.command, env=part.environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                pass_fds=part.inherits, start_new_session=True, umask=0o077,
                preexec_fn=processes.child_setup(None, signal.SIGTERM),  # noqa: PLW1509
            )  # fmt: skip
        part.started_at, part.starts = time.monotonic(), part.starts + 1
        with contextlib.suppress(OSError):  # a full disk must not end the parent; it notes the part when there is room
            processes.remember(self.home.run / f"part-{part.name}.json", part.process.pid)

    def _log_of(self, part: Part) -> IO:
        try:
            return (self.home.log / f"{part.name}.log").open("a")
        except OSError:
            return Path(os.devnull).open("a")

    def watch(self, until: Callable[[], bool] | None = None, patience: float | None = None) -> bool:
        """Keep everything running: until `until()` is true (True), or `patience` seconds are over (False)."""
        began = time.monotonic()
        while until is None or not until():
            if patience is not None and time.monotonic() - began > patience:
                return False
            self._restart_what_ended()
            self._rotate_logs()
            with contextlib.suppress(InterruptedError):
                select.select([self._wake], [], [], 0.1 if until else 1.0)
            with contextlib.suppress(BlockingIOError):
                os.read(self._wake, 4096)
        return True

    def _restart_what_ended(self) -> None:
        if self.cluster and self.cluster.process.poll() is not None:
            self._restart_database()
        for part in self.parts:
            if part.is_running():
                continue
            if not part.pause_until:
                lived = time.monotonic() - part.started_at
                part.starts = 1 if lived > 60 else part.starts
                pause = 0.0 if part.starts == 1 else min(0.5 * 2 ** (part.starts - 2), LONGEST_PAUSE)
                part.pause_until = time.monotonic() + pause
                say(f"{part.name} ended ({_how(part.process)}); starting it again in {pause:.1f} s …")
            if time.monotonic() >= part.pause_until:
                part.pause_until = 0.0
                self.start(part)

    def _restart_database(self) -> None:
        """Again and again: with a full disk it can't start until somebody has made room."""
        if time.monotonic() < self.database_pause_until:
            return
        say("PostgreSQL ended; starting it again …")
        try:
            self.cluster.launch()
        except (Trouble, OSError) as problem:
            say(f"{problem}\nTrying again in {DATABASE_PAUSE:.0f} s …")
            self.database_pause_until = time.monotonic() + DATABASE_PAUSE

    def _rotate_logs(self) -> None:
        """Once a minute: a log that is long becomes NAME.log.1. Its writer appends, so it goes on at the start."""
        if time.monotonic() < self.rotate_at:
            return
        self.rotate_at = time.monotonic() + 60
        for path in self.home.log.glob("*.log"):
            with contextlib.suppress(OSError):
                if path.stat().st_size > LONGEST_LOG:
                    shutil.copyfile(path, path.with_suffix(".log.1"))
                    path.with_suffix(".log.1").chmod(0o600)
                    os.truncate(path, 0)

    def stop(self) -> None:
        """Ask all parts at once, then PostgreSQL last."""
        running = [part for part in self.parts if part.is_running()]
        for part in running:
            part.process.terminate()
        deadline = time.monotonic() + STOP_PATIENCE
        for part in running:
            try:
                part.process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                part.process.kill()
                part.process.wait()
        for part in self.parts:
            (self.home.run / f"part-{part.name}.json").unlink(missing_ok=True)
        if self.cluster:
            self.cluster.stop()


def _how(process: subprocess.Popen | None) -> str:
    status = process.returncode if process else None
    if status is not None and status < 0:
        return signal.Signals(-status).name
    return f"status {status}"


def check_reachable(url: str, name: str) -> None:
    """Trouble, without the password, where the given database does not answer or is too old."""
    try:
        env.DatabaseUrl.parse(url)
    except ValueError as problem:
        raise Trouble(f"{name}: {problem}")
    try:
        with psycopg.connect(url, connect_timeout=8) as connection:
            version = connection.info.server_version
    except psycopg.Error as problem:
        where = psycopg.conninfo.conninfo_to_dict(url)
        place = f"{where.get('host', 'localhost')}:{where.get('port', '5432')}/{where.get('dbname', '')}"
        raise Trouble(
            f"{name} can't be reached ({place}, as {where.get('user', '?')}):\n  {str(problem).strip()}\n"
            "Is it running, and are name and password right? Without DATABASE_URL an embedded PostgreSQL is used."
        )
    if version < 150000:
        raise Trouble(f"{name} is PostgreSQL {version // 10000}; 15 or newer is needed.")
