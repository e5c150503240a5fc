"""The company's picture: only what is drawn and never run, told by its content and not by its name."""

import hashlib
import struct
from dataclasses import dataclass

from django.db import transaction

from shouxin.core.kept import kept
from shouxin.people.models import CompanyLogo, Staff
from shouxin.people.organisation import record_setting

MOST_LOGO_BYTES = 1024 * 1024
MOST_PIXELS = 4000


@dataclass(frozen=True)
class Logo:
    media_type: str
    content: bytes
    checksum: str


@kept("people_companylogo")
def logo() -> Logo | None:
    found = CompanyLogo.objects.first()
    return Logo(found.media_type, bytes(found.content), found.checksum) if found else None


def picture_type(content: bytes) -> str:
    """image/png or image/jpeg of a sensible size; empty for everything else."""
    kind, size = "", None
    if content.startswith(b"\x89PNG\r\n\x1a\n") and content[12:16] == b"IHDR" and len(content) > 33:
        kind, size = "image/png", struct.unpack(">II", content[16:24])
    elif content.startswith(b"\xff\xd8\xff"):
        kind, size = "image/jpeg", _jpeg_size(content)
    return kind if size and all(0 < side <= MOST_PIXELS for side in size) else ""


def _jpeg_size(content: bytes) -> tuple[int, int] | None:
    """Height and width of the first frame; None where there is none."""
    place = 2
    while place + 9 < len(content) and content[place] == 0xFF:
        marker, length = content[place + 1], int.from_bytes(content[place + 2 : place + 4], "big")
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            return struct.unpack(">HH", content[place + 5 : place + 9])
        place += 2 + length
    return None


@transaction.atomic
def set_logo(media_type: str, content: bytes, *, by: Staff) -> None:
    checksum = hashlib.sha256(content).hexdigest()
    about = {"media_type": media_type, "content": content, "checksum": checksum}
    CompanyLogo.objects.update_or_create(company_id=1, defaults=about)
    record_setting("company", 1, by=by, changed=["logo"])


@transaction.atomic
def remove_logo(*, by: Staff) -> None:
    if CompanyLogo.objects.all().delete()[0]:
        record_setting("company", 1, by=by, changed=["logo"])
