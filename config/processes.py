"""Processes of ours: they die with their parent, are known again after a kill, and are stopped one by one."""

import ctypes
import json
import os
import pwd
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

IS_LINUX = sys.platform.startswith("linux")
_LIBC = ctypes.CDLL(None, use_errno=True) if IS_LINUX else None
_PR_SET_PDEATHSIG = 1


@dataclass(frozen=True)
class User:
    """The system user that stands in for root where a program refuses to run as root."""

    name: str
    uid: int
    gid: int

    @classmethod
    def named(cls, name: str) -> "User | None":
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            return None
        return cls(name, entry.pw_uid, entry.pw_gid)


def stand_in() -> User | None:
    """None for an ordinary user; for root the system user `shouxin`, made where it is missing, else `nobody`."""
    if os.geteuid() != 0:
        return None
    if user := User.named("shouxin"):
        return user
    if useradd := shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin"):
        shell = shutil.which("nologin", path="/usr/sbin:/sbin") or "/bin/false"
        made = [useradd, "--system", "--no-create-home", "--home-dir", "/nonexistent", "--shell", shell, "shouxin"]
        subprocess.run(made, capture_output=True)
    return User.named("shouxin") or User.named("nobody")


def child_setup(user: User | None, death_signal: int, *, interrupts: bool = False) -> Callable[[], None]:
    """What a child does between fork and exec: gives up root, and asks the kernel to die with its parent."""
    parent = os.getpid()

    def setup() -> None:
        if user:
            os.setgroups([])
            os.setgid(user.gid)
            os.setuid(user.uid)
        if interrupts:
            signal.signal(signal.SIGINT, signal.SIG_DFL)
        if _LIBC:
            # After the change of user: it would clear the setting.
            _LIBC.prctl(_PR_SET_PDEATHSIG, death_signal, 0, 0, 0)
            if os.getppid() != parent:
                os._exit(0)

    return setup


def birth_of(pid: int) -> str:
    """When the process began, in the kernel's words: with the number it tells one process from all others."""
    if IS_LINUX:
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            return ""
        return "" if fields[0] == "Z" else fields[19]
    told = subprocess.run(["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True)
    return told.stdout.strip()


def remember(path: Path, pid: int, **more: object) -> None:
    """Write down who runs, so that a later start knows it again."""
    new = path.with_suffix(f".{os.getpid()}")
    new.write_text(json.dumps({"pid": pid, "birth": birth_of(pid), **more}))
    new.chmod(0o600)
    new.replace(path)


def recall(path: Path) -> dict | None:
    """What was written down, if that very process still runs."""
    try:
        told = json.loads(path.read_text())
    except (OSError, ValueError):
        return None
    return told if told.get("birth") and birth_of(told["pid"]) == told["birth"] else None


def run_to_end(command: list[str], environment: dict[str, str], *, leave_interrupts: bool = False, **how: Any) -> int:
    """Run a child in the foreground; asked to stop, end it first. Returns its status.

    With `leave_interrupts` the child shares our terminal and Ctrl-C is its own business.
    """
    before = signal.getsignal(signal.SIGINT)
    if leave_interrupts:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    setup = child_setup(None, signal.SIGTERM, interrupts=leave_interrupts)
    child = subprocess.Popen(
        command, env=environment, preexec_fn=setup, start_new_session=not leave_interrupts, **how  # noqa: PLW1509
    )  # fmt: skip
    try:
        return child.wait()
    except BaseException:
        child.terminate()
        try:
            child.wait(10)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
        raise
    finally:
        signal.signal(signal.SIGINT, before)


def end(pid: int, *signals: int, patience: float = 10) -> None:
    """Ask the process to end by each signal in turn, waiting `patience` seconds after each."""
    birth = birth_of(pid)
    for number in signals or (signal.SIGTERM, signal.SIGKILL):
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            return
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            if not birth or birth_of(pid) != birth:
                return
            time.sleep(0.02)
