"""By what a figure can be asked: dimensions, days, people, and whatever facts of a kind say about themselves."""

import ibis
import ibis.expr.types as ir

from shouxin.measures.asking import TIMES
from shouxin.people.models import Staff
from shouxin.record.facts import DIMENSIONS

COLUMNS = (*DIMENSIONS, "kind", "source", "subject")
_UNITS = {"year": "Y", "quarter": "Q", "month": "M", "week": "W", "day": "D"}
_STAFF = "staff:"


@ibis.udf.scalar.builtin(name="json_extract_string")
def _one(data: str, path: str) -> str: ...


@ibis.udf.scalar.builtin(name="json_extract_string")
def _each(data: str, path: str) -> list[str]: ...


def _said(items: ir.Table, key: str) -> ir.ArrayValue:
    """All that a fact says under a key of its own: one value, or each of a list (reason: reasons)."""
    listed = _each(items.data, f"$.{key}[*]")
    plural = _each(items.data, f"$.{key[:-1]}ies[*]" if key.endswith("y") else f"$.{key}s[*]")
    several = ibis.ifelse(listed.length() > 0, listed, plural)
    one = _one(items.data, f"$.{key}").fill_null("")
    return ibis.ifelse(several.length() > 0, several.unique(), ibis.array([one]))


def _colleague(items: ir.Table) -> ir.Value:
    """Who did it, if it was one of us."""
    actor = items.actor.fill_null("")
    return ibis.ifelse(actor.startswith(_STAFF), actor, "")


def staff_ref(account: str) -> str:
    """The reference of the colleague with this account; a reference stays as it is, an unknown account finds nobody."""
    if account.startswith(_STAFF) or not account:
        return account
    found = Staff.objects.filter(account=account.lower()).values_list("pk", flat=True).first()
    return f"{_STAFF}{found or 0}"


def accounts() -> dict[str, str]:
    """The account of each reference to a colleague."""
    return {f"{_STAFF}{pk}": account for pk, account in Staff.objects.values_list("pk", "account")}


def column(key: str) -> str:
    """Under which name the values of a key stand beside the columns of the fact."""
    return f"by_{key}"


def spread(items: ir.Table, by: tuple[str, ...]) -> ir.Table:
    """The rows with a column for each key; a row with several values of a key is there once for each of them."""
    for key in by:
        if key in TIMES:
            value = items.day.truncate(_UNITS[key])
        elif key == "staff":
            value = _colleague(items)
        else:
            value = _values(items, key)
        items = items.mutate(**{column(key): value})
    return items


def _values(items: ir.Table, key: str) -> ir.Value:
    """The column of a dimension; where one fact has several products, each of them; else what the fact itself says."""
    if key not in COLUMNS:
        return _said(items, key).unnest()
    if key != "product":
        return items[key]
    return ibis.ifelse(items.product == "", _said(items, key), ibis.array([items.product])).unnest()


def narrow(items: ir.Table, key: str, values: list[str]) -> ir.Table:
    """Only rows of which this key says one of these values."""
    if key == "staff":
        return items.filter(_colleague(items).isin([staff_ref(value) for value in values]))
    if key in COLUMNS and key != "product":
        return items.filter(items[key].isin(values))
    said = _said(items, key)
    if key == "product":
        said = ibis.ifelse(items.product == "", said, ibis.array([items.product]))
    wanted = said.contains(values[0])
    for value in values[1:]:
        wanted |= said.contains(value)
    return items.filter(wanted)
