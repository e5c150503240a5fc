"""What a bench says: figures that a reader and a program understand."""

import json

import pytest

from bench import figures


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
