"""What is asked on a page, kept in its URL: ?since=2026-01-01&last=2026-11-22&by=team&where=channel=phone."""

from datetime import date, timedelta

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from shouxin.core.form_fields import DayField
from shouxin.measures.asking import CALENDAR, TIMES, WORKING, NotAsked, Question
from shouxin.measures.labels import KEYS, STATS
from shouxin.measures.relation import is_brought
from shouxin.record.indicator import KEY, Indicator

# Offered everywhere; an indicator adds the keys its own facts answer.
OFFERED = ("team", "post", "branch", "staff", "service", "stage", "product", "channel", "rule", "outcome", "source")
MONTHS_SHOWN = 12


def usual_period(today: date) -> tuple[date, date]:
    """First and last day of what is shown unasked: this month and the eleven before."""
    months = today.year * 12 + today.month - MONTHS_SHOWN
    return date(months // 12, months % 12 + 1, 1), today


def sources(asked: QueryDict) -> tuple[tuple[str, str], ...]:
    """The source that is asked for, where a page takes no other conditions: ?where=source=example."""
    return tuple(("source", pair[7:]) for pair in asked.getlist("where") if pair.startswith("source="))


class QuestionForm(forms.Form):
    """A period of which the last day is part, by what, and in which statistic.

    A file takes months and weeks as well (`takes_spans`); a page draws them as the course.
    """

    since = DayField(label=_("From day"))
    last = DayField(label=_("To day (inclusive)"))
    by = forms.ChoiceField(label=_("By"), required=False)
    stat = forms.ChoiceField(label=_("Statistic"), required=False)
    days = forms.IntegerField(label=_("Within (days)"), required=False, min_value=0, max_value=3650)
    unit = forms.ChoiceField(
        label=_("Time counted"), required=False, choices=[(CALENDAR, _("Calendar time")), (WORKING, _("Working time"))]
    )

    def __init__(self, asked: QueryDict, *, indicator: Indicator, today: date, takes_spans: bool = False) -> None:
        since, last = usual_period(today)
        usual = {"since": f"{since}", "last": f"{last}", "by": indicator.mainly, "days": indicator.days}
        given = {name: asked[name] for name in ("since", "last", "by", "stat", "days", "unit") if asked.get(name)}
        super().__init__({**usual, **given})
        self.indicator, self.today = indicator, today
        self.where, self.cells = (
            tuple(pair.partition("=")[::2] for pair in asked.getlist(name) if "=" in pair) for name in ("where", "cell")
        )
        offered = [*(TIMES if takes_spans else ()), *OFFERED, *indicator.also]
        if (by := given.get("by", "")) not in {"", *TIMES, *offered} and KEY.match(by) and is_brought(by):
            offered.append(by)
        self.fields["by"].choices = [(key, KEYS.get(key, key)) for key in offered]
        self.fields["stat"].choices = [(stat, STATS.get(stat, stat)) for stat in indicator.stats]
        for name, is_wanted in (
            ("stat", len(indicator.stats) > 1), ("days", indicator.days is not None), ("unit", indicator.takes_time)
        ):  # fmt: skip
            if not is_wanted:
                del self.fields[name]

    def clean(self) -> dict:
        """Also builds the question, so that what makes no sense is told beside the fields."""
        told = super().clean()
        if not self.errors:
            try:
                self.question = self._question(told)
            except NotAsked as problem:
                self.add_error(None, str(problem))
        return told

    def _question(self, told: dict) -> Question:
        return Question(
            code=self.indicator.code, from_on=told["since"], until_on=told["last"] + timedelta(days=1),
            by=(told["by"],) if told["by"] else (), where=self.where, cells=self.cells,
            stat=told.get("stat") or self.indicator.stats[0], days=told.get("days"), unit=told.get("unit") or CALENDAR,
            today=self.today,
        )  # fmt: skip


def query_of(asked: Question, *, by: str = "") -> str:
    """The question as it stands in a URL."""
    query = QueryDict(mutable=True)
    query["since"], query["last"] = f"{asked.from_on}", f"{asked.until_on - timedelta(days=1)}"
    for name in ("stat", "unit"):
        if value := getattr(asked, name):
            query[name] = value
    if asked.days is not None:
        query["days"] = str(asked.days)
    if by:
        query["by"] = by
    for name, pairs in (("where", asked.where), ("cell", asked.cells)):
        query.setlist(name, [f"{key}={value}" for key, value in pairs])
    return query.urlencode()
