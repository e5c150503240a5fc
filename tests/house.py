"""How the house tests read the house: rooms, floors, files, syntax trees, templates."""

import ast
import re
import subprocess
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SHOUXIN = ROOT / "shouxin"
# What is not the product itself: it may say and do what rooms may not.
ASIDE = {"tests", "migrations"}


@cache
def project() -> dict:
    return tomllib.loads((ROOT / "pyproject.toml").read_text())


@cache
def floors() -> dict[str, int]:
    """Room → floor, from the same declaration that import-linter enforces; siblings share a floor."""
    layers = project()["tool"]["importlinter"]["contracts"][0]["layers"]
    return {
        room.strip(" ()"): floor for floor, layer in enumerate(reversed(layers)) for room in layer.split("|")
    }  # fmt: skip


def may_know(room: str, other: str) -> bool:
    """Whether `room` may name things of `other`: itself, or a floor below."""
    return room == other or floors()[other] < floors()[room]


@cache
def tracked() -> list[Path]:
    """Every file of the repository, new ones included."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True
    )
    return [path for name in listed.stdout.splitlines() if (path := ROOT / name).is_file()]


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def room_of(path: Path) -> str:
    """The room a file belongs to; empty outside of `shouxin/`."""
    parts = path.relative_to(ROOT).parts
    return parts[1] if parts[0] == "shouxin" and len(parts) > 2 else ""


def is_aside(path: Path) -> bool:
    return not ASIDE.isdisjoint(path.relative_to(ROOT).parts)


def python_files(*, aside: bool = False) -> list[Path]:
    """Python files of the rooms; with `aside` also their tests and migrations."""
    return [path for path in tracked() if path.suffix == ".py" and room_of(path) and (aside or not is_aside(path))]


def files(suffix: str) -> list[Path]:
    return [path for path in tracked() if path.suffix == suffix and room_of(path)]


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(), str(path))


def imports(path: Path) -> Iterator[tuple[str, str]]:
    """(module, name) of everything a file imports, inside functions too."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield from ((node.module, alias.name) for alias in node.names)


def module_of(module: str, name: str) -> tuple[str, str]:
    """(room, module within it) of an import from a room; ("", "") for anything else."""
    parts = [*module.split("."), name]
    return (parts[1], parts[2] if len(parts) > 2 else "") if parts[0] == "shouxin" and len(parts) > 1 else ("", "")


def functions(path: Path) -> Iterator[ast.FunctionDef]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def texts(path: Path) -> Iterator[str]:
    """Text constants of a Python file, without docstrings."""
    docs = {
        id(node.body[0].value)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
            yield node.value


_ENTRY = re.compile(r'^(msgctxt|msgid|msgid_plural|msgstr(?:\[\d\])?) "(.*)"$')


def catalogue(path: Path) -> list[dict]:
    """The entries of a .po file: msgctxt, msgid, msgstr, whether fuzzy."""
    entries: list[dict] = []
    entry: dict = {"is_fuzzy": False}
    last = ""
    for line in [*path.read_text().splitlines(), ""]:
        if not line.strip():
            if "msgid" in entry:
                entries.append(entry)
            entry, last = {"is_fuzzy": False}, ""
        elif line.startswith("#,") and "fuzzy" in line:
            entry["is_fuzzy"] = True
        elif found := _ENTRY.match(line):
            if found[1] in ("msgid", "msgctxt") and "msgstr" in "".join(entry):
                entries.append(entry)
                entry = {"is_fuzzy": False}
            last = found[1]
            entry[last] = _unescaped(found[2])
        elif line.startswith('"') and last:
            entry[last] += _unescaped(line.strip()[1:-1])
    return [entry for entry in entries if entry["msgid"]]


def _unescaped(text: str) -> str:
    return re.sub(r"\\(.)", lambda found: {"n": "\n", "t": "\t"}.get(found[1], found[1]), text)
