"""The rules of the house that the import linter cannot see."""

import ast
import re
from pathlib import Path

import pytest
from django.apps import apps

from tests.house import (
    ROOT,
    SHOUXIN,
    files,
    floors,
    imports,
    is_aside,
    may_know,
    module_of,
    name_of,
    project,
    python_files,
    room_of,
    texts,
    tracked,
    tree,
)  # fmt: skip

PRIVATE = {"views", "forms", "urls", "door", "api"}
WITHOUT_HTTP = {"facts", "models", "rules", "queries", "actions", "jobs"}
VAGUE = {"utils", "helpers", "common", "misc", "util", "helper"}
# The example insurer and the readers of whole files write many rooms' rows at once.
WRITES_EVERYWHERE = {"demo"}
WRITES = {"create", "bulk_create", "update", "bulk_update", "delete", "get_or_create", "update_or_create"}
JURISDICTION = re.compile(r"(?:TW|CN|HK|MO|UK|GB|SG|US)(?:-[A-Z]{2})?")


def _listed(found: list[str]) -> str:
    return "\n".join(sorted(found))


def test_a_due_instant_is_written_by_its_clock_never_by_the_filter_of_happenings():
    """12/9 24:00 must not be shown as 12/10 00:00: `instant`, `hour` and `day` are for what happened."""
    named = r"(due|until|due_at|warn_at)\b(_at)?"
    shown = re.compile(rf"\b{named}\s*\|\s*(instant|hour|day|long_day|lately|date)\b")
    called = re.compile(r"\b(instant|hour|lately)\([^()]*\bdue_at\b")
    sources = [*ROOT.glob("shouxin/*/templates/**/*.html"), *ROOT.glob("shouxin/**/*.py")]
    wrong = [
        f"{path.relative_to(ROOT)}: {line.strip()[:120]}"
        for path in sources
        for line in path.read_text(encoding="utf-8").splitlines()
        if shown.search(line) or called.search(line)
    ]
    assert not wrong, "\n".join(wrong)


def test_every_room_has_its_floor():
    rooms = {path.parent.name for path in SHOUXIN.glob("*/__init__.py")}
    assert rooms <= set(floors()), f"rooms without a floor: {rooms - set(floors())}"


def test_foreign_keys_point_down():
    wrong = []
    for model in apps.get_models():
        room = model._meta.app_label
        for field in model._meta.get_fields(include_hidden=False):
            other = field.related_model._meta.app_label if field.is_relation and field.concrete else ""
            if room in floors() and other in floors() and not may_know(room, other):
                wrong.append(f"{model.__name__}.{field.name} points up to {other}")
    assert not wrong, _listed(wrong)


def test_no_room_imports_the_views_forms_urls_or_door_of_another():
    wrong = []
    for path in python_files():
        for module, name in imports(path):
            other, part = module_of(module, name)
            if other and other != room_of(path) and (part in PRIVATE or module.split(".")[2:3] == ["views"]):
                wrong.append(f"{name_of(path)} imports {module}.{name}")
    assert not wrong, _listed(wrong)


def test_only_the_record_and_the_measures_read_facts_without_saying_as_whom():
    wrong = []
    for path in python_files():
        if room_of(path) not in {"record", "measures", "demo"}:
            named = {name for module, name in imports(path) if module == "shouxin.record.models"}
            said = [text for text in texts(path) if re.search(r"\b(FROM|JOIN)\s+record_(fact|seal)", text)]
            if named or said:
                wrong.append(f"{name_of(path)} reads the record by itself: {named or said}")
    assert not wrong, _listed(wrong)


def test_templates_extend_and_include_only_those_of_the_core_and_their_own():
    wrong = []
    for path in files(".html"):
        room = room_of(path)
        for name in re.findall(r"{%-?\s*(?:extends|include)\s+[\"']([^\"']+)", path.read_text()):
            if name.split("/")[0] not in {"core", room, "django"}:
                wrong.append(f"{name_of(path)} uses {name}")
    assert not wrong, _listed(wrong)


def test_templates_lie_in_a_folder_with_the_name_of_their_room():
    wrong = [
        name_of(path)
        for path in files(".html")
        if "templates" in path.parts and f"{room_of(path)}/templates/{room_of(path)}/" not in path.as_posix()
    ]
    assert not [name for name in wrong if "/templates/django/" not in name], _listed(wrong)


def test_urls_are_named_on_the_same_floor_or_below():
    in_template = re.compile(r"{%-?\s*url\s+[\"']([\w-]+):")
    in_python = re.compile(r"\b(?:reverse|reverse_lazy|redirect|resolve_url)\(\s*[\"']([\w-]+):")
    wrong = []
    for path in files(".html") + python_files():
        pattern = in_template if path.suffix == ".html" else in_python
        for other in pattern.findall(path.read_text()):
            if other not in floors() or not may_know(room_of(path), other):
                wrong.append(f"{name_of(path)} names a page of {other}")
    assert not wrong, _listed(wrong)


def test_what_knows_no_request_imports_no_http():
    wrong = []
    for path in python_files():
        within = path.relative_to(SHOUXIN / room_of(path)).with_suffix("").parts[0]
        for module, name in imports(path):
            if within in WITHOUT_HTTP and module.startswith(("django.http", "django.shortcuts", "django.views")):
                wrong.append(f"{name_of(path)} imports {module}.{name}")
    assert not wrong, _listed(wrong)


def test_a_jurisdiction_is_named_only_by_its_pack():
    wrong = []
    for path in python_files():
        if room_of(path) not in {"jurisdictions", "demo"}:
            wrong += [f"{name_of(path)}: {text!r}" for text in texts(path) if JURISDICTION.fullmatch(text)]
    for path in files(".html"):
        if room_of(path) != "jurisdictions":
            said = re.findall(r"(?:{%|{{)[^}]*[\"'](" + JURISDICTION.pattern + r")[\"']", path.read_text())
            wrong += [f"{name_of(path)}: {text!r}" for text in said]
    assert not wrong, _listed(wrong)


def _foreign_models(path: Path) -> set[str]:
    """Names under which a file imports model classes of other rooms."""
    found = set()
    for module, name in imports(path):
        other, part = module_of(module, name)
        if part == "models" and other != room_of(path) and apps.is_installed(f"shouxin.{other}"):
            found |= {name} & {model.__name__ for model in apps.get_app_config(other).get_models()}
    return found


def _writes(path: Path, foreign: set[str]) -> list[str]:
    """Calls that write a foreign model: ``Case.objects…update()``, ``Case(…)`` to be saved."""
    found = []
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in WRITES:
            start = node.func
            while isinstance(start, ast.Attribute | ast.Call | ast.Subscript):
                start = start.func if isinstance(start, ast.Call) else start.value
            if isinstance(start, ast.Name) and start.id in foreign:
                found.append(f"{name_of(path)}:{node.lineno} writes {start.id}")
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in foreign:
            found.append(f"{name_of(path)}:{node.lineno} makes a {node.func.id}")
    return found


def test_nobody_writes_the_models_of_another_room():
    wrong = []
    for path in python_files():
        if room_of(path) not in WRITES_EVERYWHERE and (foreign := _foreign_models(path)):
            wrong += _writes(path, foreign)
    assert not wrong, _listed(wrong)


# `moving` locks cases for everybody; `work` takes the next one in a statement of its own, in the same order.
LOCKS_CASES = {"shouxin/cases/actions/moving.py", "shouxin/cases/actions/work.py"}
LOCKED_TABLES = re.compile(r"\bcases_(?:case|workitem)\b.*\bFOR (?:NO KEY )?UPDATE\b", re.S)


def _locks_cases(path: Path) -> bool:
    """Whether a file locks cases or work items by itself, with the ORM or in SQL."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Attribute) and node.attr == "select_for_update":
            start: ast.expr = node
            while isinstance(start, ast.Attribute | ast.Call):
                start = start.func if isinstance(start, ast.Call) else start.value
            if isinstance(start, ast.Name) and start.id in {"Case", "WorkItem"}:
                return True
    return any(LOCKED_TABLES.search(text) for text in texts(path))


def test_cases_and_work_items_are_locked_in_one_place():
    locking = {name_of(path) for path in python_files() if _locks_cases(path)}
    assert locking == LOCKS_CASES


def test_other_rooms_act_on_cases_only_through_the_kit():
    wrong = []
    for path in python_files():
        if room_of(path) != "cases":
            wrong += [
                f"{name_of(path)} imports {module}.{name}, not shouxin.cases.kit"
                for module, name in imports(path)
                if f"{module}.{name}.".startswith("shouxin.cases.actions.")
            ]
    assert not wrong, _listed(wrong)


def test_no_file_has_a_name_that_says_nothing():
    wrong = [name_of(p) for p in tracked() if p.suffix == ".py" and VAGUE & {p.stem, p.parent.name}]
    assert not wrong, _listed(wrong)


def test_nothing_happens_by_signal_when_a_row_is_saved():
    wrong = []
    for path in python_files():
        wrong += [f"{name_of(path)} imports {n}" for m, n in imports(path) if m.startswith("django.db.models.signals")]
    assert not wrong, _listed(wrong)


def test_migrations_have_been_given_names():
    wrong = [name_of(p) for p in python_files(aside=True) if p.parent.name == "migrations" and "_auto_" in p.name]
    assert not wrong, _listed(wrong)


def test_pages_carry_no_script_and_no_style_of_their_own():
    inline = re.compile(r"<script(?![^>]*\bsrc=)|<style|\sstyle=[\"']|\son[a-z]+=[\"']")
    wrong = [f"{name_of(p)}: {f.strip()}" for p in files(".html") for f in inline.findall(p.read_text())]
    assert not wrong, _listed(wrong)


def test_colours_are_named_only_among_the_tokens():
    colour = re.compile(r":[^;{}]*?(#[0-9a-fA-F]{3,8}\b|\b(?:rgba?|hsla?|oklch|oklab)\()")
    wrong = []
    for path in files(".css"):
        if path.name != "tokens.css":
            wrong += [f"{name_of(path)}: {found}" for found in colour.findall(path.read_text())]
    assert not wrong, _listed(wrong)


SECRETS = {
    "a private key": re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY"),
    "an access key": re.compile(r"\b(?:AKIA[0-9A-Z]{16}|ghp_[A-Za-z0-9]{36}|sk-[A-Za-z0-9]{32,})\b"),
    "a folder of one machine": re.compile(r"(?<![\w.])/(?:work|root|home/\w+|Users/\w+|tmp/(?:plan|wt))/"),
    "a package registry": re.compile(
        r"--(?:extra-)?index-url|^\s*(?:extra-)?index-url|https?://[^\s/]+/simple\b", re.M
    ),
}


@pytest.mark.parametrize("what", SECRETS)
def test_no_file_holds(what):
    wrong = []
    for path in tracked():
        if path != Path(__file__):
            try:
                text = path.read_text()
            except UnicodeDecodeError:
                continue
            wrong += [f"{name_of(path)}: {found}" for found in SECRETS[what].findall(text)[:3]]
    assert not wrong, _listed(wrong)


def test_every_dependency_says_why_it_is_there():
    lines = (ROOT / "pyproject.toml").read_text().splitlines()
    named = {*project()["project"]["dependencies"], *project()["dependency-groups"]["dev"]}
    assert named
    wrong = [name for name in named if not any(f'"{name}"' in line and "# " in line for line in lines)]
    assert not wrong, _listed(wrong)


SHIRKS = re.compile(r"pytest\.(?:mark\.)?(?:skip|xfail)|unittest\.mock|monkeypatch\.setattr\([\"']?shouxin")


def test_tests_assert_something_and_are_never_skipped():
    wrong = []
    for path in python_files(aside=True) + list((ROOT / "tests").rglob("*.py")):
        if not (is_aside(path) and path.name.startswith("test_")):
            continue
        if path != Path(__file__) and SHIRKS.search(path.read_text()):
            wrong.append(f"{name_of(path)} skips or mocks")
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_") and not _asserts(node):
                wrong.append(f"{name_of(path)}::{node.name} asserts nothing")
    assert not wrong, _listed(wrong)


def _asserts(function: ast.FunctionDef) -> bool:
    """An assert, `pytest.raises`, or a helper that says in its name that it asserts."""
    for node in ast.walk(function):
        if isinstance(node, ast.Assert):
            return True
        if isinstance(node, ast.Call):
            name = ast.unparse(node.func)
            if name.endswith(("raises", "warns")) or re.search(r"\b_?(?:assert|expect|check)_?\w*$", name):
                return True
    return False


POST_FORM = re.compile(r'(?s)<form\b[^>]*method="post".*?</form>')
# Forms of pages for which a second sending changes nothing (KEYLESS in test_access), and those drawn as a whole
# by a form that has the hidden field itself.
WITHOUT_KEY = {
    "core/_bar.html", "core/public.html", "core/500.html", "people/sign_in.html", "people/_leave.html",
    "people/password_forgotten.html", "people/password_new.html", "people/password_change.html", "people/setup.html",
    "people/notice_list.html", "people/_notice_table.html", "people/profile.html", "portal/_unlock.html",
    "portal/follow.html", "tables/imports.html",
}  # fmt: skip


def test_every_form_of_a_page_carries_a_key():
    bare = set()
    for path in (ROOT / "shouxin").rglob("templates/**/*.html"):
        for form in POST_FORM.findall(path.read_text()):
            if "{% form_key %}" not in form and ".key }}" not in form:
                bare.add(str(path).partition("/templates/")[2])
    assert bare - WITHOUT_KEY == set()
