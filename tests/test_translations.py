"""Traditional Chinese is complete: every sentence of the code has its translation, none is a guess."""

import ast
import re
from pathlib import Path

from babel.messages.mofile import read_mo
from django.utils.translation.template import templatize

from config.catalogues import compile_all
from tests.house import ROOT, catalogue, files, name_of, python_files, tracked

# Where the sentence stands among the arguments.
CALLS = {
    "_": 0, "gettext": 0, "gettext_lazy": 0, "gettext_noop": 0, "ngettext": 0, "ngettext_lazy": 0,
    "pgettext": 1, "pgettext_lazy": 1, "npgettext": 1, "npgettext_lazy": 1,
}  # fmt: skip
_STRING = r"(?:'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\")"
_CALL = re.compile(rf"\b(n?p?gettext|_)\(\s*u?({_STRING}(?:\s*,\s*u?{_STRING})*)")
_TEXT = re.compile(_STRING)
_PLACE = re.compile(r"%\((\w+)\)s|%[sd]|{(\w*)}")


def _catalogues() -> list[Path]:
    return [path for path in tracked() if path.suffix == ".po" and "zh_Hant" in path.parts]


def _said_in_python(path: Path) -> set[str]:
    said = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        if name in CALLS:
            place = CALLS[name]
            first = node.args[place] if len(node.args) > place else None
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                said.add(first.value)
    return said


def _said_in_template(path: Path) -> set[str]:
    said = set()
    for name, arguments in _CALL.findall(templatize(path.read_text(), origin=str(path))):
        found = [ast.literal_eval(text) for text in _TEXT.findall(arguments)]
        said.add(found[1] if "pgettext" in name and len(found) > 1 else found[0])
    return said


def test_every_sentence_is_told_in_traditional_chinese():
    known = {entry["msgid"] for path in _catalogues() for entry in catalogue(path)}
    missing = []
    for path in python_files() + files(".html"):
        said = _said_in_template(path) if path.suffix == ".html" else _said_in_python(path)
        missing += [f"{name_of(path)}: {text!r}" for text in sorted(said - known)]
    assert not missing, "\n".join(missing)


def test_no_translation_is_empty_or_a_guess():
    wrong = []
    for path in _catalogues():
        for entry in catalogue(path):
            told = [text for key, text in entry.items() if key.startswith("msgstr")]
            if entry["is_fuzzy"] or not told or not all(told):
                wrong.append(f"{name_of(path)}: {entry['msgid']!r}")
    assert not wrong, "\n".join(wrong)


def test_a_translation_keeps_what_is_filled_in():
    wrong = []
    for path in _catalogues():
        for entry in catalogue(path):
            wanted = {found.group() for found in _PLACE.finditer(entry.get("msgid_plural", entry["msgid"]))}
            for key, text in entry.items():
                if key.startswith("msgstr") and {found.group() for found in _PLACE.finditer(text)} != wanted:
                    wrong.append(f"{name_of(path)}: {entry['msgid']!r}")
    assert not wrong, "\n".join(wrong)


def test_no_sentence_is_translated_differently_in_two_rooms():
    told: dict[tuple[str, str], dict[str, str]] = {}
    for path in _catalogues():
        for entry in catalogue(path):
            place = (entry.get("msgctxt", ""), entry["msgid"])
            told.setdefault(place, {})[str(path.relative_to(ROOT))] = entry.get("msgstr", entry.get("msgstr[0]", ""))
    wrong = [f"{msgid!r}: {texts}" for (_ctx, msgid), texts in told.items() if len(set(texts.values())) > 1]
    assert not wrong, "\n".join(wrong)


# Wording of Taiwan, or what a conversion word by word makes of it, that no reader on the Mainland should meet.
_NOT_SIMPLIFIED = re.compile(
    "[「」『』]|申诉|要保人|帐号|纪录|网路|承办|同仁|查找|指针|拷贝|文档|范例|范本|身分|据点|遮罩|简讯"
)


def _overrides() -> list[Path]:
    return [path for path in tracked() if path.name == "overrides.po"]


def test_an_override_corrects_a_sentence_there_is_and_keeps_what_is_filled_in():
    wrong = []
    for path in _overrides():
        original = path.parents[1] / "zh_Hant/LC_MESSAGES/django.po"
        known = {(entry.get("msgctxt"), entry["msgid"]) for entry in catalogue(original)}
        for entry in catalogue(path):
            wanted = {found.group() for found in _PLACE.finditer(entry.get("msgid_plural", entry["msgid"]))}
            text = entry.get("msgstr", entry.get("msgstr[0]", ""))
            kept = {found.group() for found in _PLACE.finditer(text)} == wanted
            if not kept or (entry.get("msgctxt"), entry["msgid"]) not in known:
                wrong.append(f"{name_of(path)}: {entry['msgid']!r}")
    assert _overrides() and not wrong, "\n".join(wrong)


def test_simplified_speaks_as_on_the_mainland_and_alike_in_every_room():
    compile_all()
    told: dict[object, set[str]] = {}
    for path in ROOT.glob("shouxin/*/locale/zh_Hans/LC_MESSAGES/django.mo"):
        with path.open("rb") as file:
            for message in filter(lambda each: each.id, read_mo(file)):
                text = message.string if isinstance(message.string, str) else message.string[0]
                told.setdefault((message.context, str(message.id)), set()).add(text)
    taiwanese = [text for texts in told.values() for text in texts if _NOT_SIMPLIFIED.search(text)]
    assert told and not taiwanese, "\n".join(taiwanese)
    assert not [texts for texts in told.values() if len(texts) > 1]


def test_no_shipped_text_promises_that_an_answer_by_mail_is_read():
    texts = [path for path in tracked() if path.suffix in {".toml", ".po", ".html", ".txt", ".typ"}]
    promised = re.compile(
        r"回覆(這封|此|本)信|用回信|以回信|直接回覆這|reply to this (e-?mail|message|letter)", re.IGNORECASE
    )
    assert [name_of(path) for path in texts if promised.search(path.read_text())] == []
