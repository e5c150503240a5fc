"""`bin/shouxin restore FILE --home NEW`: a home out of a backup; never over something that is there.

First the whole archive is read and compared with its manifest, then anything is made. Erasures that happened since
are done again, and the record is verified against the heads, before anybody is served.
"""

import argparse
import hashlib
import json
import os
import shutil
import sys
import tarfile
from pathlib import Path, PurePosixPath
from typing import Any

import psycopg

from config import env, processes, serve
from config.backup import DUMP, FOLDERS, FORMAT, LISTS, MANIFEST, SECRETS, run_program
from config.embedded import Cluster
from config.home import Home
from config.supervisor import Supervisor
from config.trouble import Trouble, say

BLOCK = 1024 * 1024
NO_KEY = """This backup holds no secrets, and the signing key is not given. One of:
  --secret-key FILE     the secret-key of the old home: customers' links and sign-ins go on working
  --new-secret-key      a new one: every link that customers hold ends, everybody signs in again
  SHOUXIN_SECRET_KEY    in the environment, where it is kept there"""


def arguments(given: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/shouxin restore", description="Make a home out of a backup.")
    parser.add_argument("file", type=Path)
    parser.add_argument("--secret-key", type=Path, help="the secret-key of the old home")
    parser.add_argument("--new-secret-key", action="store_true", help="make a new one; customers' links end")
    parser.add_argument("--erasures", type=Path, help="a newer erasures.log of the old home")
    return parser.parse_args(given)


def restore(path: Path, given: list[str]) -> int:
    """All or nothing: what was made of a home is removed when something fails."""
    asked = arguments(given)
    if path.exists() and any(path.iterdir()):
        raise Trouble(f"{path} is not empty. A backup is restored into a new home only; name another --home.")
    manifest = checked(asked.file)
    if not (manifest["with_secrets"] or asked.secret_key or asked.new_secret_key or _key_is_given()):
        raise Trouble(NO_KEY)
    was_there = path.exists()
    home = Home.opened(path)
    try:
        return _into(home, asked, manifest)
    except BaseException:
        for each in home.path.iterdir():
            shutil.rmtree(each) if each.is_dir() else each.unlink()
        if not was_there:
            home.path.rmdir()
        raise


def _key_is_given() -> bool:
    return bool(os.environ.get("SHOUXIN_SECRET_KEY"))


def checked(file: Path) -> dict[str, Any]:
    """The manifest, once every part of the archive is what it says; trouble in words otherwise."""
    try:
        with tarfile.open(file) as archive:
            found: dict[str, dict[str, Any]] = {}
            manifest = None
            for member in archive:
                if not _is_ours(member):
                    raise Trouble(f"{file} holds “{member.name}”, which no backup of ours holds. Nothing was restored.")
                content = archive.extractfile(member)
                if member.name == MANIFEST:
                    manifest = json.loads(content.read())
                    continue
                digest = hashlib.file_digest(content, "sha256").hexdigest()
                found[member.name] = {"size": member.size, "sha256": digest}
    except (tarfile.TarError, EOFError, ValueError) as problem:
        raise Trouble(f"{file} is not a whole backup ({problem}). Nothing was restored.")
    except OSError as problem:
        raise Trouble(f"{file} can't be read: {problem.strerror or problem}.")
    if manifest is None:
        raise Trouble(f"{file} has no manifest: it is not a whole backup. Nothing was restored.")
    if manifest.get("format") != FORMAT:
        raise Trouble(f"{file} was made by another release (format {manifest.get('format')}). Use that release.")
    wrong = [name for name in {*found, *manifest["members"]} if found.get(name) != manifest["members"].get(name)]
    if wrong or DUMP not in found:
        raise Trouble(f"{file} is damaged: {', '.join(sorted(wrong)[:5])} does not match its checksum.")
    _check_release(file, manifest)
    return manifest


def _is_ours(member: tarfile.TarInfo) -> bool:
    path = PurePosixPath(member.name)
    if not member.isfile() or path.is_absolute() or ".." in path.parts:
        return False
    return member.name in {MANIFEST, DUMP, *LISTS, *SECRETS} or (len(path.parts) > 1 and path.parts[0] in FOLDERS)


def _check_release(file: Path, manifest: dict[str, Any]) -> None:
    """A newer database can't be read by an older release."""
    ours = {f"{path.parts[-3]}.{path.stem}" for path in (env.ROOT / "shouxin").glob("*/migrations/[0-9]*.py")}
    rooms = {name.partition(".")[0] for name in ours}
    newer = [name for name in manifest["migrations"] if name.partition(".")[0] in rooms and name not in ours]
    if newer:
        raise Trouble(f"{file} was made by a newer release ({newer[-1]} is not known here). Use that release.")


def _into(home: Home, asked: argparse.Namespace, manifest: dict[str, Any]) -> int:
    if not home.take("restore"):
        raise Trouble(f"{home.path} is in use by process {home.holder().get('pid', '?')}.")
    cluster = None if os.environ.get("DATABASE_URL") else Cluster(home)
    supervisor = Supervisor(home, cluster)
    try:
        environment = serve.start_database(home, cluster)
        say("Reading the files …")
        _extract(asked.file, home, asked)
        say("Reading the database …")
        _load(home.path / DUMP, environment["DATABASE_URL"], manifest)
        (home.path / DUMP).unlink()
        if asked.new_secret_key:
            environment["SHOUXIN_NEW_SECRET_KEY"] = "1"
        serve.prepare(home, environment, demo=False)
        environment.pop("SHOUXIN_NEW_SECRET_KEY", None)
        return _report(home, environment, manifest)
    finally:
        supervisor.stop()
        home.leave()


def _extract(file: Path, home: Home, asked: argparse.Namespace) -> None:
    with tarfile.open(file) as archive:
        for member in archive:
            if member.name == MANIFEST:
                continue
            path = home.path / member.name
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as target:
                shutil.copyfileobj(archive.extractfile(member), target, BLOCK)
    if asked.secret_key:
        (home.path / "secret-key").write_text(asked.secret_key.read_text())
        (home.path / "secret-key").chmod(0o600)
    if asked.erasures:
        known = home.path / "erasures.log"
        lines = [*(known.read_text().splitlines() if known.exists() else []), *asked.erasures.read_text().splitlines()]
        known.write_text("".join(f"{line}\n" for line in dict.fromkeys(filter(None, lines))))


def _load(dump: Path, url: str, manifest: dict[str, Any]) -> None:
    with psycopg.connect(url) as connection:
        major = connection.info.server_version // 10000
        tables = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()[0]
    if tables:
        raise Trouble("The database of DATABASE_URL is not empty. A backup is restored into an empty one only.")
    if major < manifest["postgresql"]:
        raise Trouble(f"The backup is of PostgreSQL {manifest['postgresql']}; this server is {major}. Use a newer one.")
    place = psycopg.conninfo.conninfo_to_dict(url)
    words = ["--no-owner", "--no-acl", "--single-transaction", f"--dbname={place.get('dbname', '')}", str(dump)]
    run_program("pg_restore", major, url, *words)
    with psycopg.connect(url) as connection:
        connection.execute("ANALYZE")


def _report(home: Home, environment: dict[str, str], manifest: dict[str, Any]) -> int:
    """Erase again, verify, and say how it stands; 1 where the record is not whole."""
    manage = [sys.executable, str(env.ROOT / "manage.py")]
    owner = environment | {"SHOUXIN_ROLE": "owner"}
    if (home.path / "erasures.log").exists():
        if processes.run_to_end([*manage, "reapply_erasures"], owner):
            raise Trouble("The erasures could not be done again, so the backup is not served.")
    else:
        say("The backup brought no list of erasures; if something was erased since, give the list by --erasures.")
    heads = home.path / "heads.log"
    compared = ["--heads", str(heads)] if heads.exists() else []
    is_whole = not processes.run_to_end([*manage, "verify", *compared], owner)
    counts = ", ".join(f"{count:,} {name}" for name, count in manifest["counts"].items())
    say(f"\nRestored as of {manifest['made_at']}: {counts}.")
    say(f"Serve it:  bin/serve --home {home.path}" if is_whole else "THE RECORD IS NOT WHOLE: see above first.")
    return 0 if is_whole else 1
