"""Files outside the database."""

import pytest

from shouxin.core.files import HEIF_BRANDS, LARGEST_BYTES, FileDamaged, path_of, read, store
from shouxin.core.guards import Refused

OFFICE = "application/vnd.openxmlformats-officedocument"
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 40


def _photo(brand: bytes) -> bytes:
    """As telephones write it: the brand, a version, the compatible brands."""
    return b"\x00\x00\x00\x18ftyp" + brand + b"\x00" * 4 + b"mif1heic" + b"\x00" * 40


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.mark.parametrize(
    ("content", "name", "media_type", "kept_as"),
    [
        (b"%PDF-1.4 ...", "../../etc/診斷書.pdf", "application/pdf", "診斷書.pdf"),
        (PNG, "scan.exe", "image/png", "scan.png"),
        ("您好".encode(), "信.txt", "text/plain", "信.txt"),
        (b"PK\x03\x04" + b"0" * 60, "表.xlsx", f"{OFFICE}.spreadsheetml.sheet", "表.xlsx"),
        *((_photo(brand), "IMG_0417.HEIC", "image/heic", "IMG_0417.heic") for brand in HEIF_BRANDS),
        (_photo(b"mif1"), "IMG_0417.heif", "image/heic", "IMG_0417.heif"),
        (b"%PDF-1.4 ...", "合約 final(2)【附件】.PDF", "application/pdf", "合約 final(2)【附件】.pdf"),
        (b"%PDF-1.4 ...", "確認函 'quote' & <b>.pdf", "application/pdf", "確認函 'quote' & b.pdf"),
        (b"%PDF-1.4 ...", 'a"b|c?*:.pdf', "application/pdf", "abc.pdf"),
        (b"%PDF-1.4 ...", "a\r\nX-Evil: 1.pdf", "application/pdf", "a X-Evil 1.pdf"),
        (b"%PDF-1.4 ...", "🦄.pdf", "application/pdf", "檔案.pdf"),
        (b"%PDF-1.4 ...", "...pdf", "application/pdf", "檔案.pdf"),
        (b"%PDF-1.4 ...", "..", "application/pdf", "檔案.pdf"),
        (b"%PDF-1.4 ...", "", "application/pdf", "檔案.pdf"),
        (b"%PDF-1.4 ...", "\u202efdp.exe", "application/pdf", "fdp.pdf"),
        (b"\xef\xbb\xbf%PDF-1.4 ...", "a.pdf", "application/pdf", "a.pdf"),
        (b"\r\n\r\n%PDF-1.4 ...", "a.pdf", "application/pdf", "a.pdf"),
        ("姓名,電話\n王,1\n".encode(), "名單.csv", "text/csv", "名單.csv"),
        ("您好,我是王雅婷".encode("big5"), "信.txt", "text/plain", "信.txt"),
        ("您好,我是张伟".encode("gb18030"), "信.txt", "text/plain", "信.txt"),
        ("您好".encode("utf-16"), "信.txt", "text/plain", "信.txt"),
        (b"GIF89a" + b"0" * 40, "掃描.gif", "image/gif", "掃描.gif"),
        (b"\x00\x00\x00\x1cftypM4A " + b"\x00" * 40, "錄音.m4a", "audio/mp4", "錄音.m4a"),
        (b"\x00\x00\x00\x18ftypmp42" + b"\x00" * 40, "錄音.m4a", "audio/mp4", "錄音.m4a"),
        (b"ID3\x04\x00" + b"\x00" * 40, "call.mp3", "audio/mpeg", "call.mp3"),
        (b"\xff\xfb\x90\x44" + b"\x00" * 40, "call.mp3", "audio/mpeg", "call.mp3"),
        (b"RIFF\x24\x00\x00\x00WAVEfmt " + b"\x00" * 40, "通話.wav", "audio/wav", "通話.wav"),
        (b"BM" + b"0" * 60, "掃描.bmp", "image/bmp", "掃描.bmp"),
    ],
)  # fmt: skip
def test_a_file_is_taken_by_its_real_type(content, name, media_type, kept_as):
    stored = store(content, name)

    assert (stored.media_type, stored.name, stored.size) == (media_type, kept_as, len(content))
    assert read(stored.checksum) == content


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"", "empty.pdf"),
        (b"MZ" + b"0" * 80, "program.pdf"),
        (b"MZ" + b"0" * 80, "program.mp3"),
        (b"\x00\x00\x00\x18ftypmp42" + b"\x00" * 40, "film.mp4"),
        (b"<html><script>alert(1)</script>", "page.txt"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "picture.svg"),
        (b"PK\x03\x04" + b"0" * 60, "archive.zip"),
        (b"\x00\x01\x02\x03" * 20, "data.txt"),
        (b"%PDF-" + b"0" * LARGEST_BYTES, "large.pdf"),
        (b"\x00\x00\x00\x18ftypisom" + b"\x00" * 40, "film.heic"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "old.doc"),
        (bytes(range(128, 255)) * 3, "data.csv"),
    ],
)
def test_what_could_harm_a_reader_is_refused(media, content, name):
    with pytest.raises(Refused):
        store(content, name)

    assert list(media.iterdir()) == []


def test_the_same_file_is_kept_once(media):
    assert store(PNG, "a.png").checksum == store(PNG, "b.png").checksum
    assert len([path for path in media.rglob("*") if path.is_file()]) == 1


def test_a_file_that_was_changed_on_the_disk_is_not_handed_out():
    stored = store(PNG, "a.png")
    path_of(stored.checksum).write_bytes(PNG + b"!")

    with pytest.raises(FileDamaged):
        read(stored.checksum)


def test_the_list_in_the_refusal_is_what_is_taken():
    with pytest.raises(Refused, match="PDF、PNG、JPG、WEBP、HEIC、GIF、BMP、TIF、M4A、MP3、WAV、TXT、CSV、DOCX、XLSX"):
        store(b"MZ" + b"0" * 80, "program.exe")
