"""What a bench says: figures that a reader and a program understand."""

import json
import subprocess
import sys
import time

import pytest

from bench import figures, ground
from tests.browser import wait_for


@pytest.mark.parametrize(("share", "expected"), [(0.5, 5), (0.95, 10), (0.9, 9), (1.0, 10), (0.01, 1)])
def test_a_percentile_is_the_smallest_value_that_so_many_do_not_exceed(share, expected):
    assert figures.percentile([10, 1, 9, 2, 8, 3, 7, 4, 6, 5], share) == expected


def test_a_figure_says_whether_its_target_is_met():
    assert figures.at_least("intake", 120.04, "/s", 120) == {
        "name": "intake", "value": 120.0, "unit": "/s", "target": 120, "met": True,
    }  # fmt: skip
    assert figures.at_most("p95", 301, "ms", 300)["met"] is False
    assert figures.told("cases", 7, "cases")["met"] is None


def test_the_same_figures_as_json_and_as_lines():
    found = [figures.at_most("p95", 301, "ms", 300), figures.told("cases", 7, "cases")]
    assert json.loads(figures.as_json(found)) == found
    first, second = figures.as_lines(found).splitlines()
    assert "MISSED" in first and "target 300 ms" in first and "target" not in second


def test_figures_are_appended_with_the_machine_and_its_load(tmp_path, monkeypatch):
    from datetime import UTC, datetime

    monkeypatch.setattr(figures, "DOCUMENT", tmp_path / "performance.md")
    figures.write([figures.at_least("intake", 118, "/s", 120)], datetime(2026, 11, 22, 23, tzinfo=UTC), (7.9, 11.2))
    row = figures.DOCUMENT.read_text()
    assert row.startswith("| 2026-11-22 23:00 | intake | 118 /s | 120 | **no** | ") and "load 7.9 → 11.2 |" in row


def test_a_bench_begins_when_the_worker_has_nothing_left_to_do(tmp_path, monkeypatch):
    monkeypatch.setattr(ground, "QUIET_EVERY", 1.0)
    burn = "import time\nwhile time.process_time() < 1.2: pass\ntime.sleep(60)"
    with subprocess.Popen([sys.executable, "-c", burn]) as worker:
        (tmp_path / "run").mkdir()
        for part in ("part-worker", "postgres"):
            (tmp_path / "run" / f"{part}.json").write_text(json.dumps({"pid": worker.pid}))
        wait_for(lambda: ground.processor_seconds(tmp_path)["worker"] > 0.1, 20, "the worker never began")
        began = time.monotonic()
        ground.wait_until_quiet(tmp_path)
        took, used = time.monotonic() - began, ground.processor_seconds(tmp_path)["worker"]
        worker.kill()
    assert 1.0 <= took < ground.QUIET_PATIENCE
    assert used > 1.0
