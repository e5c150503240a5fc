"""Attachments outside the database: a file is named by its checksum, verified whenever it is read."""

import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

import puremagic
from django.conf import settings
from django.utils.text import get_valid_filename
from django.utils.translation import gettext as _

from shouxin.core.guards import Refused

LARGEST_BYTES = 15 * 1024 * 1024
# What a customer may send us and we may show: by its real type, not by its name.
ALLOWED = {
    "application/pdf": ".pdf",
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "image/webp": ".webp",
    "image/heic": ".heic",
    "image/tiff": ".tif",
    "text/plain": ".txt",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
}
ZIPPED = {".docx", ".xlsx"}
UNKNOWN = "application/octet-stream"


class FileDamaged(Exception):
    """What lies on the disk is not what was stored."""


@dataclass(frozen=True)
class Stored:
    """A file that lies in the store and waits for its row."""

    name: str
    media_type: str
    size: int
    checksum: str


def path_of(checksum: str) -> Path:
    return Path(settings.MEDIA_ROOT) / checksum[:2] / checksum


def store(content: bytes, name: str) -> Stored:
    """Keep the file. Refused when it is empty, too large, or not of a type we accept, with what to do instead."""
    if not content:
        raise Refused(_("The file is empty."))
    if len(content) > LARGEST_BYTES:
        raise Refused(_("The file is larger than %(limit)s MB.") % {"limit": LARGEST_BYTES // 2**20})
    media_type = type_of(content, name)
    if media_type not in ALLOWED:
        raise Refused(_("You can upload PDF, image, text, Word and Excel files."))
    checksum = hashlib.sha256(content).hexdigest()
    _write(path_of(checksum), content)
    return Stored(_plain_name(name, media_type), media_type, len(content), checksum)


def type_of(content: bytes, name: str = "") -> str:
    """The real type, read from the content; the name decides only between kinds of zipped documents."""
    try:
        found = puremagic.magic_string(content)
    except puremagic.PureError:
        found = []
    types = [match.mime_type for match in found]
    suffix = Path(name).suffix.lower()
    for media_type, usual in ALLOWED.items():
        if media_type in types and (usual not in ZIPPED or usual == suffix):
            return media_type
    is_something_else = any(types) and suffix != ".txt"
    return UNKNOWN if is_something_else or not _is_plain_text(content) else "text/plain"


def _is_plain_text(content: bytes) -> bool:
    """Text that no reader would take for a page or a program."""
    if b"\x00" in content or content.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<"):
        return False
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def read(checksum: str) -> bytes:
    """The file, verified. FileDamaged when it is gone or another."""
    try:
        content = path_of(checksum).read_bytes()
    except FileNotFoundError as problem:
        raise FileDamaged(checksum) from problem
    if hashlib.sha256(content).hexdigest() != checksum:
        raise FileDamaged(checksum)
    return content


def remove(checksum: str) -> None:
    path_of(checksum).unlink(missing_ok=True)


def _plain_name(name: str, media_type: str) -> str:
    """A name without folders and with the suffix of its real type."""
    stem = get_valid_filename(Path(name.replace("\\", "/")).stem or "file")[:120]
    suffix = Path(name).suffix.lower()
    return stem + (suffix if suffix in {".jpeg", ALLOWED[media_type]} else ALLOWED[media_type])


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all, also when the power fails."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, beside = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(beside).replace(path)
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise
