"""What browser journeys need: a real server process on a database of the test's own, and a real browser."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from config import catalogues, env
from tests.databases import database_url

CHROMIUM = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")


@dataclass
class Server:
    """A web process (and a worker where asked for) on the test's own database."""

    url: str
    home: Path
    environment: dict[str, str]
    children: list[subprocess.Popen] = field(default_factory=list)

    def start(self, *command: str, **how: object) -> subprocess.Popen:
        log = (self.home / f"child-{len(self.children)}.log").open("w")
        child = subprocess.Popen([sys.executable, *command], env=self.environment, stdout=log, stderr=log, **how)
        self.children.append(child)
        return child

    def start_worker(self) -> subprocess.Popen:
        """The background: subscribers, mail, promises, seals."""
        return self.start(str(env.ROOT / "manage.py"), "worker")

    def stop(self) -> None:
        for child in self.children:
            child.terminate()
        for child in self.children:
            child.wait(20)


@pytest.fixture
def server(transactional_db, tmp_path) -> Iterator[Server]:
    """A real server on a free port; `server.url`, and `server.start_worker()` for what happens in the background."""
    catalogues.compile_all()
    bound = socket.socket()
    bound.bind(("127.0.0.1", 0))
    bound.listen(128)
    environment = os.environ | {
        "DATABASE_URL": database_url(),
        "DATABASE_WEB_URL": database_url(),
        "SHOUXIN_HOME": str(tmp_path),
        "SHOUXIN_TESTING": "1",
        "PYTHONPATH": str(env.ROOT),
    }
    started = Server(f"http://127.0.0.1:{bound.getsockname()[1]}", tmp_path, environment)
    try:
        started.start("-P", "-m", "config.web", "--fd", str(bound.fileno()), pass_fds=(bound.fileno(),))
        wait_for(lambda: answers(f"{started.url}/healthz"), 30, "the web process does not answer")
        yield started
    finally:
        started.stop()
        bound.close()


@pytest.fixture
def worker(server) -> subprocess.Popen:
    """The server of this test, with its background running."""
    return server.start_worker()


@pytest.fixture(scope="module")
def browser():
    """Debian's Chromium, or the one Playwright has installed; its event loop ends with the module."""
    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # Playwright's loop runs in this thread
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        found = next(filter(None, map(shutil.which, CHROMIUM)), None)
        launched = playwright.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-dev-shm-usage"])
        yield launched
        launched.close()


@pytest.fixture
def page(browser, server) -> Iterator:
    """A fresh page in Traditional Chinese; an error in its console fails the test."""
    context = browser.new_context(base_url=server.url, locale="zh-TW", timezone_id="Asia/Taipei")
    context.set_default_timeout(15_000)
    opened, errors = context.new_page(), []
    opened.on("pageerror", lambda error: errors.append(str(error)))
    opened.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    yield opened
    context.close()
    unexpected = [error for error in errors if "status of 4" not in error]
    assert not unexpected, f"the browser's console tells of {unexpected}"


def sign_in(page, account: str, password: str | None = None) -> None:
    """Sign in by the form, as a person does."""
    from tests.cast import PASSWORD

    page.goto("/sign-in/")
    page.locator("input[name=username]").fill(account)
    page.locator("input[name=password]").fill(password or PASSWORD)
    page.locator(
        "form:has(input[name=password]) button[type=submit], form:has(input[name=password]) button"
    ).first.click()
    page.wait_for_url(lambda url: "/sign-in" not in url)


def answers(url: str) -> bool:
    """Whether anything answers there, whatever its status."""
    try:
        urllib.request.urlopen(url, timeout=5).close()
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True


def wait_for(happened: Callable[[], object], seconds: float, otherwise: str):
    """The first truthy answer of `happened()`; fails with `otherwise` when there is none in time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := happened():
            return found
        time.sleep(0.05)
    raise AssertionError(otherwise)
