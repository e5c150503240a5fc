"""Everything that moves a case, one small form each: `carried` finds, checks and answers."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shouxin.cases import actions
from shouxin.cases.models import Letter, Tag
from shouxin.cases.queries import visible_to
from shouxin.cases.rights import LINK_CUSTOMER, SEE, SERVE
from shouxin.cases.time_forms import DeliveryForm
from shouxin.cases.views.page import carried, find, shown
from shouxin.core.guards import Refused
from shouxin.core.pages import back
from shouxin.core.rights import needs
from shouxin.core.submissions import once_if_keyed


def _back(request: HttpRequest, number: str, done: str = "") -> HttpResponse:
    if done:
        messages.success(request, done)
    return back(request, reverse("cases:page", args=[number]))


@needs(SERVE)
@require_POST
@once_if_keyed("the state of the case refuses it a second time")
def officer(request: HttpRequest, number: str) -> HttpResponse:
    """Take a case that nobody serves, or (a team leader) give it to somebody."""
    if "to" in request.POST:
        return carried(
            request, number, "officer",
            lambda case, form: actions.assign(case, by=request.user, to=form.cleaned_data["to"]), _("Assigned."),
        )  # fmt: skip
    actions.assign(find(request, number), by=request.user, to=request.user)
    return _back(request, number, _("This case is now yours; the customer sees your name."))


@needs(SERVE)
@require_POST
def handover(request: HttpRequest, number: str) -> HttpResponse:
    return carried(
        request, number, "handover",
        lambda case, form: actions.hand_over(case, by=request.user, **form.cleaned_data), _("Handed over."),
    )  # fmt: skip


@needs(SERVE)
@require_POST
@once_if_keyed("the state of the case refuses it a second time")
def give_back(request: HttpRequest, number: str) -> HttpResponse:
    return carried(
        request, number, "return",
        lambda case, form: actions.take_back(case, by=request.user, **form.cleaned_data),
        _("Returned to the queue for whoever is free next."),
    )  # fmt: skip


@needs(SERVE)
@require_POST
@once_if_keyed("the state of the case refuses it a second time")
def closure(request: HttpRequest, number: str) -> HttpResponse:
    return carried(
        request, number, "closure",
        lambda case, form: actions.close(
            case, by=request.user, reason=form.cleaned_data["reason"], remark=form.cleaned_data["remark"],
            settled=form.settled(),
        ),
        _("Closed."),
    )  # fmt: skip


@needs(SERVE)
@require_POST
@once_if_keyed("the state of the case refuses it a second time")
def reopening(request: HttpRequest, number: str) -> HttpResponse:
    return carried(
        request, number, "reopening",
        lambda case, form: actions.reopen(case, by=request.user, **form.cleaned_data), _("Reopened."),
    )  # fmt: skip


@needs(SERVE)
@require_POST
@once_if_keyed("the state of the case refuses it a second time")
def message_seen(request: HttpRequest, number: str) -> HttpResponse:
    """What the customer wrote after the closing needs no answer."""
    actions.no_answer_needed(find(request, number), by=request.user)
    return _back(request, number, _("Noted. The case stays closed."))


@needs(SERVE)
@require_POST
@once_if_keyed("the state of the case refuses it a second time")
def pause(request: HttpRequest, number: str) -> HttpResponse:
    return carried(
        request, number, "pause",
        lambda case, form: actions.pause_clocks(case, by=request.user, **form.cleaned_data),
        _("The clock is paused; the customer can see who we are waiting for."),
    )  # fmt: skip


@needs(SERVE)
@require_POST
@once_if_keyed("each step of a rule can be used once")
def extension(request: HttpRequest, number: str) -> HttpResponse:
    """More time, where the rule of a promise allows it."""
    return carried(
        request, number, "extension", lambda case, form: actions.extend_promise(case, by=request.user, **form.told()),
        _("Extended. Where the customer has to be told and we have no address, you are asked to do it."),
    )  # fmt: skip


@needs(SERVE)
@require_POST
def event(request: HttpRequest, number: str) -> HttpResponse:
    """Something happened from which a term counts or with which one ends."""
    return carried(
        request, number, "event",
        lambda case, form: actions.record_event(
            case, by=request.user, event=form.cleaned_data["event"], at=form.at(), key=form.cleaned_data["key"]
        ),
        _("Recorded. The terms that count from it have begun."),
    )  # fmt: skip


@needs(SERVE)
@require_POST
@once_if_keyed("the state of the case refuses it a second time")
def resumption(request: HttpRequest, number: str) -> HttpResponse:
    actions.run_clocks(find(request, number), by=request.user)
    return _back(request, number, _("The clock runs again."))


@needs(SERVE)
@require_POST
def papers(request: HttpRequest, number: str) -> HttpResponse:
    """One complete request for everything that is missing."""
    return carried(
        request, number, "papers",
        lambda case, form: actions.request_papers(
            case, by=request.user, papers=form.chosen(), body=form.cleaned_data["body"],
            again=form.cleaned_data["again"],
        ),
        _("Requested, all at once."),
    )  # fmt: skip


@needs(SERVE)
@require_POST
@once_if_keyed("the state of the case refuses it a second time")
def paper(request: HttpRequest, number: str, code: str) -> HttpResponse:
    """A paper came in, or we do without it."""
    case, is_waived = find(request, number), request.POST.get("how") == "waived"
    try:
        actions.paper_received(case, paper=code, by=request.user, is_waived=is_waived)
    except Refused as refusal:
        messages.warning(request, str(refusal))
        return _back(request, number)
    return _back(request, number, _("Recorded as not needed.") if is_waived else _("Recorded as received."))


@needs(SEE)
@require_POST
def links(request: HttpRequest, number: str) -> HttpResponse:
    def act(case, form):
        other = visible_to(request.user).filter(number=form.cleaned_data["number"].strip().upper()).first()
        if other is None:
            raise Refused(_("No case has this number."))
        actions.link(case, by=request.user, other=other, kind=form.cleaned_data["kind"])

    return carried(request, number, "links", act, _("Linked."))


@needs(SEE)
@require_POST
@once_if_keyed("what was removed is gone")
def link_removal(request: HttpRequest, number: str, other: str) -> HttpResponse:
    actions.unlink(find(request, number), by=request.user, other=find(request, other))
    return _back(request, number)


@needs(SEE)
@require_POST
def tags(request: HttpRequest, number: str) -> HttpResponse:
    return carried(
        request,
        number,
        "tags",
        lambda case, form: actions.tag(case, by=request.user, **form.cleaned_data),
        _("Tagged."),
    )


@needs(SEE)
@require_POST
@once_if_keyed("what was removed is gone")
def tag_removal(request: HttpRequest, number: str, code: str) -> HttpResponse:
    actions.untag(find(request, number), by=request.user, tag=get_object_or_404(Tag, code=code))
    return _back(request, number)


@needs(SERVE)
@require_POST
def kind(request: HttpRequest, number: str) -> HttpResponse:
    return carried(
        request, number, "kind",
        lambda case, form: actions.change(case, by=request.user, **form.cleaned_data), _("Changed."),
    )  # fmt: skip


@needs(LINK_CUSTOMER)
@require_POST
def who(request: HttpRequest, number: str) -> HttpResponse:
    return carried(
        request, number, "who",
        lambda case, form: actions.link_customer(case, by=request.user, **form.cleaned_data),
        _("The customer has been identified."),
    )  # fmt: skip


@needs(SERVE)
@require_POST
def letter(request: HttpRequest, number: str, key: int) -> HttpResponse:
    """A failed letter is tried again; one on paper went to the post."""
    found = get_object_or_404(Letter, pk=key, case=find(request, number))
    act = actions.retry_letter if found.failed_at else actions.letter_posted
    act(found, by=request.user)
    return _back(request, number, _("Noted."))


@needs(SERVE)
@require_POST
@once_if_keyed("the day of arrival is recorded once")
def delivery(request: HttpRequest, number: str, key: int) -> HttpResponse:
    """A letter on paper reached the customer on a day."""
    case = find(request, number)
    letter = get_object_or_404(Letter, pk=key, case=case, sent_at__isnull=False)
    form = DeliveryForm(request.POST, letter=letter)
    if not form.is_valid():
        messages.warning(request, " ".join(error for errors in form.errors.values() for error in errors))
        return shown(request, case, status=422)
    actions.letter_delivered(letter, by=request.user, at=form.at())
    return _back(request, number, _("The day of arrival is recorded."))
