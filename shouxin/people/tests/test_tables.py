"""Tables as spreadsheets save them: encodings, separators, remarks."""

import pytest

from shouxin.core.guards import Refused
from shouxin.people.tables import rows_under

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
