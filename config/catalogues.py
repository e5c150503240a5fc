"""Translations: compiles every room's Traditional Chinese, and drafts the Simplified from it.

Only `.po` files of zh_Hant (and reviewed `locale/zh_Hans/overrides.po`) are in the repository; what Django reads is
made here, when it is older than its sources. Legal wording does not come from catalogues and is never converted.
"""

import io
import os
from pathlib import Path

from config import env

# What Simplified is made with; when it changes, all of it is made anew.
WORDS = env.ROOT / "shouxin/core/simplified.py"


def compile_all(root: Path = env.ROOT) -> int:
    """Bring every `.mo` up to date; returns how many were written."""
    return sum(
        _compile_room(source.parents[2])
        for source in sorted(root.glob("*/*/locale/zh_Hant/LC_MESSAGES/django.po"))
    )  # fmt: skip


def _compile_room(locale: Path) -> int:
    traditional = locale / "zh_Hant/LC_MESSAGES/django.po"
    overrides = locale / "zh_Hans/overrides.po"
    simplified = [traditional, overrides] if overrides.exists() else [traditional]
    written = 0
    for target, sources in (("zh_Hant", [traditional]), ("zh_Hans", simplified)):
        path = locale / target / "LC_MESSAGES/django.mo"
        stamp = max(source.stat().st_mtime_ns for source in [*sources, WORDS])
        if path.exists() and path.stat().st_mtime_ns == stamp:
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        new = path.with_suffix(f".{os.getpid()}")
        new.write_bytes(_compiled(sources, simplify=target == "zh_Hans"))
        os.utime(new, ns=(stamp, stamp))
        new.replace(path)
        written += 1
    return written


def _compiled(sources: list[Path], *, simplify: bool) -> bytes:
    # Imported late: a start with nothing to compile does not wait for them.
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    with sources[0].open("rb") as file:
        catalogue = read_po(file, locale="zh_Hans" if simplify else "zh_Hant")
    if simplify:
        from shouxin.core.simplified import simplified

        for message in catalogue:
            if message.id:
                plural = isinstance(message.string, tuple | list)
                message.string = tuple(map(simplified, message.string)) if plural else simplified(message.string)
        for overrides in sources[1:]:
            with overrides.open("rb") as file:
                for message in read_po(file, locale="zh_Hans"):
                    if message.id and message.string and not message.fuzzy:
                        catalogue.get(message.id, message.context).string = message.string
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    return compiled.getvalue()
