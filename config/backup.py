"""`bin/shouxin backup FILE`: one archive of everything a home is, made while it runs.

A tar of the database as pg_dump writes it, the folders of files and lists, by choice the secrets, and a manifest with
a checksum of each part. Readable by its owner alone: it holds what customers told. `config/restoring.py` reads it.
"""

import argparse
import contextlib
import hashlib
import io
import json
import os
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

import psycopg

from config.embedded import MAJOR, binaries
from config.home import Home
from config.trouble import Trouble, say

FORMAT = 1
MANIFEST, DUMP = "manifest.json", "database.dump"
# What a home is beside its database. The lists must outlive the database: heads prove, erasures are done again.
FOLDERS, HEADS = ("attachments", "mail", "imports"), "heads.log"
LISTS = (HEADS, "erasures.log")
SECRETS = ("secret-key", "secrets/smtp-password")
COUNTED = {"facts": "record_fact", "cases": "cases_case", "customers": "customers_customer", "staff": "people_staff"}
PASSWORD = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD", "dbname": "PGDATABASE"}


def arguments(given: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/shouxin backup", description="Write one archive of this home.")
    parser.add_argument("file", type=Path)
    parser.add_argument("--with-secrets", action="store_true", help="the signing key and the mail password as well")
    return parser.parse_args(given)


def backup(home: Home, environment: dict[str, str], given: list[str]) -> int:
    """Write the archive beside its place, and give it its name when it is whole."""
    asked = arguments(given)
    target = asked.file.resolve()
    if target.exists():
        raise Trouble(f"{target} exists already; a backup never replaces another.")
    if not target.parent.is_dir():
        raise Trouble(f"There is no folder {target.parent}.")
    begun = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        with os.fdopen(os.open(begun, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
            manifest = _write(file, home, environment["DATABASE_URL"], with_secrets=asked.with_secrets)
            file.flush()
            os.fsync(file.fileno())
        begun.rename(target)
    except OSError as problem:
        raise Trouble(f"The backup could not be written to {target}: {problem.strerror or problem}.")
    finally:
        begun.unlink(missing_ok=True)
    counts = ", ".join(f"{count:,} {name}" for name, count in manifest["counts"].items())
    say(f"{target}: {target.stat().st_size / 2**20:,.1f} MB; {counts}; {len(manifest['members']) - 1:,} files beside.")
    if asked.with_secrets:
        say("It holds the secrets: whoever has it can sign in as anybody and open every customer's link. Lock it away.")
    elif not os.environ.get("SHOUXIN_SECRET_KEY"):
        say(f"It holds no secrets: keep {home.path / 'secret-key'} elsewhere, or customers' links end with this home.")
    return 0


def _write(file: IO[bytes], home: Home, url: str, *, with_secrets: bool) -> dict[str, Any]:
    with tarfile.open(fileobj=file, mode="w") as archive, tempfile.TemporaryDirectory(dir=home.path) as folder:
        members: dict[str, dict[str, Any]] = {}
        dump = Path(folder) / DUMP
        # Before the database: whatever is sealed meanwhile is not in the dump, so its head must not be here either.
        if (home.path / HEADS).is_file():
            _add(archive, HEADS, home.path / HEADS, members)
        about = dump_database(url, dump)
        _add(archive, DUMP, dump, members)
        dump.unlink()
        # After the database: a file is kept before its row is, so none that a row names is missing, and an erasure
        # that the dump does not know is listed.
        for name, path in _files(home, with_secrets=with_secrets):
            _add(archive, name, path, members)
        manifest = {
            "format": FORMAT, "made_at": datetime.now(UTC).isoformat(timespec="seconds"), "members": members,
            "with_secrets": with_secrets, **about,
        }  # fmt: skip
        told = json.dumps(manifest, ensure_ascii=False, indent=1).encode()
        info = tarfile.TarInfo(MANIFEST)
        info.size, info.mode = len(told), 0o600
        archive.addfile(info, io.BytesIO(told))
        return manifest


def _files(home: Home, *, with_secrets: bool) -> Iterator[tuple[str, Path]]:
    for name in FOLDERS:
        for path in sorted((home.path / name).rglob("*")):
            if path.is_file() and not path.is_symlink():
                yield str(path.relative_to(home.path)), path
    for name in (*(each for each in LISTS if each != HEADS), *(SECRETS if with_secrets else ())):
        if (home.path / name).is_file():
            yield name, home.path / name


def _add(archive: tarfile.TarFile, name: str, path: Path, members: dict[str, dict[str, Any]]) -> None:
    """One file as it is now: a list may grow meanwhile, an erased file may be gone."""
    with contextlib.suppress(FileNotFoundError), path.open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        seen = Seen(file, size)
        info = tarfile.TarInfo(name)
        info.size, info.mode, info.mtime = size, 0o600, int(path.stat().st_mtime)
        archive.addfile(info, seen)
        members[name] = {"size": size, "sha256": seen.digest.hexdigest()}


class Seen:
    """The first `size` bytes of a file, and their digest."""

    def __init__(self, file: IO[bytes], size: int) -> None:
        self.file, self.left, self.digest = file, size, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        piece = self.file.read(self.left if size < 0 else min(size, self.left))
        self.left -= len(piece)
        self.digest.update(piece)
        return piece


def dump_database(url: str, path: Path) -> dict[str, Any]:
    """One moment of the database, and what it holds at that moment."""
    with psycopg.connect(url) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        snapshot = connection.execute("SELECT pg_export_snapshot()").fetchone()[0]
        major = connection.info.server_version // 10000
        counts = {
            name: connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for name, table in COUNTED.items()
        }
        migrations = [
            ".".join(row) for row in connection.execute("SELECT app, name FROM django_migrations ORDER BY 1, 2")
        ]
        head = connection.execute("SELECT batch, encode(head, 'hex') FROM record_seal ORDER BY batch DESC").fetchone()
        command = ["--format=custom", "--no-owner", "--no-acl", f"--snapshot={snapshot}", f"--file={path}"]
        run_program("pg_dump", major, url, *command)
    return {"postgresql": major, "counts": counts, "migrations": migrations, "last_seal": list(head) if head else None}


def run_program(name: str, major: int, url: str, *words: str) -> None:
    """pg_dump or pg_restore of the server's own version; its password is not shown to other users."""
    place = psycopg.conninfo.conninfo_to_dict(url)
    known = {PASSWORD[key]: str(value) for key, value in place.items() if key in PASSWORD and value}
    done = subprocess.run(
        [str(program(name, major)), *words], env=os.environ | known, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise Trouble(f"{name} failed:\n" + "\n".join(done.stderr.strip().splitlines()[-8:]))


def program(name: str, major: int) -> Path:
    """The program of the same version as the server; a newer one may write what the server can't read back."""
    if str(major) == MAJOR:
        return binaries() / name
    debian = Path(f"/usr/lib/postgresql/{major}/bin") / name
    if debian.exists():
        return debian
    found = shutil.which(name)
    told = subprocess.run([found, "--version"], capture_output=True, text=True, check=False).stdout if found else ""
    if f" {major}." in told or f" {major} " in told:
        return Path(found)
    raise Trouble(f"{name} of PostgreSQL {major} is needed for this server. Install postgresql-client-{major}.")
