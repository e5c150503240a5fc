"""Tables as spreadsheets save them: encodings, separators, remarks."""

import io
import zipfile

import pytest

from shouxin.core.guards import Refused
from shouxin.people.tables import rows_under

SHEETS = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
HEADS = {"編號": "number", "编号": "number", "number": "number", "姓名": "name"}


def rows(text: str, encoding: str = "utf-8-sig", most: int = 10) -> list[dict[str, str]]:
    return rows_under(HEADS, "a.csv", text.encode(encoding), needed=("number", "name"), most=most)


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("編號,姓名\n1,王雅婷\n", "utf-8-sig"),
        ("編號,姓名\n1,王雅婷\n", "cp950"),
        ("编号,姓名\n1,王雅婷\n", "gb18030"),
        ("編號;姓名\n1;王雅婷\n", "utf-8"),
        ("編號\t姓名\n1\t王雅婷\n", "utf-8"),
        ("Number*,姓名＊\n1,王雅婷\n", "utf-8"),
        ("姓名,別的,編號\n王雅婷,x,1\n", "utf-8"),
    ],
)
def test_a_table_is_read_however_it_was_saved(text, encoding):
    assert rows(text, encoding) == [{"number": "1", "name": "王雅婷"}]


def test_remarks_and_blank_rows_keep_their_place_and_say_nothing():
    assert [row["number"] for row in rows("編號,姓名\n# 說明,必填\n,\n3,陳\n")] == ["", "", "3"]


@pytest.mark.parametrize("text", ["", "編號\n1\n", "編號,姓名\n" + "1,王\n" * 11])
def test_what_is_no_such_table_is_refused(text):
    with pytest.raises(Refused):
        rows(text)


def test_the_columns_that_are_missing_are_named_as_people_write_them():
    with pytest.raises(Refused, match="編號"):
        rows("姓名\n王\n")


def workbook(*rows: str) -> bytes:
    """A workbook as small as it can be; style 1 of a cell is a day."""
    told = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}"><Relationship Id="r1" Type="{OFFICE}/officeDocument"'
        ' Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{SHEETS}" xmlns:r="{OFFICE}"><sheets>'
        '<sheet name="a" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}"><Relationship Id="r1"'
        f' Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="{OFFICE}/styles"'
        ' Target="styles.xml"/></Relationships>',
        "xl/styles.xml": f'<styleSheet xmlns="{SHEETS}"><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs>'
        "</styleSheet>",
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{SHEETS}"><sheetData>'
        + "".join(f"<row>{row}</row>" for row in rows) + "</sheetData></worksheet>",
    }  # fmt: skip
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, text in told.items():
            archive.writestr(name, text)
    return packed.getvalue()


def text(value: str) -> str:
    return f'<c t="inlineStr"><is><t>{value}</t></is></c>'


def test_numbers_and_days_of_a_workbook_are_read_as_people_write_them():
    rows = (text("編號") + text("姓名"), "<c><v>912</v></c>" + text("王"), '<c s="1"><v>46350</v></c><c><v>1.5</v></c>')

    assert rows_under(HEADS, "A.XLSX", workbook(*rows), needed=("number", "name"), most=9) == [
        {"number": "912", "name": "王"}, {"number": "2026-11-24", "name": "1.5"},
    ]  # fmt: skip
