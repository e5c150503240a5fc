"""`bin/test`: every test, on a throw-away PostgreSQL, with a real browser. All arguments go to pytest.

`--oldest-postgresql` runs them on a PostgreSQL 15 server of Debian instead, given by DATABASE_URL.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from config import env, processes
from config.embedded import SUPERUSER, Cluster
from config.home import Home
from config.trouble import Trouble, command, say

# Nothing of a test's database is kept, so nothing waits for the disk.
HASTY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "shared_buffers": "256MB"}
BROWSERS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
OLDEST = "15"
NO_OLDEST = f"PostgreSQL {OLDEST} is not here. Install it and start again:  apt install postgresql-{OLDEST}"
NO_BROWSER = """The journeys need a browser, and none is here. Install one and start again:
    apt install chromium      or      .venv/bin/python -m playwright install chromium"""


def main(given: list[str]) -> int:
    on_oldest = "--oldest-postgresql" in given
    given = [word for word in given if word != "--oldest-postgresql"]
    ensure_browser()
    with tempfile.TemporaryDirectory(prefix="shouxin-test-", ignore_cleanup_errors=True) as folder:
        home = Home.opened(Path(folder) / "home")
        home.take("test")
        if on_oldest:
            # As root it runs as another user, and before 16 it insists on walking to where it stands.
            for above in (Path(folder), home.path):
                above.chmod(0o711)
        # The files of the tests lie apart from the cluster, as tests look through them for what should be gone.
        environment = os.environ | {"SHOUXIN_HOME": f"{folder}/files", "SHOUXIN_TESTING": "1", "SHOUXIN_ROLE": "owner"}
        cluster = Oldest(home, HASTY) if on_oldest else Cluster(home, HASTY)
        if environment.get("DATABASE_URL") and not on_oldest:
            cluster = None
        try:
            if cluster:
                cluster.start()
                environment["DATABASE_URL"] = cluster.url(SUPERUSER, "shouxin_test")
            return processes.run_to_end([sys.executable, "-m", "pytest", *given], environment, cwd=env.ROOT)
        finally:
            if cluster:
                cluster.stop()
            home.leave()


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
