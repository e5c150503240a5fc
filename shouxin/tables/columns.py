"""Columns as a room declares them: their names in every language, what may stand in them, what they mean."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import opencc
from django.conf import settings
from django.db.models import TextChoices
from django.utils import translation
from django.utils.translation import gettext as _

from shouxin.tables.days import Implausible, Manner, Unreadable, Window, read_day
from shouxin.tables.parsing.cells import folded, head, plain

# A cell of a column that may be empty: what was there goes.
CLEAR = "-"
ALWAYS, NEW = "always", "new"


@dataclass(frozen=True)
class Column:
    """One column. `need`: always, new (for what is not known yet) or never. `is_personal`: reports never repeat it."""

    name: str
    title: Any
    about: Any
    read: Callable[[str], Any] | None = None  # None: a day, within `window`
    example: str = ""
    need: str = ""
    names: tuple[str, ...] = ()  # further headings that are understood
    window: Window = field(default_factory=Window)
    is_personal: bool = False
    is_clearable: bool = False

    @property
    def is_day(self) -> bool:
        return self.read is None


def heads(columns: Iterable[Column]) -> dict[str, str]:
    """Every heading that is understood, as `head` spells it: titles in each language and script, plain names."""
    simplify, found = opencc.OpenCC("t2s").convert, {}
    for column in columns:
        words = [column.name, column.name.replace("_", " "), *column.names]
        for language, _name in settings.LANGUAGES:
            with translation.override(language):
                words.append(str(column.title))
        for word in words:
            for spelled in (word, simplify(word)):
                if found.setdefault(head(spelled), column.name) != column.name:
                    raise ValueError(f"{spelled!r} heads two columns")
    return found


def words_of(choices: type[TextChoices], more: dict[str, str] | None = None) -> dict[str, str]:
    """Every word for each choice: its code, and its name in each language."""
    words = {code.casefold(): code for code in choices.values}
    simplify = opencc.OpenCC("t2s").convert
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            for code, label in choices.choices:
                words |= {folded(word).casefold(): code for word in (str(label), simplify(str(label)))}
    return words | (more or {})


def shown_words(words: dict[str, str]) -> list[str]:
    """For each choice the words that are understood: Chinese first, its code last."""
    codes: dict[str, list[str]] = {}
    for word, code in words.items():
        codes.setdefault(code, []).append(word)
    return [" / ".join(sorted(found, key=lambda word: (word.isascii(), word == code))) for code, found in codes.items()]


def choice(words: Callable[[], dict[str, str]]) -> Callable[[str], str]:
    """A reader for one of these words."""

    def read(text: str) -> str:
        found = words().get(folded(text).casefold())
        if found is None:
            raise Unreadable
        return found

    return read


@dataclass
class Row:
    """One row: `says` has what stands in it by column; an empty cell says nothing."""

    number: int
    says: dict[str, Any] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    reasons: list[str] = field(default_factory=list)  # why it is not taken
    remarks: list[str] = field(default_factory=list)  # what somebody should know of it
    is_remark: bool = False


def understand(row: Row, columns: Sequence[Column], manner: Manner) -> None:
    """Read each text of the row as its column asks; what can't be read is said among its reasons."""
    for column in columns:
        text = row.texts.get(column.name, "")
        if not text:
            if column.need == ALWAYS:
                row.reasons.append(_("%(column)s is missing.") % {"column": column.title})
        elif plain(text) == CLEAR and column.is_clearable:
            row.says[column.name] = None
        else:
            _understand(row, column, text, manner)


def _understand(row: Row, column: Column, text: str, manner: Manner) -> None:
    try:
        value = column.read(text) if column.read else read_day(text, column.name, manner, column.window)
    except ValueError as problem:
        told = {"column": column.title, "text": plain(text)[:40]}
        # What is personal is not repeated in a report.
        said = _("%(column)s can't be understood.") if column.is_personal else _(
            "%(column)s can't be understood: “%(text)s”."
        )  # fmt: skip
        # A reason may repeat the value as well.
        is_told = isinstance(problem, Unreadable) and not (column.is_personal and isinstance(problem, Implausible))
        why = str(problem) if is_told else ""
        row.reasons.append(f"{said % told} {why}".strip())
        return
    if value is not None:
        row.says[column.name] = value
    elif column.need == ALWAYS:
        row.reasons.append(_("%(column)s is missing.") % {"column": column.title})
