"""What a bench says: figures with their targets."""

import json
import math
import platform
import time
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TypedDict

DOCUMENT = Path(__file__).resolve().parent.parent / "docs" / "performance.md"


class Figure(TypedDict):
    name: str
    value: float
    unit: str
    target: float | None
    met: bool | None


def at_least(name: str, value: float, unit: str, target: float) -> Figure:
    return Figure(name=name, value=_rounded(value), unit=unit, target=target, met=value >= target)


def at_most(name: str, value: float, unit: str, target: float) -> Figure:
    return Figure(name=name, value=_rounded(value), unit=unit, target=target, met=value <= target)


def told(name: str, value: float, unit: str) -> Figure:
    """A figure that has no target."""
    return Figure(name=name, value=_rounded(value), unit=unit, target=None, met=None)


def _rounded(value: float) -> float:
    return round(value, 3 if abs(value) < 1 else 1)


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that `share` of all do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(len(ordered) * share) - 1)]


def as_lines(figures: list[Figure]) -> str:
    lines = []
    for figure in figures:
        target = "" if figure["target"] is None else f"   (target {figure['target']:g} {figure['unit']})"
        verdict = {True: "met", False: "MISSED", None: ""}[figure["met"]]
        lines.append(f"{figure['name']:<44} {figure['value']:>12,} {figure['unit']:<10}{verdict:<7}{target}")
    return "\n".join(lines)


def as_json(figures: list[Figure]) -> str:
    return json.dumps(figures, ensure_ascii=False)


def machine() -> str:
    """Processors and memory, in words without a name."""
    pages = {line.partition(":")[0]: line for line in Path("/proc/meminfo").read_text().splitlines()}
    memory = int(pages["MemTotal"].split()[1]) / 1024**2
    with Path("/proc/cpuinfo").open() as file:
        cores = sum(line.startswith("processor") for line in file)
    python = f"Python {platform.python_version()}, loop {pace():.0f} ms"
    return f"{cores} cores, {memory:.0f} GB, {platform.system()}, {python}"


def pace() -> float:
    """The least milliseconds a plain loop takes: how fast this Python was built, and this machine is just now."""

    def once() -> float:
        began, held = time.process_time(), {}
        for number in range(300_000):
            held[number % 1000] = str(number)
        return (time.process_time() - began) * 1000

    return min(once() for _ in range(7))


def write(figures: list[Figure], at: datetime, loads: tuple[float, float]) -> None:
    """Append rows to docs/performance.md; `loads` is the load of the machine before and after."""
    rows, where = [], machine()
    for figure in figures:
        target = "" if figure["target"] is None else f"{figure['target']:g}"
        met = {True: "yes", False: "**no**", None: ""}[figure["met"]]
        rows.append(
            f"| {at:%Y-%m-%d %H:%M} | {figure['name']} | {figure['value']:,} {figure['unit']} | {target} | {met} "
            f"| {where}; load {loads[0]:.1f} → {loads[1]:.1f} |\n"
        )
    with DOCUMENT.open("a") as file:
        file.writelines(rows)
