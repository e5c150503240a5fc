"""PDFs: letters on A4 by Typst, with Noto Sans CJK from a package, whatever fonts the machine has."""

import json
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

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


def render_pdf(template: Path, data: dict[str, Any], *, picture: bytes = b"") -> bytes:
    """The Typst template with `data` (JSON-plain) as a PDF. The template reads it by ``json(bytes(sys.inputs.data))``.

    `picture` (PNG or JPEG) is read by the template as the file that `data.picture` names; empty where there is none.
    Fonts of the system are not looked at, so a letter looks the same wherever it is made.
    """
    # A template reads files only from its own folder, so it is copied beside the picture.
    with TemporaryDirectory(prefix="shouxin-letter-") as folder:
        copy = Path(folder) / template.name
        copy.write_bytes(template.read_bytes())
        if picture:
            (Path(folder) / "picture").write_bytes(picture)
        return _compiled(copy, data | {"picture": "picture" if picture else ""})


def _compiled(template: Path, data: dict[str, Any]) -> bytes:
    import typst  # here, not above: a web process starts without it

    return typst.compile(
        str(template),
        root=str(template.parent),
        font_paths=list(font_folders()),
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
    )
