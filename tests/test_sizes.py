"""Small enough to be read: limits, and the exceptions that `sizes.toml` gives a reason for."""

import ast
import tomllib
from pathlib import Path

from tests.house import ROOT, files, functions, is_aside, name_of, python_files, room_of, tree

EXCEPTIONS = tomllib.loads((ROOT / "tests" / "sizes.toml").read_text())
FILE, TEST_FILE, FUNCTION, VIEW, TEMPLATE, FRAGMENT, STYLE, ELEMENT, BASES = 400, 500, 40, 25, 120, 60, 250, 80, 2


def _lines(path: Path) -> int:
    return len(path.read_text().splitlines())


def _allowed(name: str, what: str, limit: int) -> int:
    return EXCEPTIONS.get(name, {}).get(what, limit)


def _too_long(found: dict[str, int], limit: int, what: str = "lines") -> str:
    over = {name: size for name, size in found.items() if size > _allowed(name, what, limit)}
    return "\n".join(
        f"{name}: {size} {what}, the house allows {_allowed(name, what, limit)}" for name, size in over.items()
    )


def _named(path: Path, function: ast.FunctionDef) -> str:
    return f"{name_of(path)}::{function.name}"


def _span(node: ast.stmt) -> int:
    return node.end_lineno - node.lineno + 1


def _is_view(path: Path, function: ast.FunctionDef) -> bool:
    first = function.args.args[0].arg if function.args.args else ""
    within = path.relative_to(ROOT / "shouxin" / room_of(path)).parts[0]
    return within in {"views", "views.py"} and first == "request" and function.col_offset == 0


def test_python_files_are_short():
    assert not _too_long({name_of(path): _lines(path) for path in python_files()}, FILE)


def test_test_files_are_short():
    tests = [path for path in python_files(aside=True) + list((ROOT / "tests").rglob("*.py")) if is_aside(path)]
    assert not _too_long({name_of(path): _lines(path) for path in tests if path.name.startswith("test_")}, TEST_FILE)


def test_functions_are_short_and_views_shorter():
    for limit, of_views in ((VIEW, True), (FUNCTION, False)):
        spans = {
            _named(path, function): _span(function)
            for path in python_files()
            for function in functions(path)
            if _is_view(path, function) is of_views
        }
        assert not (problem := _too_long(spans, limit)), problem


def test_classes_have_few_bases():
    bases = {
        f"{name_of(path)}::{node.name}": len(node.bases)
        for path in python_files()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ClassDef)
    }
    assert not (problem := _too_long(bases, BASES, "bases")), problem


def test_templates_are_short_and_fragments_shorter():
    fragments = {name_of(path): _lines(path) for path in files(".html") if path.name.startswith("_")}
    pages = {name_of(path): _lines(path) for path in files(".html") if not path.name.startswith("_")}
    assert not (problem := _too_long(fragments, FRAGMENT)), problem
    assert not (problem := _too_long(pages, TEMPLATE)), problem


def test_styles_and_elements_are_short():
    assert not (problem := _too_long({name_of(path): _lines(path) for path in files(".css")}, STYLE)), problem
    assert not (problem := _too_long({name_of(path): _lines(path) for path in files(".js")}, ELEMENT)), problem


def test_every_exception_has_a_reason_and_is_still_needed():
    for name, exception in EXCEPTIONS.items():
        assert len(exception.get("reason", "")) > 20, f"{name}: why?"
        path, _, function = name.partition("::")
        assert (ROOT / path).exists(), f"{name} is gone"
        if function and (ROOT / path).suffix == ".py":
            assert function in (ROOT / path).read_text(), f"{name} is gone"
