"""`bin/test`: every test, each worker on a throw-away PostgreSQL of its own, with a real browser.

All other arguments go to pytest.

`--oldest-postgresql` runs them on a PostgreSQL 15 server of Debian instead, given by DATABASE_URL.
`--all` runs the long tests too, which are left out otherwise (kill -9 under load, eight times).

Workers do not share a server: sealing asks which transactions of the whole server are still open, and those of another
worker's tests would count. The migrated database is made once and kept, by the hash of what it is made from.
"""

import contextlib
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from config import env, processes
from config.embedded import SUPERUSER, Cluster
from config.home import Home
from config.trouble import Trouble, command, say

# Nothing of a test's database is kept, so nothing waits for the disk.
HASTY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "shared_buffers": "256MB"}
DATABASE = "shouxin_test"
# Seen about once in a whole parallel run, at a different test each time, cause not found: nothing else is tried again.
AGAIN = ["--reruns", "1", "--only-rerun", "terminating connection due to administrator command"]
KEPT = env.ROOT / ".cache" / "test-database"
BROWSERS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
OLDEST = "15"
NO_OLDEST = f"PostgreSQL {OLDEST} is not here. Install it and start again:  apt install postgresql-{OLDEST}"
NO_BROWSER = """The journeys need a browser, and none is here. Install one and start again:
    apt install chromium      or      .venv/bin/python -m playwright install chromium"""
MIGRATE = """import django; django.setup()
from django.test.utils import setup_databases
setup_databases(verbosity=0, interactive=False, aliases={"default"})"""


def main(given: list[str]) -> int:
    kind = Oldest if "--oldest-postgresql" in given else Cluster
    given = [word for word in given if word != "--oldest-postgresql"]
    given = [word for word in given if word != "--all"] if "--all" in given else ["-m", "not long", *given]
    ensure_browser()
    if os.environ.get("DATABASE_URL") and kind is Cluster:
        with tempfile.TemporaryDirectory(prefix="shouxin-test-", ignore_cleanup_errors=True) as files:
            return _pytest(given, {"SHOUXIN_HOME": files})
    count = 1 if {"--pdb", "-n0"} & set(given) else max(os.cpu_count() or 1, 1)
    with contextlib.ExitStack() as stack:
        folder = Path(
            stack.enter_context(tempfile.TemporaryDirectory(prefix="shouxin-test-", ignore_cleanup_errors=True))
        )
        folder.chmod(0o711)  # as root, servers before 16 insist on walking to where they stand
        made = migrated(kind)
        environment = {}
        for number in range(count):
            stack.enter_context(_server_of_worker(kind, folder, number, made, environment))
        workers = ["-n", str(count), "--dist", "loadfile"] if count > 1 else []
        return _pytest(["--reuse-db", *workers, *AGAIN, *given], environment)


def _pytest(arguments: list[str], environment: dict[str, str]) -> int:
    # One seed for hashes: cases made from a set are collected in the same order by every worker.
    ours = {"SHOUXIN_TESTING": "1", "SHOUXIN_ROLE": "owner", "PYTHONHASHSEED": "0"}
    environment = os.environ | ours | environment
    return processes.run_to_end(
        [sys.executable, "-m", "pytest", "-p", "tests.workers", *arguments], environment, cwd=env.ROOT
    )


@contextlib.contextmanager
def _server_of_worker(
    kind: type[Cluster], folder: Path, number: int, made: Path, environment: dict[str, str]
) -> Iterator[None]:
    """A server for one worker, on a copy of the migrated database; tests/workers.py picks its URL by these names."""
    path = folder / f"gw{number}"
    shutil.copytree(made, path, symlinks=True, ignore=shutil.ignore_patterns("run", "log"))
    (path / "postgres").chmod(0o711)  # the copy belongs to root
    with _running(kind, path) as url:
        # The files of the tests lie apart from the cluster, as tests look through them for what should be gone.
        (folder / f"files{number}").mkdir()
        environment |= {f"DATABASE_URL_GW{number}": url, f"SHOUXIN_HOME_GW{number}": f"{folder}/files{number}"}
        yield


@contextlib.contextmanager
def _running(kind: type[Cluster], path: Path) -> Iterator[str]:
    home = Home.opened(path)
    home.take("test")
    path.chmod(0o711)
    cluster = kind(home, HASTY)
    try:
        cluster.start()
        yield cluster.url(SUPERUSER, DATABASE)
    finally:
        cluster.stop()
        home.leave()


def migrated(kind: type[Cluster]) -> Path:
    """The home of a stopped cluster that holds the migrated test database; made where this state was never made."""
    kept = KEPT / f"{kind.major}-{_state_of_migrations()}"
    if kept.exists():
        return kept
    KEPT.mkdir(parents=True, exist_ok=True)
    new = Path(tempfile.mkdtemp(prefix=f"shouxin-test-{kind.major}-"))
    new.chmod(0o711)
    with _running(kind, new / "home") as url:
        environment = os.environ | {"DATABASE_URL": url, "SHOUXIN_TESTING": "1", "SHOUXIN_ROLE": "owner"}
        environment |= {"SHOUXIN_HOME": f"{new}/files", "DJANGO_SETTINGS_MODULE": "config.settings"}
        done = subprocess.run([sys.executable, "-c", MIGRATE], env=environment, cwd=env.ROOT)
    if done.returncode:
        raise Trouble("The test database could not be migrated; what Django said stands above.")
    for older in KEPT.glob(f"{kind.major}-*"):
        shutil.rmtree(older, ignore_errors=True)
    with contextlib.suppress(OSError):  # another run was quicker
        shutil.move(new / "home", kept)
    shutil.rmtree(new, ignore_errors=True)
    return kept


def _state_of_migrations() -> str:
    """Names what a migrated database is made from: migrations, the data they load, what they import, the packages."""
    rooms = env.ROOT / "shouxin"
    files = {*rooms.glob("*/migrations/*.py"), *rooms.glob("*/data/*"), env.ROOT / "requirements.lock"}
    for name in re.findall(r"^from (shouxin[.\w]+) import", "\n".join(path.read_text() for path in files), re.M):
        files |= {env.ROOT / f"{name.replace('.', '/')}.py", env.ROOT / name.replace(".", "/") / "__init__.py"}
    digest = hashlib.sha256()
    for path in sorted(path for path in files if path.is_file()):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:16]


class Oldest(Cluster):
    """A cluster of the oldest PostgreSQL we support, by Debian's packages; otherwise like the embedded one."""

    major = OLDEST

    def programs(self) -> Path:
        folder = Path(f"/usr/lib/postgresql/{OLDEST}/bin")
        if not (folder / "postgres").exists():
            if os.geteuid() != 0 or not shutil.which("apt-get"):
                raise Trouble(NO_OLDEST)
            say(f"Installing PostgreSQL {OLDEST} (once) …")
            apt_install(f"postgresql-{OLDEST}", otherwise=NO_OLDEST)
        return folder


def ensure_browser() -> None:
    """A Chromium of the machine or of Playwright; as root on Debian it is installed where it is missing."""
    if any(map(shutil.which, BROWSERS)) or _playwright_has_one():
        return
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise Trouble(NO_BROWSER)
    say("Installing Chromium for the journeys (once) …")
    apt_install("chromium", otherwise=NO_BROWSER)


def apt_install(*packages: str, otherwise: str) -> None:
    quiet = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "update", "-q"], env=environment, **quiet)
    done = subprocess.run(
        ["apt-get", "install", "-q", "-y", "--no-install-recommends", *packages], env=environment, **quiet
    )
    if done.returncode:
        raise Trouble(f"{otherwise}\n\napt-get said:\n" + "\n".join(done.stdout.strip().splitlines()[-5:]))


def _playwright_has_one() -> bool:
    place = os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or Path.home() / ".cache/ms-playwright"
    return any(Path(place).glob("chromium*"))


if __name__ == "__main__":
    command(main)
