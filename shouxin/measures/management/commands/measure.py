"""measure CODE --from D --to D: a figure of the record, the same as on the pages."""

import json
from argparse import ArgumentParser
from datetime import UTC, date, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from shouxin.core.clock import company_zone
from shouxin.measures.asking import CALENDAR, WORKING, NotAsked, Question
from shouxin.measures.engine import Answer, Row, indicator_of, measure
from shouxin.measures.indicators import registry
from shouxin.measures.labels import METHODS
from shouxin.record.indicator import STATISTICS


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _instant(text: str) -> datetime:
    known = datetime.fromisoformat(text)
    return (known if known.tzinfo else known.replace(tzinfo=company_zone())).astimezone(UTC)


def _pair(text: str) -> tuple[str, str]:
    key, sign, value = text.partition("=")
    if not sign:
        raise ValueError(text)
    return key.strip(), value


class Command(BaseCommand):
    help = "Measure an indicator over a period; --to is the first day that is no longer part of it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("code", metavar="CODE", help=", ".join(registry()))
        parser.add_argument("--from", dest="from_on", type=_day, required=True, metavar="DAY")
        parser.add_argument("--to", dest="until_on", type=_day, required=True, metavar="DAY", help="exclusive")
        parser.add_argument(
            "--by",
            action="append",
            default=[],
            metavar="KEY",
            help="year, quarter, month, week, day, team, staff, service, product, …; several by comma",
        )
        parser.add_argument("--where", action="append", default=[], type=_pair, metavar="KEY=VALUE")
        parser.add_argument("--stat", default="", help="median, mean, p90; of the backlog also open, overdue")
        parser.add_argument("--days", type=int)
        parser.add_argument("--unit", choices=[CALENDAR, WORKING], default=CALENDAR)
        parser.add_argument("--as-known-at", type=_instant, metavar="INSTANT", help="as it was known at this instant")
        parser.add_argument("--json", action="store_true")  # fmt: skip

    def handle(self, *args: Any, **given: Any) -> None:
        try:
            asked = Question(
                code=given["code"], from_on=given["from_on"], until_on=given["until_on"],
                by=tuple(dict.fromkeys(key for each in given["by"] for key in each.split(",") if key)),
                where=tuple(given["where"]), stat=given["stat"], days=given["days"], unit=given["unit"],
                as_known_at=given["as_known_at"],
            )  # fmt: skip
            answer = measure(asked)
        except NotAsked as problem:
            raise CommandError(str(problem))
        if given["json"]:
            self.stdout.write(json.dumps(answer.plain(), ensure_ascii=False))
        else:
            self._table(asked, answer)

    def _table(self, asked: Question, answer: Answer) -> None:
        indicator = indicator_of(asked)
        shape = STATISTICS[asked.stat or indicator.stats[0]][0]
        self.stdout.write(
            f"{indicator.named(asked.days, asked.unit)} — {answer.indicator} v{answer.version}, {answer.unit}"
        )
        self.stdout.write(f"{asked.from_on} … {asked.until_on} (95 %: {METHODS[shape]})")
        head = [*asked.by, "numerator", "denominator", "value", "95 %", "n"]
        lines = [head, *([*row.by.values(), *_cells(row)] for row in answer.rows)]
        widths = [max(len(str(line[i])) for line in lines) for i in range(len(head))]
        for line in lines:
            self.stdout.write("  ".join(f"{cell:>{width}}" for cell, width in zip(line, widths, strict=True)))


def _cells(row: Row) -> list[str]:
    between = f"{_short(row.low)}–{_short(row.high)}" if row.n else ""
    return [_short(row.numerator), str(row.denominator), _short(row.value), between, str(row.n)]


def _short(value: float | None) -> str:
    if value is None:
        return "·"
    return str(value) if isinstance(value, int) else f"{value:.4g}"
