"""The set-up before everything else: on old machines, poor machines and busy ones."""

import ast
import hashlib
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from config import env

sys.path.insert(0, str(env.ROOT / "bin"))
import _setup  # noqa: E402

SCRIPTS = ("_setup.py", "serve", "test", "bench", "shouxin")


def wheel(folder: Path) -> str:
    """A package made here, so that nothing is fetched; returns the line that locks it."""
    path = folder / "said-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("said.py", "")
        file.writestr("said-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: said\nVersion: 1.0\n")
        file.writestr("said-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        file.writestr("said-1.0.dist-info/RECORD", "")
    return f"said==1.0 --hash=sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}\n"


def checkout(folder: Path) -> Path:
    """A checkout small enough to be set up in a test: the commands, a lock, and a server that says one word."""
    shutil.copytree(env.ROOT / "bin", folder / "bin", ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "config").mkdir()
    (folder / "config/__init__.py").touch()
    (folder / "config/serve.py").write_text("import sys\nprint('served by', sys.prefix)\n")
    (folder / "requirements.lock").write_text(wheel(folder))
    return folder


def begin(folder: Path, **environment: str) -> subprocess.Popen:
    kept = {name: value for name, value in os.environ.items() if name != "SHOUXIN_PYTHON"}
    kept |= {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(folder)}
    return subprocess.Popen(
        [sys.executable, str(folder / "bin/serve")], env=kept | environment, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


@pytest.mark.parametrize("script", SCRIPTS)
def test_any_python_3_can_read_the_commands_far_enough_to_say_which_one_is_needed(script):
    assert ast.parse((env.ROOT / "bin" / script).read_text(), feature_version=(3, 4))


def test_an_old_python_is_told_which_one_is_needed(capsys):
    with pytest.raises(SystemExit) as ended:
        _setup.check_python((3, 9, 2), ["bin/serve"], search=lambda name: None)
    assert ended.value.code == 1
    told = capsys.readouterr().err
    assert "needs Python 3.11 to 3.14; this is Python 3.9.2" in told and "apt install" in told


@pytest.mark.parametrize("version", [(3, 11), (3, 12), (3, 13), (3, 14)])
def test_every_supported_python_goes_on(version):
    assert _setup.check_python(version, ["bin/serve"]) is None


def test_of_several_newer_pythons_the_newest_is_taken():
    there = {"python3.11": "/usr/bin/python3.11", "python3.13": "/usr/bin/python3.13"}
    assert _setup.newer_python(there.get) == "/usr/bin/python3.13"


def test_compiled_modules_are_kept_apart_where_python_may_not_write_beside_its_sources():
    forbidden, usual = {"PYTHONDONTWRITEBYTECODE": "1"}, {"LANG": "C"}
    _setup.keep_compiled(forbidden)
    _setup.keep_compiled(usual)
    assert (forbidden, usual) == ({"PYTHONPYCACHEPREFIX": str(env.ROOT / ".cache" / "python")}, {"LANG": "C"})


def test_a_full_disk_is_told_before_anything_is_written(tmp_path, capsys):
    with pytest.raises(SystemExit):
        _setup.check_disk(str(tmp_path), needed=1 << 60)
    assert "not enough room" in capsys.readouterr().err


def test_two_first_starts_at_once_set_up_once_and_both_go_on(tmp_path):
    folder = checkout(tmp_path / "checkout")
    both = [begin(folder), begin(folder)]
    answers = [one.communicate(timeout=120) for one in both]
    assert [one.returncode for one in both] == [0, 0], answers
    assert all(f"served by {folder / '.venv'}" in out for out, _ in answers)
    told = sorted("waiting for it" in err for _, err in answers)
    assert told == [False, True]
    assert sum("Setting up" in err for _, err in answers) == 1


def test_a_second_start_sets_nothing_up(tmp_path):
    folder = checkout(tmp_path / "checkout")
    begin(folder).communicate(timeout=120)
    out, err = begin(folder).communicate(timeout=20)
    assert "served by" in out and err == ""


def test_a_debian_without_venv_is_told_what_to_install(tmp_path):
    poor = tmp_path / "poor"
    poor.mkdir()
    for name in ("ensurepip", "pip"):
        (poor / f"{name}.py").write_text("raise ImportError('Debian has put this elsewhere')\n")
    started = begin(checkout(tmp_path / "checkout"), PYTHONPATH=str(poor))
    _, err = started.communicate(timeout=60)
    assert started.returncode == 1
    assert "apt install python3-venv" in err and "Traceback" not in err


def test_a_debian_without_venv_but_with_pip_is_helped(tmp_path):
    poor = tmp_path / "poor"
    poor.mkdir()
    (poor / "ensurepip.py").write_text("raise ImportError('Debian has put this elsewhere')\n")
    started = begin(checkout(tmp_path / "checkout"), PYTHONPATH=str(poor))
    out, err = started.communicate(timeout=60)
    assert started.returncode == 0, err
    assert "served by" in out


def test_packages_that_cannot_be_had_are_told_with_what_pip_said_and_a_later_start_goes_on(tmp_path):
    folder = checkout(tmp_path / "checkout")
    (folder / "requirements.lock").write_text("nothing-of-this-name==1.0 --hash=sha256:" + "0" * 64 + "\n")
    started = begin(folder)
    _, err = started.communicate(timeout=60)
    assert started.returncode == 1
    assert "could not be installed" in err and "nothing-of-this-name" in err and "Traceback" not in err
    (folder / "requirements.lock").write_text(wheel(folder))
    assert "served by" in begin(folder).communicate(timeout=60)[0]


def test_every_package_of_the_locks_has_hashes_and_no_place():
    for lock in ("requirements.lock", "requirements-dev.lock"):
        text = (env.ROOT / lock).read_text()
        packages = [line for line in text.splitlines() if "==" in line and not line.startswith((" ", "#"))]
        assert len(packages) > 30 and text.count("--hash=sha256:") >= len(packages)
        assert "://" not in text and "file:" not in text
