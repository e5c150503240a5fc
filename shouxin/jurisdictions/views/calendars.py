"""A year of a calendar, and declaring a day of it."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shouxin.core.clock import day_of, now
from shouxin.core.pages import back, page
from shouxin.core.rights import any_staff, needs
from shouxin.jurisdictions.actions import declare_day
from shouxin.jurisdictions.calendars import Calendar
from shouxin.jurisdictions.forms import DeclareForm, places
from shouxin.jurisdictions.packs import calendar_key, pack
from shouxin.jurisdictions.packs.pack import Pack
from shouxin.jurisdictions.queries import calendar_of, places_of, standing_declarations
from shouxin.jurisdictions.rules import DECLARE
from shouxin.jurisdictions.years import year_of

YEARS = range(2010, 2051)
PIECE = "jurisdictions/_declare.html"


@any_staff
def calendar_home(request: HttpRequest) -> HttpResponse:
    """The calendars there are; the first one's year."""
    return calendar_year(request, places()[0][0])


@any_staff
def calendar_year(request: HttpRequest, jurisdiction: str) -> HttpResponse:
    """Twelve months: days of rest, holidays with their names, make-up days, days that were declared."""
    one, place, year = _find(jurisdiction), request.GET.get("place", "").strip()[:20], request.GET.get("year", "")
    shown = int(year) if year.isdecimal() and int(year) in YEARS else day_of(now()).year
    calendar: Calendar = calendar_of(calendar_key(one.code, place))
    today = calendar.day_of(now())
    context = {
        "pack": one, "place": place, "calendar": calendar, "year": year_of(calendar, shown), "places": places(),
        "may_declare": request.user.has(DECLARE), "standing": standing_declarations(one.code, since=today),
        "form": DeclareForm(jurisdiction=one, today=today, initial={"place": place}), "offices": places_of(one.code),
    }  # fmt: skip
    return page(request, "jurisdictions/calendar_year.html", context, part="jurisdictions/_calendar_year.html")


@needs(DECLARE)
@require_POST
def declared_days(request: HttpRequest, jurisdiction: str) -> HttpResponse:
    """Declare a day: first what it would move, and once that is confirmed, the declaration itself."""
    one = _find(jurisdiction)
    form = DeclareForm(request.POST, jurisdiction=one, today=day_of(now()))
    if not form.is_valid():
        return page(request, "jurisdictions/declare.html", {"pack": one, "form": form}, part=PIECE, status=422)
    told = form.declaration()
    if not form.cleaned_data["confirmed"]:
        context = {"pack": one, "form": form, "told": told, "again": form.again()}
        return page(request, "jurisdictions/declare.html", context, part=PIECE)
    declare_day(told, by=request.user.ref)
    messages.success(
        request,
        _("The declaration is withdrawn. Running promises there are recalculated.") if told.is_withdrawn
        else _("The day has been declared. Running promises there are recalculated."),
    )  # fmt: skip
    return back(request, f"{_url(one)}?{urlencode({'year': told.day.year, 'place': told.place})}")


def _url(one: Pack) -> str:
    return reverse("jurisdictions:calendar", args=[one.code])


def _find(jurisdiction: str) -> Pack:
    if jurisdiction not in dict(places()):
        raise Http404
    return pack(jurisdiction)
