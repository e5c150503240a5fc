"""Tables that leave the house: opened in a spreadsheet, no text of them is run as a formula."""

from collections.abc import Iterable
from typing import Any

# Full-width signs count as well: spreadsheets of the region take them for the plain ones.
_SIGNS = tuple("=+-@\t\r\n＝＋－＠")


def safe(value: Any) -> Any:
    """A text that no spreadsheet takes for a formula; numbers stay numbers."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_SIGNS) else value


def safe_row(values: Iterable[Any]) -> list[Any]:
    return [safe(value) for value in values]
