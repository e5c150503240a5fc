"""The list of indicators, the page of one, the facts behind a figure, and the figures as a file."""

import csv

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from shouxin.core.clock import day_of, now
from shouxin.core.pages import page
from shouxin.core.rights import any_staff
from shouxin.core.spreadsheets import safe
from shouxin.measures import rules
from shouxin.measures.asking import Question
from shouxin.measures.engine import measure
from shouxin.measures.forms import QuestionForm, query_of, sources
from shouxin.measures.indicators import registry
from shouxin.measures.overview import boards_for, overview
from shouxin.measures.queries import fact_page
from shouxin.measures.relation import hides_examples, reading
from shouxin.measures.sheets import beside, halves_of, sheet
from shouxin.record.indicator import Indicator

# Of a share: what its numerator counts, or what only its denominator does.
ONLY = {"yes": True, "no": False}


def _found(code: str) -> Indicator:
    if (indicator := registry().get(code)) is None:
        raise Http404
    return indicator


def _asked(
    request: HttpRequest, code: str, *, takes_spans: bool = False
) -> tuple[Indicator, QuestionForm, Question | None]:
    """The indicator, the form as asked, and the question as far as this person may ask it; None for a bad form."""
    indicator = _found(code)
    form = QuestionForm(request.GET, indicator=indicator, today=day_of(now()), takes_spans=takes_spans)
    return indicator, form, rules.narrowed(form.question, request.user) if form.is_valid() else None


@any_staff
def indicator_list(request: HttpRequest) -> HttpResponse:
    context = {
        "rows": overview(request.user, day_of(now()), sources(request.GET)), "boards": boards_for(request.user),
        "is_own": rules.is_own(request.user), "hides_examples": hides_examples(sources(request.GET)),
    }  # fmt: skip
    return page(request, "measures/indicator_list.html", context)


@any_staff
def indicator(request: HttpRequest, code: str) -> HttpResponse:
    indicator, form, asked = _asked(request, code)
    context = {
        "indicator": indicator, "form": form, "is_own": rules.is_own(request.user), "title": indicator.named(),
    }  # fmt: skip
    if asked is None:
        return page(request, "measures/indicator.html", context, part="measures/_figures.html", status=422)
    with reading():
        context |= {"sheet": sheet(indicator, asked), "beside": beside(indicator, asked)}
        context["title"] = indicator.named(asked.days, asked.unit)
        context["hides_examples"] = hides_examples(asked.where)
    return page(request, "measures/indicator.html", context, part="measures/_figures.html")


@any_staff
def facts(request: HttpRequest, code: str) -> HttpResponse:
    """What a figure counts, fact by fact."""
    indicator, form, asked = _asked(request, code)
    if asked is None:
        raise Http404
    asked = asked.but(by=())
    only = request.GET.get("only", "")
    with reading():
        answer = measure(asked)
        rows = fact_page(asked, request.user, only=ONLY.get(only), after=request.GET.get("after", ""))
    context = {"indicator": indicator, "rows": rows, "row": answer.rows[0], "unit": answer.unit, "asked": asked}
    context |= {"halves": halves_of(indicator, asked, answer.rows[0]), "only": only, "query": query_of(asked)}
    context["rest"] = answer.rows[0].denominator - answer.rows[0].numerator
    context |= {"title": indicator.named(asked.days, asked.unit), "formula": indicator.formula(asked.stat)}
    return page(request, "measures/fact_list.html", context | {"last": form.cleaned_data["last"]})


@any_staff
def figures(request: HttpRequest, code: str) -> HttpResponse:
    """The figures of the page as a file; the same rows as `measure` prints."""
    _indicator, form, asked = _asked(request, code, takes_spans=True)
    if asked is None:
        why = [str(error) for errors in form.errors.values() for error in errors]
        told = "\n".join([_("This figure cannot be calculated as asked."), *why])
        return HttpResponse(told, status=422, content_type="text/plain; charset=utf-8")
    answer = measure(asked)
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{code}.csv"'
    writer = csv.writer(response)
    writer.writerow([*asked.by, "numerator", "denominator", "value", "n", "low", "high", "unit"])
    for row in answer.rows:
        told = [safe(value) for value in row.by.values()]
        writer.writerow([*told, row.numerator, row.denominator, row.value, row.n, row.low, row.high, answer.unit])
    return response
