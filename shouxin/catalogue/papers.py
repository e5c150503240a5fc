"""The papers of a service as lines that people write: name | English name | whether every case needs it."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from shouxin.core.simplified import simplified

BETWEEN, LONGEST = "|", 80


@dataclass(frozen=True)
class PaperLine:
    """What a line says; optional: asked for only where it applies."""

    name: str
    name_en: str
    is_optional: bool


def need(is_optional: bool) -> str:
    return _("if it applies") if is_optional else _("always")


def line_of(paper: dict[str, Any]) -> str:
    """The line of a paper; that a paper is always needed goes without saying."""
    parts = [paper["name"], paper["name_en"], *([need(True)] if paper.get("is_optional") else [])]
    return f" {BETWEEN} ".join(parts)


def paper_in(line: str) -> PaperLine | None:
    """What the line says, whatever language its last word is in; None where it cannot be understood."""
    name, name_en, needed, *more = [*(part.strip() for part in line.replace("｜", BETWEEN).split(BETWEEN)), "", ""]
    said = _needs().get(needed.casefold()) if needed else False
    if not name or len(name) > LONGEST or said is None or any(more):
        return None
    return PaperLine(name, name_en, said)


def _needs() -> dict[str, bool]:
    """The words for it: as the form shows them today, and as they are written in the other languages."""
    always, sometimes = ("必附", "always", "required"), ("若適用", "if it applies", "if applicable", "optional")
    words = {word: is_optional for is_optional, kind in ((False, always), (True, sometimes)) for word in kind}
    shown = {need(is_optional).casefold(): is_optional for is_optional in (False, True)}
    return words | {simplified(word): is_optional for word, is_optional in words.items()} | shown
