"""`bin/serve`: PostgreSQL, web, live push and worker under one parent."""

import argparse
import contextlib
import os
import shutil
import signal
import socket
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from config import catalogues, env, processes
from config.embedded import OWNER, WEB, Cluster
from config.home import Home
from config.supervisor import Part, Supervisor, check_reachable
from config.trouble import Trouble, command, say

READY_PATIENCE = 120.0


def arguments(given: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="bin/serve", description="Serve 守信 Shouxin: PostgreSQL, web, live push and worker under one parent."
    )
    parser.add_argument("--port", type=int, default=int(os.environ.get("SHOUXIN_PORT", "8000")))
    parser.add_argument(
        "--host", default=os.environ.get("SHOUXIN_BIND", "127.0.0.1"), help="the address to listen on (127.0.0.1)"
    )
    parser.add_argument("--home", default=env.home(), type=Path, help="the folder of this instance (var, SHOUXIN_HOME)")
    parser.add_argument("--no-demo", action="store_true", help="an empty house: set up your own company")
    return parser.parse_args(given)


def main(given: list[str]) -> None:
    asked = arguments(given)
    began = time.monotonic()
    home = Home.opened(asked.home)
    home.take_for_serving(asked.port)
    bound = bind(asked.host, asked.port)
    port = bound.getsockname()[1]
    cluster = None if os.environ.get("DATABASE_URL") else Cluster(home)
    supervisor = Supervisor(home, cluster)
    address = address_of(asked.host, port)
    try:
        supervisor.clear_remains()
        environment = start_database(home, cluster) | {"SHOUXIN_SERVED_AT": address}
        prepare(home, environment, demo=not asked.no_demo)
        for part in parts(home, environment, bound):
            supervisor.start(part)
        if not supervisor.watch(until=lambda: is_healthy(address), patience=READY_PATIENCE):
            say(f"Not everything is ready after {READY_PATIENCE:.0f} s; see {address}/healthz and {home.log}.")
        home.note("server", {"address": address, "pid": os.getpid()})
        greet(home, address, time.monotonic() - began)
        supervisor.watch()
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        supervisor.stop()
        shutil.rmtree(metrics_folder(home), ignore_errors=True)
        (home.run / "server.json").unlink(missing_ok=True)
        home.leave()
        if supervisor.parts:
            say("Stopped.")


def bind(host: str, port: int) -> socket.socket:
    """The listening socket, bound by the parent: a web process that is started again loses no connection."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((host, port))
        bound.listen(1024)
    except (OSError, OverflowError) as problem:
        reason = getattr(problem, "strerror", None) or str(problem)
        raise Trouble(
            f"Port {port} of {host} can't be used: {reason}.\n"
            f"Choose another one: bin/serve --port {port % 60000 + 1}    (Who has it: ss -ltnp 'sport = :{port}')"
        )
    return bound


def start_database(home: Home, cluster: Cluster | None) -> dict[str, str]:
    """The environment of all parts: the given database, or the embedded one, started."""
    environment = os.environ | {"SHOUXIN_HOME": str(home.path), "SHOUXIN_STARTED_AT": repr(time.time())}
    if cluster:
        cluster.start()
        return environment | {"DATABASE_URL": cluster.url(OWNER), "DATABASE_WEB_URL": cluster.url(WEB)}
    check_reachable(environment["DATABASE_URL"], "DATABASE_URL")
    if web := environment.get("DATABASE_WEB_URL"):
        check_reachable(web, "DATABASE_WEB_URL")
    return environment


def prepare(home: Home, environment: dict[str, str], *, demo: bool) -> None:
    """Languages, migrations, grants, static files; and the example insurer on the first start."""
    catalogues.compile_all()
    step(home, environment, "prepare", *(["--demo"] if demo else []))


def step(home: Home, environment: dict[str, str], *words: str) -> None:
    """One of Django's commands, as the owner of the database, in the foreground; it dies with us."""
    whole = [sys.executable, str(env.ROOT / "manage.py"), *words]
    if processes.run_to_end(whole, environment | {"SHOUXIN_ROLE": "owner"}, stdout=sys.stderr):
        raise Trouble(f"`manage.py {' '.join(words)}` failed; the lines above say why. What is stored is safe.")


def web_processes() -> int:
    """One more than processors, up to eight: while one waits for the database or the disk, another draws."""
    return min((os.cpu_count() or 1) + 1, 8)


def parts(home: Home, environment: dict[str, str], bound: socket.socket) -> Iterator[Part]:
    """Web processes and the worker. A web process never learns the owner's password."""
    counted = metrics_folder(home)
    for file in counted.glob("*.db"):
        file.unlink()
    web = environment | {"PROMETHEUS_MULTIPROC_DIR": str(counted)}
    if web.get("DATABASE_WEB_URL"):
        web["DATABASE_URL"] = web["DATABASE_WEB_URL"]
    fd = bound.fileno()
    for number in range(1, int(os.environ.get("SHOUXIN_WEB_PROCESSES") or web_processes()) + 1):
        yield Part(f"web-{number}", [sys.executable, "-P", "-m", "config.web", "--fd", str(fd)], web, (fd,))
    yield Part("worker", [sys.executable, str(env.ROOT / "manage.py"), "worker"], environment)


def address_of(host: str, port: int) -> str:
    """Where a browser on this machine reaches what listens on `host`."""
    here = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}.get(host, host)
    return f"http://[{here}]:{port}" if ":" in here else f"http://{here}:{port}"


def metrics_folder(home: Home) -> Path:
    """In memory where the system has such a place: a counter in a file of a full disk kills who counts (SIGBUS)."""
    shared = Path("/dev/shm")
    counted = shared / f"shouxin-metrics-{home.mark}" if os.access(shared, os.W_OK) else home.run / "metrics"
    counted.mkdir(mode=0o700, exist_ok=True)
    if counted.stat().st_uid != os.geteuid():
        counted = home.run / "metrics"
        counted.mkdir(mode=0o700, exist_ok=True)
    return counted


def is_healthy(address: str) -> bool:
    asked = urllib.request.Request(f"{address}/healthz", headers={"Host": "localhost"})
    try:
        with urllib.request.urlopen(asked, timeout=5):
            return True
    except (OSError, urllib.error.URLError):
        return False


def greet(home: Home, address: str, seconds: float) -> None:
    """The address, and one account for each post of the example insurer, or where the first hour begins."""
    print(f"\n守信 Shouxin is ready at {address}  ({seconds:.1f} s)", flush=True)
    with contextlib.suppress(OSError):
        if told := (home.run / "accounts.txt").read_text().rstrip():
            print(f"\nOne account for each post of the example insurer:\n{told}")
    with contextlib.suppress(OSError):
        token = (home.path / "setup-token").read_text().strip()
        print(f"\nNothing is set up yet. Begin here:  {address}/setup/?token={token}")
    print("\nCtrl-C stops it.", flush=True)


if __name__ == "__main__":
    command(main)
