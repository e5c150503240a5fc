"""PDFs: letters on A4 by Typst, with Noto Sans CJK from a package, whatever fonts the machine has."""

import json
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import typst

FONT_PACKAGES = ("cvttf_NotoSansCJK_Regular", "cvttf_NotoSansCJK_Bold")


@lru_cache(maxsize=1)
def font_folders() -> tuple[str, ...]:
    """Where the packaged CJK fonts lie. Raises RuntimeError when the installation is not whole."""
    folders = []
    for package in FONT_PACKAGES:
        spec = find_spec(package)
        if spec is None or not spec.submodule_search_locations:
            raise RuntimeError(f"the font package {package} is missing: install requirements.lock again")
        folders.append(spec.submodule_search_locations[0])
    return tuple(folders)


def render_pdf(template: Path, data: dict[str, Any]) -> bytes:
    """The Typst template with `data` (JSON-plain) as a PDF. The template reads it by ``json(bytes(sys.inputs.data))``.

    Fonts of the system are not looked at, so a letter looks the same wherever it is made.
    """
    return typst.compile(
        str(template),
        root=str(template.parent),
        font_paths=list(font_folders()),
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
    )
