"""`bin/shouxin`: the house from the terminal, with or without a running server."""

import contextlib
import fcntl
import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg

from config import env, processes, serve
from config.backup import backup
from config.embedded import Cluster, binaries
from config.home import Home
from config.restoring import restore
from config.supervisor import Supervisor
from config.trouble import Trouble, command, say

HELP = """usage: bin/shouxin [--home var] COMMAND …

  import complaints FILE --mapping FILE.toml [--dry-run] [--json]   real complaints, row by row accounted for
  import policies FILE [--dry-run] [--json]   policies with their people, as the core system has them
  measure CODE --from DAY --to DAY [--by …] [--where key=value] [--json]   a figure
  verify [--heads FILE] [--json]   recompute every seal of the record
  erase CUSTOMER --reason TEXT [--dry-run] [--json]   all that is known of a person goes
  demo --size small|full           load the example insurer into an empty house
  staff …                          people: add, list, reset a password
  backup FILE [--with-secrets]     everything of this home in one archive, while it runs
  restore FILE --home NEW [--secret-key FILE|--new-secret-key] [--erasures FILE]   a new home out of it
  new-secret-key                   where the old one is lost: customers' links end, everybody signs in again
  psql [--superuser] [-- ARGS]     PostgreSQL's own shell on this home's database
  stop                             stop the server of this home
  manage …                         Django's commands

Each of the first six tells more with --help. They work with or without a running server."""

# Commands of rooms, and whether they need the owner of the database instead of the web's role.
ROOMS = {"import": False, "measure": False, "staff": False, "verify": True, "erase": True, "demo": True, "manage": True}
JOIN_PATIENCE = 600.0


def main(given: list[str]) -> int:
    home_path, words = split_home(given)
    name, rest = (words[0], words[1:]) if words else ("help", [])
    if name in {"help", "-h", "--help"}:
        print(HELP)
        return 0
    if name not in {*ROOMS, "backup", "restore", "new-secret-key", "psql", "stop"}:
        raise Trouble(f"bin/shouxin does not know “{name}”.\n\n{HELP}")
    if name in ROOMS and name != "manage" and not command_exists(name):
        raise Trouble(f"“{name}” is not part of this release.")
    if name == "restore":
        return restore(home_path, rest)
    home = Home.opened(home_path)
    if name == "stop":
        return stop(home)
    if name == "new-secret-key":
        os.environ["SHOUXIN_NEW_SECRET_KEY"] = "1"
    with database(home, f"bin/shouxin {name}") as environment:
        if name == "new-secret-key":
            return new_secret_key(home, environment)
        if name == "psql":
            return psql(environment, rest)
        if name == "backup":
            return backup(home, environment, rest)
        words = rest if name == "manage" else [name, *rest]
        role = "owner" if ROOMS[name] else "web"
        return processes.run_to_end(
            [sys.executable, str(env.ROOT / "manage.py"), *words],
            environment | {"SHOUXIN_ROLE": role},
            leave_interrupts=True,
        )


def new_secret_key(home: Home, environment: dict[str, str]) -> int:
    """Taken by `prepare`, which runs only where nobody serves this home."""
    if home.holder().get("purpose") == "serve":
        raise Trouble(f"{home.path} is being served. Stop it first: bin/shouxin stop --home {home.path}")
    say("A new signing key is in place. Links that customers hold open nothing any more; everybody signs in again.")
    return 0


def split_home(given: list[str]) -> tuple[Path, list[str]]:
    """`--home X` may stand anywhere before a `--`; the rest belongs to the command."""
    home, words, own = env.home(), [], list(given)
    while own:
        word = own.pop(0)
        if word == "--":
            return home, [*words, word, *own]
        if word == "--home" and own:
            home = Path(own.pop(0))
        elif word.startswith("--home="):
            home = Path(word.removeprefix("--home="))
        else:
            words.append(word)
    return home, words


def command_exists(name: str) -> bool:
    return any((env.ROOT / "shouxin").glob(f"*/management/commands/{name}.py"))


@contextlib.contextmanager
def database(home: Home, purpose: str) -> Iterator[dict[str, str]]:
    """The environment in which this home's database answers: the given one, the running one, or one for now."""
    environment = os.environ | {"SHOUXIN_HOME": str(home.path)}
    if environment.get("DATABASE_URL"):
        serve.start_database(home, None)
        serve.prepare(home, environment, demo=False)
        yield environment
        return
    with home.used() as using:
        if not _take_or_join(home, purpose):
            noted = home.noted("database")
            yield environment | _urls(noted)
            return
        cluster = Cluster(home)
        supervisor = Supervisor(home, cluster)
        try:
            supervisor.clear_remains()
            environment = serve.start_database(home, cluster) | {"SHOUXIN_STARTED_AT": "0"}
            environment |= _urls(home.noted("database"))
            serve.prepare(home, environment, demo=False)
            home.note("joinable", {"pid": os.getpid()})
            yield environment
        finally:
            # Others may have joined meanwhile: the database goes when the last of them has finished.
            (home.run / "joinable.json").unlink(missing_ok=True)
            fcntl.flock(using, fcntl.LOCK_EX)
            supervisor.stop()
            home.leave()


def _urls(noted: dict) -> dict[str, str]:
    return {
        "DATABASE_URL": noted["owner"],
        "DATABASE_WEB_URL": noted["web"],
        "SHOUXIN_SUPERUSER_URL": noted["superuser"],
    }


def _take_or_join(home: Home, purpose: str) -> bool:
    """True: nobody ran this home, now we do. False: somebody does, and the database is ready for us."""
    began = time.monotonic()
    while time.monotonic() - began < JOIN_PATIENCE:
        if home.take(purpose):
            return True
        ready = home.noted("server") if home.holder().get("purpose") == "serve" else home.noted("joinable")
        if ready.get("pid") == home.holder().get("pid") and (noted := home.noted("database")):
            with contextlib.suppress(psycopg.OperationalError):
                psycopg.connect(noted["web"], connect_timeout=5).close()
                return False
        time.sleep(0.1)
    raise Trouble(f"{home.path} is in use by process {home.holder().get('pid', '?')}, whose database does not answer.")


def stop(home: Home) -> int:
    """Stop the server; where it was killed, end what it left."""
    holder = home.holder()
    if holder:
        say(f"Stopping process {holder['pid']} …")
        processes.end(holder["pid"], signal.SIGTERM, patience=90)
    if not home.take("stop"):
        raise Trouble(f"{home.path} is still in use by process {home.holder().get('pid', '?')}.")
    Supervisor(home, None).clear_remains()
    Cluster(home).end_what_was_left()
    home.leave()
    say("Stopped." if holder else f"Nothing runs on {home.path}.")
    return 0


def psql(environment: dict[str, str], words: list[str]) -> int:
    """PostgreSQL's shell, as the owner or the superuser; the password is not shown to other users."""
    place = psycopg.conninfo.conninfo_to_dict(environment["DATABASE_URL"])
    if "--superuser" in words[: words.index("--") if "--" in words else None]:
        words.remove("--superuser")
        url = environment.get("SHOUXIN_SUPERUSER_URL")
        if not url:
            raise Trouble("The superuser of a database given by DATABASE_URL is known to its keeper only.")
        # On the house's database: the superuser's own one is empty.
        place = psycopg.conninfo.conninfo_to_dict(url) | {"dbname": place["dbname"]}
    if words[:1] == ["--"]:
        words = words[1:]
    named = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD", "dbname": "PGDATABASE"}
    return processes.run_to_end(
        [str(binaries() / "psql"), *words],
        environment | {name: str(place[key]) for key, name in named.items() if place.get(key)},
        leave_interrupts=True,
    )


if __name__ == "__main__":
    command(main)
