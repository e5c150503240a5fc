"""Attachments outside the database: a file is named by its checksum, verified whenever it is read."""

import hashlib
import os
import tempfile
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import puremagic
from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from shouxin.core.guards import Refused
from shouxin.core.incoming import normal

LARGEST_BYTES = 15 * 1024 * 1024
# What a customer may send us and we may show: by its real type, not by its name.
ALLOWED = {
    "application/pdf": ".pdf",
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "image/webp": ".webp",
    "image/heic": ".heic",
    "image/gif": ".gif",
    "image/bmp": ".bmp",
    "image/tiff": ".tif",
    "audio/mp4": ".m4a",
    "audio/mpeg": ".mp3",
    "audio/wav": ".wav",
    "text/plain": ".txt",
    "text/csv": ".csv",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
}
ZIPPED = {".docx", ".xlsx"}
TEXTS = {".txt", ".csv"}
# Brands by which telephones mark a photo in HEIF; the name of the type is one.
HEIF_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
# Brands under which recorders of telephones write sound alone.
MPEG4_BRANDS = {b"mp41", b"mp42", b"isom", b"iso2", b"3gp4", b"3gp5"}
OTHER_NAMES = {"image/x-ms-bmp": "image/bmp", "image/heif": "image/heic"}
# What may stand before the first words of a document that readers open all the same.
LEADING = b"\xef\xbb\xbf \r\n\t\x0c"
# Texts of older programs; the first that fits. What is kept are the bytes as they came.
ENCODINGS = ("utf-8", "cp950", "big5hkscs", "gb18030")
# What no file system takes in a name; and what is not seen or is a picture.
RESERVED = frozenset('<>:"/\\|?*')
NOT_IN_NAMES = frozenset({"Cc", "Cf", "Co", "Cs", "Cn", "So"})
UNKNOWN = "application/octet-stream"


class FileDamaged(Exception):
    """What lies on the disk is not what was stored."""


@dataclass(frozen=True)
class Stored:
    """A file that lies in the store and waits for its row; with its content, should somebody remove it meanwhile."""

    name: str
    media_type: str
    size: int
    checksum: str
    content: bytes = field(default=b"", repr=False, compare=False)


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
        raise Refused(_("You can upload these files: %(kinds)s.") % {"kinds": kinds_taken()})
    checksum = hashlib.sha256(content).hexdigest()
    _write(path_of(checksum), content)
    return Stored(_plain_name(name, media_type), media_type, len(content), checksum, content)


def hold(checksum: str) -> None:
    """Until the transaction ends nobody else names this file in a row, nor removes it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"file:{checksum}"])


def keep(stored: Stored) -> Stored:
    """In the transaction that writes its row: hold the file, and write it again if it was removed since."""
    hold(stored.checksum)
    if stored.content:
        _write(path_of(stored.checksum), stored.content)
    return stored


def type_of(content: bytes, name: str = "") -> str:
    """The real type, read from the content; the name decides only between kinds of zipped documents."""
    suffix = Path(name).suffix.lower()
    types = _types_by_content(content, suffix)
    for media_type, usual in ALLOWED.items():
        if media_type in types and usual not in TEXTS and (usual not in ZIPPED or usual == suffix):
            return media_type
    is_something_else = any(types) and suffix not in TEXTS
    if is_something_else or not _is_plain_text(content, is_named_so=suffix in TEXTS):
        return UNKNOWN
    return "text/csv" if suffix == ".csv" else "text/plain"


def _types_by_content(content: bytes, suffix: str) -> list[str]:
    if sound := _sound_of(content, suffix):
        return [sound]
    if content[4:8] == b"ftyp":
        brands = {content[8:12], *(content[at : at + 4] for at in range(16, min(int.from_bytes(content[:4]), 64), 4))}
        return ["image/heic"] if content[8:12] in HEIF_BRANDS and brands & HEIF_BRANDS else ["video/mp4"]
    if content[:1024].lstrip(LEADING).startswith(b"%PDF-"):
        return ["application/pdf"]
    try:
        found = [match.mime_type for match in puremagic.magic_string(content)]
    except puremagic.PureError:
        return []
    return [OTHER_NAMES.get(each, each) for each in found]


def _sound_of(content: bytes, suffix: str) -> str:
    """A recording by its first bytes. MPEG-4 holds films as well: without the brand of sound, its name must say so."""
    if content[:4] == b"RIFF" and content[8:12] == b"WAVE":
        return "audio/wav"
    if content[4:8] == b"ftyp" and (content[8:12] == b"M4A " or (content[8:12] in MPEG4_BRANDS and suffix == ".m4a")):
        return "audio/mp4"
    is_frame = len(content) > 1 and content[0] == 0xFF and content[1] & 0xE6 == 0xE2  # MPEG audio, layer III
    return "audio/mpeg" if suffix == ".mp3" and (content[:3] == b"ID3" or is_frame) else ""


def _is_plain_text(content: bytes, *, is_named_so: bool) -> bool:
    """Text that no reader would take for a page or a program; other encodings only under the name of a text."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings: tuple[str, ...] = ("utf-16",)
    else:
        encodings = ENCODINGS if is_named_so else ENCODINGS[:1]
    for encoding in encodings:
        try:
            text = content.decode(encoding).removeprefix("\ufeff")
        except UnicodeDecodeError:
            continue
        return not text.lstrip().startswith("<") and all(c.isprintable() or c in "\t\r\n\f\u3000" for c in text[:4096])
    return False


def kinds_taken() -> str:
    """What may be uploaded, as its readers call it: the list in messages is the list that is checked."""
    return "、".join(dict.fromkeys(suffix[1:].upper() for suffix in ALLOWED.values()))


def is_whole(checksum: str) -> bool:
    """Whether what lies on the disk is what was stored."""
    found = hashlib.sha256()
    try:
        with path_of(checksum).open("rb") as file:
            while chunk := file.read(1 << 20):
                found.update(chunk)
    except OSError:
        return False
    return found.hexdigest() == checksum


def read(checksum: str) -> bytes:
    """The file, verified. FileDamaged when it is gone or another."""
    try:
        content = path_of(checksum).read_bytes()
    except FileNotFoundError as problem:
        raise FileDamaged(checksum) from problem
    if hashlib.sha256(content).hexdigest() != checksum:
        raise FileDamaged(checksum)
    return content


def stored_before(instant: float) -> Iterator[str]:
    """The checksums of files that lie in the store since before this instant."""
    for path in Path(settings.MEDIA_ROOT).glob("??/*"):
        if len(path.name) == 64 and path.stat().st_mtime < instant:
            yield path.name


def remove(checksum: str) -> None:
    path_of(checksum).unlink(missing_ok=True)


def _plain_name(name: str, media_type: str) -> str:
    """A name without folders and with the suffix of its real type."""
    suffix = Path(name).suffix.lower()
    bare = Path(normal(name).replace("\\", "/")).stem
    kept = "".join(c for c in bare if c not in RESERVED and unicodedata.category(c) not in NOT_IN_NAMES)
    # Nothing is left of a name of nothing but dots or pictures.
    stem = " ".join(kept.split()).strip(". ")[:120] or _("file")
    return stem + (suffix if suffix in {".jpeg", ".heif", ".tiff", ALLOWED[media_type]} else ALLOWED[media_type])


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all, also when the power fails. A damaged file is healed by whoever sends it again."""
    if path.exists() and path.read_bytes() == content:
        os.utime(path)
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
