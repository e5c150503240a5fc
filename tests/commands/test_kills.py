"""kill -9 of web, worker and PostgreSQL under load: what was acknowledged is there, once."""

import json
import subprocess

import pytest

from config import env
from tests.commands.conftest import clean_environment, pids_in, postgres_of


@pytest.mark.long
def test_eight_kills_under_mixed_load_lose_nothing_and_double_nothing(home, tmp_path):
    home.rename(tmp_path / "kills")
    done = subprocess.run(
        [str(env.ROOT / "bin/bench"), "kills", "--home", str(tmp_path), "--json"],
        env=clean_environment(), capture_output=True, text=True, timeout=600,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    figures = {figure["name"]: figure for figure in json.loads(done.stdout)}
    assert figures["kills"]["value"] == 8
    assert [figure for figure in figures.values() if figure["met"] is False] == []
    assert not pids_in(tmp_path / "kills") and not postgres_of(tmp_path / "kills")
