"""Every statement behind a figure is portable: Spark and PostgreSQL read it, with functions they know."""

from datetime import UTC, date, datetime

import pytest
from sqlglot import ErrorLevel, exp, parse_one

from shouxin.core.audience import Audience
from shouxin.measures import statements
from shouxin.measures.asking import Question
from shouxin.measures.fetching import schema
from shouxin.measures.indicators import registry
from shouxin.measures.relation import valid
from shouxin.record.facts import KINDS
from shouxin.record.indicator import STATISTICS

# The functions statements may use: standard ones, and three that sqlglot translates for every engine.
STANDARD = {"abs", "avg", "cast", "coalesce", "count", "greatest", "least", "max", "min", "row_number", "sqrt", "sum"}
PORTABLE = STANDARD | {"stddev_samp", "unnest", "array_contains", "datediff", "timestamp_trunc"}
SYNTAX = {"case", "if", "and", "or", "exists"}  # what sqlglot counts among the functions
GROUPS = [(), ("month", "team"), ("staff",), ("week", "reason", "product")]
CONDITIONS = {
    "where": (("team", "a"), ("team", "b"), ("staff", "staff:7"), ("reason", "x")),
    "cells": (("reason", "y"),),
}


def questions():
    for code, indicator in registry().items():
        for stat in indicator.stats:
            for by in GROUPS:
                how = CONDITIONS if by else {}
                yield Question(code, date(2026, 1, 1), date(2027, 1, 1), by, stat=stat, today=date(2026, 11, 28), **how)


def written():
    """(what it is, statement) of every indicator, statistic and kind of question, and of the relation under them."""
    for asked in questions():
        indicator = registry()[asked.code]
        shape, share = STATISTICS[asked.stat]
        yield f"{asked.code} {asked.stat} {asked.by}", statements.sums(indicator, asked, shape, share)[0]
        yield f"{asked.code} behind", statements.behind(indicator, asked, order="value DESC, id")[0]
    for known in (None, datetime(2026, 11, 1, tzinfo=UTC)):
        yield "facts", valid(as_known_at=known, audience=Audience.STAFF, has_examples=False)


def parsed(sql: str, dialect: str) -> exp.Expression:
    return parse_one(sql, read=dialect, error_level=ErrorLevel.RAISE)


def functions(tree: exp.Expression) -> set[str]:
    names = {each.name if isinstance(each, exp.Anonymous) else each.sql_name() for each in tree.find_all(exp.Func)}
    return {name.lower() for name in names} - SYNTAX


def test_every_statement_becomes_spark_sql_and_uses_functions_that_every_engine_has():
    for what, sql in written():
        tree = parsed(sql, "duckdb")
        spark = parsed(tree.sql(dialect="spark", unsupported_level=ErrorLevel.RAISE), "spark")

        assert functions(tree) <= PORTABLE, f"{what}: {functions(tree) - PORTABLE}"
        assert list(spark.find_all(exp.Anonymous)) == [], what


def test_every_statement_is_read_as_postgresql_reads_it():
    for what, sql in written():
        assert parsed(sql, "postgres").find(exp.Select), what


def test_indicators_name_only_facts_that_are_recorded_and_columns_that_facts_have():
    stands = {"value", "place", "first_on", "last_on"}
    for code, indicator in registry().items():
        tree = parsed(
            statements.behind(indicator, next(q for q in questions() if q.code == code), order="id")[0], "duckdb"
        )
        named = {each.name for each in tree.find_all(exp.Literal) if each.is_string and each.name in KINDS}
        compared = [each for each in tree.find_all(exp.EQ, exp.In) if each.this.name == "kind"]
        said = {text.name for each in compared for text in each.find_all(exp.Literal)}
        made = {each.alias for each in tree.find_all(exp.Alias)} | stands

        assert said == named, f"{code}: {said - named}"
        assert {each.name for each in tree.find_all(exp.Column)} <= made | {*schema().names, "*"}, code


@pytest.mark.parametrize(
    "special", ["arg_max(team, day)", "list(team)", "epoch_us(happened_at)", "json_extract_string(data, '$.x')"]
)
def test_a_function_that_not_every_engine_has_is_found(special):
    assert functions(parsed(f"SELECT count(*), {special} FROM facts", "duckdb")) - PORTABLE != set()
