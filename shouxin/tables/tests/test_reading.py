"""Files as people hand them in: encodings, separators, headings, sheets, merged cells, and what claims to be huge."""

import codecs
import zipfile
from pathlib import Path

import pytest

from shouxin.core.guards import Refused
from shouxin.tables.parsing.cells import NUMBER
from shouxin.tables.reading import Choices, Wanted, opened
from shouxin.tables.tests.told import cell, file_of, rows_xml, workbook

HEADS = {"編號": "number", "编号": "number", "number": "number", "姓名": "name", "name": "name", "日期": "on",
         "on": "on",
         "地址": "address", "address": "address"}  # fmt: skip
WANTED = Wanted(HEADS, ("number", "name"), {"number": "編號", "name": "姓名"}, ("on",), "number", 100)


@pytest.fixture(autouse=True)
def home(settings, tmp_path):
    settings.HOME = tmp_path


def table(content: str | bytes, name: str = "a.csv", wanted: Wanted = WANTED, **choices):
    """(rows as number and texts, notes, found)."""
    with opened(file_of(content, name), wanted, Choices(**choices)) as read:
        rows = [(row.number, row.texts, row.reasons, row.is_remark) for row in read.rows()]
        return rows, read.notes, read.found


def texts(content: str | bytes, name: str = "a.csv", **choices) -> list[dict[str, str]]:
    return [row[1] for row in table(content, name, **choices)[0]]


def refusal(content: str | bytes, name: str = "a.csv", **choices) -> str:
    with pytest.raises(Refused) as caught:
        table(content, name, **choices)
    return str(caught.value)


PLAIN = "編號,姓名\n1,王雅婷\n"


@pytest.mark.parametrize(
    "content",
    [
        PLAIN.encode("utf-8-sig"), PLAIN.encode("cp950"), PLAIN.encode("utf-16"), PLAIN.encode("utf-32"),
        PLAIN.encode("utf-16-le"), PLAIN.encode("utf-16-be"), PLAIN.replace("\n", "\r").encode(),
        PLAIN.replace("\n", "\r\n").encode("gb18030"), PLAIN.replace(",", ";").encode(),
        PLAIN.replace(",", "\t").encode(), PLAIN.replace(",", "|").encode(), 
        b"sep=;\n" + PLAIN.replace(",", ";").encode(),
        "Number*,姓名＊\n1,王雅婷\n".encode(), "＂編號＂".replace("＂", '"').encode() + ",姓名：\n1,王雅婷\n".encode(),
        codecs.BOM_UTF16_BE + PLAIN.encode("utf-16-be"),
    ],
)  # fmt: skip
def test_a_table_is_read_however_it_was_saved(content):
    assert texts(content) == [{"number": "1", "name": "王雅婷"}]


@pytest.mark.parametrize(
    ("text", "encoding"),
    [("张伟明", "gb18030"), ("李静", "gb18030"), ("張偉明", "cp950"), ("王怡君", "cp950"), ("陳國榮", "gb18030")],
)
def test_english_headings_leave_the_encoding_to_the_text(text, encoding):
    rows = f"number,name,address\n1,{text},信义区松山路五号\n" if encoding == "gb18030" else (
        f"number,name,address\n1,{text},臺北市信義區松山路五號\n"
    )  # fmt: skip
    assert texts(rows.encode(encoding))[0]["name"] == text


def test_a_character_of_ones_own_spoils_no_other_and_is_told():
    content = b"number,name,address\n1," + "王".encode("cp950") + b"\xfa\x41" + ",臺北市信義區\n".encode("cp950")
    rows, notes, found = table(content)

    assert rows[0][1] == {"number": "1", "name": "王\ue001", "address": "臺北市信義區"}
    assert found["encoding"] == "big5" and any("自造字" in note for note in notes)


def test_written_cantonese_is_hong_kongs_big5():
    content = "number,name\n1,佢哋嘅地址喺邊\n".encode("big5hkscs")

    assert texts(content) == [{"number": "1", "name": "佢哋嘅地址喺邊"}]


def test_what_fits_two_encodings_is_asked_and_a_choice_is_taken():
    content = b"number,name\n1,\xb0\xa1\n"  # 陛 in Big5, 啊 in GB18030

    assert "Big5" in refusal(content) or "big5" in refusal(content)
    assert texts(content, encoding="big5")[0]["name"] == content[-3:-1].decode("big5")
    assert texts(content, encoding="gbk")[0]["name"] == "啊"
    assert "klingon" in refusal(content, encoding="klingon")


def test_a_quotation_mark_that_never_closes_is_told_with_its_line():
    assert "第 3 行" in refusal('編號,姓名\n1,王\n2,"陳\n3,林\n')


def test_cells_are_counted_in_every_row():
    rows = table("編號,姓名\n1,王,多\n2\n3,林,,\n4,陳\n")[0]

    assert [(number, bool(reasons)) for number, _texts, reasons, _remark in rows] == [
        (2, True), (3, True), (4, False), (5, False),
    ]  # fmt: skip
    assert "3 格" in rows[0][2][0] and "1 格" in rows[1][2][0]


def test_blank_rows_and_remarks_keep_the_numbers_of_the_others():
    rows = table("\n\n編號,姓名\n\n# 說明,必填\n,\n3,陳\n")[0]

    assert [(number, remark) for number, _texts, _reasons, remark in rows] == [(5, True), (7, False)]


def test_headings_may_stand_below_titles_and_unknown_ones_are_named():
    rows, notes, found = table("客戶清單,,\n製表日：115/11/24,,\n編號,姓名,血型\n1,王,A\n")

    assert (rows[0][0], rows[0][1], found["head_row"]) == (4, {"number": "1", "name": "王"}, 3)
    assert any("血型" in note for note in notes)


def test_headings_that_mean_the_same_are_refused():
    assert "姓名" in refusal("編號,姓名,name\n1,王,陳\n")


def test_a_missing_column_is_named_and_so_is_what_is_there():
    told = refusal("姓名,血型\n王,A\n")

    assert "編號" in told and "血型" in told


def test_a_nul_and_an_over_long_cell_are_wrong_rows():
    rows = table(f"編號,姓名\n1,王\x00\n2,{'長' * 33_000}\n3,林\n")[0]

    assert [bool(reasons) for _number, _texts, reasons, _remark in rows] == [True, True, False]


def test_a_workbook_is_read_by_its_content_from_whichever_sheet_has_the_columns():
    content = workbook(("說明", rows_xml(["請看下一張"])), ("資料", rows_xml(["編號", "姓名"], [912, "王"])))
    for name in ("a.xlsx", "a.xls", "a.csv"):
        rows, notes, found = table(content, name)
        assert (rows[0][1], found["sheet"]) == ({"number": f"{NUMBER}912", "name": "王"}, "資料")
        assert any("說明" in note for note in notes)


def test_a_true_date_of_a_workbook_leaves_the_others_of_its_column_to_the_file():
    rows = [f"<row>{cell('編號')}{cell('姓名')}{cell('日期')}</row>"]
    rows.append(f"<row>{cell('1')}{cell('王')}{cell(45296, style=1)}</row>")
    rows.append(f"<row>{cell('2')}{cell('陳')}{cell('69/05/17')}</row>")

    assert table(workbook(("一", rows)))[2]["signs"] == {"on": ["short"]}


def test_two_sheets_with_the_columns_are_asked():
    rows = rows_xml(["編號", "姓名"], [1, "王"])
    content = workbook(("甲", rows), ("乙", rows_xml(["編號", "姓名"], [2, "陳"])))

    assert "甲" in refusal(content) and "乙" in refusal(content)
    assert texts(content, sheet="乙")[0]["name"] == "陳"


def test_merged_cells_say_the_same_in_each_row_and_days_are_days():
    rows = [
        f"<row>{cell('編號')}{cell('姓名')}{cell('日期')}</row>",
        f'<row r="2">{cell("A-1", "A2")}{cell("王", "B2")}{cell(45296, "C2", 1)}</row>',
        f'<row r="3">{cell("陳", "B3")}{cell(45297, "C3", 1)}</row>',
    ]
    read, notes, _found = table(workbook(("一", rows), merged=("A2:A3",)))

    assert [row[1] for row in read] == [
        {"number": "A-1", "name": "王", "on": "2024-01-05"}, {"number": "A-1", "name": "陳", "on": "2024-01-06"},
    ]  # fmt: skip
    assert any("合併" in note for note in notes)


@pytest.mark.parametrize("ref", ["XFD1048576", "A1048576", "XFD2"])
def test_a_workbook_that_claims_to_be_huge_is_refused_before_room_is_made(ref):
    rows = [f"<row>{cell('編號', 'A1')}{cell('姓名', 'B1')}</row>", f"<row>{cell('x', ref)}</row>"]

    assert "超過" in refusal(workbook(("一", rows)))


def test_a_bomb_of_zeros_is_refused(tmp_path):
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (64 << 20))

    assert "太大" in refusal(path.read_bytes())


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "空的"), (b" \r\n", "空的"), (b"%PDF-1.7 x", "不是表格"), (b"<html><table></table>", "網頁"),
        (b"PK\x03\x04nothing", "打不開"), (b"PAR1nothing", "Parquet"), (b"number,name\n1,\xff\xff\xff\n", "第 2 行"),
    ],
)  # fmt: skip
def test_what_is_no_table_is_refused_in_words(content, reason):
    assert reason in refusal(content)


def test_nothing_stays_of_what_was_read(tmp_path):
    table(PLAIN)

    assert list(Path(tmp_path, "imports").iterdir()) == []
