"""A backup made while people write, and the home that comes out of it."""

import io
import json
import subprocess
import tarfile
from pathlib import Path

import pytest

from config import env
from tests.commands.conftest import clean_environment, run

FOUND = """
from shouxin.people.organisation import Founding, found
from shouxin.core.files import store
found(Founding(company={"name": "晴川人壽"}, office={"name": "台北", "jurisdiction": "TW", "place": "台北市"},
      account="admin", name="管理員", email="", password="守信-2026-say"))
store("收據".encode(), "收據.txt")
"""
WRITE = """
import time
from datetime import date
from shouxin.core.clock import now
from shouxin.people.actions import NewStaff, join
from shouxin.record.heads import export_heads
from shouxin.record.sealing import seal_once
until, number = time.monotonic() + 25, 0
while time.monotonic() < until:
    number += 1
    join(NewStaff(account=f"w{number}", name="新同事", post="CC", joined_on=date(2026, 11, 2)), by=None)
    seal_once(now())
    export_heads(now())
    print(number, flush=True)
"""
CHECK = """
from shouxin.people.models import Staff
print(Staff.objects.get(account="admin").check_password("守信-2026-say"))
"""
FACTS = "SELECT (SELECT count(*) FROM record_fact WHERE kind = 'StaffJoined'), (SELECT count(*) FROM people_staff)"


def shell(home: Path, code: str) -> str:
    done = run("shouxin", "--home", home, "manage", "shell", "-c", code)
    assert done.returncode == 0, done.stderr
    return done.stdout


def asked(home: Path, question: str) -> str:
    return run("shouxin", "--home", home, "psql", "--", "-At", "-c", question).stdout.strip()


def member(file: Path, name: str) -> str:
    with tarfile.open(file) as archive:
        return archive.extractfile(name).read().decode()


def manifest_of(file: Path) -> dict:
    return json.loads(member(file, "manifest.json"))


@pytest.fixture
def lived_in(home) -> Path:
    shell(home, FOUND)
    return home


def test_a_backup_under_load_becomes_a_home_with_the_same_facts_files_and_accounts(lived_in, tmp_path):
    file, new = tmp_path / "kept.tar", tmp_path / "new"
    command = [str(env.ROOT / "bin/shouxin"), "--home", str(lived_in), "manage", "shell", "-c", WRITE]
    writer = subprocess.Popen(command, env=clean_environment(), stdout=subprocess.PIPE, text=True)
    while not writer.stdout.readline().strip().isdigit():
        assert writer.poll() is None

    made = run("shouxin", "--home", lived_in, "backup", file, "--with-secrets")
    writer.communicate()
    assert made.returncode == 0, made.stderr
    restored = run("shouxin", "restore", file, "--home", new)

    assert restored.returncode == 0, restored.stderr
    assert "The record is whole." in restored.stdout
    heads = member(file, "heads.log").splitlines()
    assert 1 <= int(heads[-1].split()[1]) <= manifest_of(file)["last_seal"][0]
    counts = manifest_of(file)["counts"]
    joined, staff = map(int, asked(new, FACTS).split("|"))
    assert joined == staff == counts["staff"] > 1
    assert (new / "secret-key").read_text() == (lived_in / "secret-key").read_text()
    kept = {path.name: path.read_bytes() for path in (new / "attachments").rglob("*") if path.is_file()}
    assert list(kept.values()) == ["收據".encode()]
    assert shell(new, CHECK).splitlines()[-1] == "True"


def test_what_is_not_whole_or_would_overwrite_something_is_refused_and_leaves_nothing(lived_in, tmp_path):
    file, new = tmp_path / "kept.tar", tmp_path / "new"
    assert run("shouxin", "--home", lived_in, "backup", file).returncode == 0

    again = run("shouxin", "--home", lived_in, "backup", file)
    over = run("shouxin", "restore", file, "--home", lived_in)
    without_key = run("shouxin", "restore", file, "--home", new)
    damaged = tmp_path / "damaged.tar"
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    damaged.write_bytes(content)
    broken = run("shouxin", "restore", damaged, "--home", new, "--new-secret-key")
    cut = tmp_path / "cut.tar"
    cut.write_bytes(file.read_bytes()[:3000])
    short = run("shouxin", "restore", cut, "--home", new, "--new-secret-key")

    assert "exists already" in again.stderr and "is not empty" in over.stderr
    assert "holds no secrets" in without_key.stderr
    assert "checksum" in broken.stderr and "not a whole backup" in short.stderr
    assert {each.returncode for each in (again, over, without_key, broken, short)} == {1}
    assert not new.exists()
    assert not manifest_of(file)["with_secrets"] and file.stat().st_mode & 0o777 == 0o600


def with_migrations(file: Path, to: Path, *more: str) -> None:
    """The same archive, whose manifest says that it knows further migrations."""
    manifest = manifest_of(file)
    manifest["migrations"] += more
    with tarfile.open(file) as old, tarfile.open(to, "w") as new:
        for member in old:
            content = old.extractfile(member).read()
            if member.name == "manifest.json":
                content = json.dumps(manifest).encode()
                member.size = len(content)
            new.addfile(member, io.BytesIO(content))


def test_a_backup_of_an_older_release_is_migrated_and_one_of_a_newer_is_refused(lived_in, tmp_path):
    older, newer, new = tmp_path / "older.tar", tmp_path / "newer.tar", tmp_path / "new"
    code = (
        "import os; from pathlib import Path; from django.core.management import call_command\n"
        "from config.backup import backup; from config.home import Home\n"
        "call_command('migrate', 'people', '0005', verbosity=0)\n"
        f"backup(Home(Path({str(lived_in)!r})), dict(os.environ), [{str(older)!r}, '--with-secrets'])"
    )
    shell(lived_in, code)
    assert "people.0006_reached_and_seen" not in manifest_of(older)["migrations"]
    with_migrations(older, newer, "people.9001_of_tomorrow")

    refused = run("shouxin", "restore", newer, "--home", new)
    assert (refused.returncode, "newer release (people.9001_of_tomorrow" in refused.stderr) == (1, True)
    restored = run("shouxin", "restore", older, "--home", new)

    assert restored.returncode == 0, restored.stderr
    assert asked(new, "SELECT name, mail_port FROM people_company") == "晴川人壽|587"
