"""The home of an instance: its folder, its lock, its secrets. One server per home."""

import contextlib
import fcntl
import hashlib
import json
import os
import secrets
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from config import processes
from config.trouble import Trouble, say

ROOM_NEEDED = 500 * 1024**2


class Home:
    def __init__(self, path: Path) -> None:
        self.path = path.resolve()
        self.run, self.log = self.path / "run", self.path / "log"
        self._lock: IO[str] | None = None

    @classmethod
    def opened(cls, path: str | Path) -> "Home":
        """The home, made if need be; trouble where it can't be written or the disk is full."""
        home = cls(Path(path))
        try:
            home.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            for folder in (home.run, home.log, home.path / "secrets"):
                folder.mkdir(mode=0o700, exist_ok=True)
            free = shutil.disk_usage(home.path).free
        except OSError as problem:
            raise Trouble(f"The home {home.path} can't be used: {problem.strerror}. Name another one by --home.")
        if free < ROOM_NEEDED:
            raise Trouble(
                f"The disk of {home.path} is nearly full: {free // 1024**2} MB are free, {ROOM_NEEDED // 1024**2} MB "
                "are needed. Make room or name another home by --home; what is stored is safe."
            )
        os.environ["SHOUXIN_HOME"] = str(home.path)
        return home

    @property
    def mark(self) -> str:
        """A short name that only this path has."""
        return hashlib.sha256(str(self.path).encode()).hexdigest()[:12]

    def secret(self, name: str) -> str:
        """A random secret kept in the home, readable by its owner alone."""
        path = self.path / "secrets" / name
        with contextlib.suppress(FileNotFoundError):
            if known := path.read_text().strip():
                return known
        new = path.with_suffix(f".{os.getpid()}")
        with os.fdopen(os.open(new, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(32))
            file.flush()
            os.fsync(file.fileno())
        new.rename(path)
        return path.read_text().strip()

    def take(self, purpose: str, **more: object) -> bool:
        """Become the one who runs this home; False where somebody is. Let go by `leave` or by ending."""
        file = (self.run / "lock").open("a+")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.close()
            return False
        self._lock = file
        processes.remember(self.run / "holder.json", os.getpid(), purpose=purpose, **more)
        return True

    def leave(self) -> None:
        (self.run / "holder.json").unlink(missing_ok=True)
        if self._lock:
            self._lock.close()
            self._lock = None

    def holder(self) -> dict:
        """Who holds the home: {"pid", "purpose", …}; empty where nobody does."""
        return processes.recall(self.run / "holder.json") or {}

    def take_for_serving(self, port: int) -> None:
        """Take the home, waiting for a command that uses it; trouble where it is served already."""
        told = False
        while not self.take("serve", port=port):
            holder = self.holder()
            if holder.get("purpose") == "serve":
                raise Trouble(
                    f"{self.path} is served already, at http://127.0.0.1:{holder['port']} (process {holder['pid']}).\n"
                    f"Stop it first: bin/shouxin stop --home {self.path}\n"
                    "Or serve a second home beside it: bin/serve --home OTHER --port OTHER"
                )
            if not told:
                say(f"Waiting for a command that uses {self.path} (process {holder.get('pid', '?')}) …")
                told = True
            time.sleep(0.1)

    @contextlib.contextmanager
    def used(self) -> Iterator[IO[str]]:
        """Held by every command while it uses the database of this home."""
        with (self.run / "users").open("a") as file:
            fcntl.flock(file, fcntl.LOCK_SH)
            yield file

    def note(self, name: str, content: dict) -> None:
        """A small file of the running server, readable by its owner alone."""
        new = self.run / f"{name}.{os.getpid()}"
        with os.fdopen(os.open(new, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "w") as file:
            json.dump(content, file)
        new.rename(self.run / f"{name}.json")

    def noted(self, name: str) -> dict:
        try:
            return json.loads((self.run / f"{name}.json").read_text())
        except (OSError, ValueError):
            return {}
