"""Files as people hand them in, for the tests of every room that imports."""

import io
import tempfile
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

SHEETS = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def file_of(content: str | bytes, name: str = "told.csv") -> Path:
    """A file with this content; of text, in UTF-8."""
    path = Path(tempfile.mkdtemp()) / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def cell(value: str | int | float, ref: str = "", style: int = 0) -> str:
    at = f' r="{ref}"' if ref else ""
    if isinstance(value, str):
        return f'<c{at} t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>'
    return f'<c{at} s="{style}"><v>{value}</v></c>'


def workbook(*sheets: tuple[str, list[str]], merged: tuple[str, ...] = ()) -> bytes:
    """A workbook as small as it can be: (name, rows as XML) for each sheet; style 1 of a cell is a day."""
    told = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}"><Relationship Id="r1" Type="{OFFICE}/officeDocument"'
        ' Target="xl/workbook.xml"/></Relationships>',
        "xl/styles.xml": f'<styleSheet xmlns="{SHEETS}"><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs>'
        "</styleSheet>",
    }  # fmt: skip
    names, relations = "", ""
    for place, (name, rows) in enumerate(sheets, start=1):
        names += f'<sheet name="{name}" sheetId="{place}" r:id="s{place}"/>'
        relations += (
            f'<Relationship Id="s{place}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{place}.xml"/>'
        )  # fmt: skip
        spans = "".join(f'<mergeCell ref="{ref}"/>' for ref in merged) if place == 1 else ""
        told[f"xl/worksheets/sheet{place}.xml"] = (
            f'<worksheet xmlns="{SHEETS}"><sheetData>{"".join(rows)}</sheetData>'
            + (f"<mergeCells>{spans}</mergeCells>" if spans else "") + "</worksheet>"
        )  # fmt: skip
    told["xl/workbook.xml"] = f'<workbook xmlns="{SHEETS}" xmlns:r="{OFFICE}"><sheets>{names}</sheets></workbook>'
    told["xl/_rels/workbook.xml.rels"] = (
        f'<Relationships xmlns="{PACKAGE}">{relations}<Relationship Id="st" Type="{OFFICE}/styles"'
        ' Target="styles.xml"/></Relationships>'
    )
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in told.items():
            archive.writestr(name, text)
    return packed.getvalue()


def rows_xml(*rows: list[str | int | float]) -> list[str]:
    return [f"<row>{''.join(cell(value) for value in row)}</row>" for row in rows]
