"""Letters are readable on any machine: the CJK font comes along."""

from pathlib import Path

from shouxin.core.pdf import font_folders, render_pdf

TEMPLATE = '#let d = json(bytes(sys.inputs.data))\n#set text(font: "Noto Sans CJK TC")\n#d.text'


def test_a_letter_embeds_its_chinese_font_without_any_font_of_the_system(tmp_path: Path, monkeypatch):
    monkeypatch.setenv("TYPST_FONT_PATHS", "")
    template = tmp_path / "letter.typ"
    template.write_text(TEMPLATE, encoding="utf-8")

    pdf = render_pdf(template, {"text": "曦"})

    assert pdf.startswith(b"%PDF-")
    assert b"NotoSansCJKtc-Regular" in pdf
    assert pdf != render_pdf(template, {"text": "信"})


def test_both_weights_of_the_font_are_found():
    files = {path.name for folder in font_folders() for path in Path(folder).glob("*.otf")}

    assert files == {"NotoSansCJKtc-Regular.otf", "NotoSansCJKtc-Bold.otf"}
