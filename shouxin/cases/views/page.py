"""The page of one case: who, what happened, what we owe; and what all its forms have in common."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_safe

from shouxin.cases import forms, queries, rules, time_forms
from shouxin.cases.actions.attaching import note_damage
from shouxin.cases.actions.seeing import see_personal
from shouxin.cases.checking import to_check
from shouxin.cases.keeping import proposed
from shouxin.cases.lengthening import lengthenings
from shouxin.cases.models import Attachment, Case, State
from shouxin.cases.rights import SEE
from shouxin.cases.story import story
from shouxin.core.audience import Audience
from shouxin.core.clock import day_of, now
from shouxin.core.files import FileDamaged, read
from shouxin.core.guards import Refused
from shouxin.core.live import may_follow
from shouxin.core.pages import back, download, page, part
from shouxin.core.rights import needs
from shouxin.core.statements import stated
from shouxin.customers.models import ContactPoint
from shouxin.customers.queries import known_as
from shouxin.people.models import Staff
from shouxin.policies.models import Policy, PolicyRole
from shouxin.policies.queries import roles_of
from shouxin.promises.clocks import Clock
from shouxin.promises.queries import clocks_about, nearest_clocks

FORMS: dict[str, type[forms.CaseForm]] = {
    "handover": forms.HandOverForm, "officer": forms.OfficerForm, "return": forms.ReasonForm,
    "closure": forms.ClosureForm, "reopening": forms.ReasonForm, "pause": forms.PauseForm, "event": forms.EventForm,
    "extension": time_forms.ExtensionForm,
    "papers": forms.PapersForm,
    "links": forms.LinkForm, "tags": forms.TagForm, "kind": forms.KindForm, "who": forms.WhoForm,
}  # fmt: skip

PRESSING = {"broken", "soon", "running"}


def made_for(name: str, case: Case, by: Staff, data: Any = None) -> forms.CaseForm:
    """A form of the page; its fields' ids bear its name, because the page holds many."""
    return FORMS[name](data, case=case, by=by, auto_id=f"{name}_%s")


def find(request: HttpRequest, number: str) -> Case:
    """The case of this number, if the reader may see it; else there is none."""
    case = queries.by_number.first(number=number)
    if case is None or not rules.may_see(request.user, case):
        raise Http404
    return case


@needs(SEE)
@require_safe
def case_page(request: HttpRequest, number: str) -> HttpResponse:
    case = find(request, number)
    if knows(request.user, case):
        see_personal(case, by=request.user, at=now())
    return may_follow(request, shown(request, case), str(case.ref))


@needs(SEE)
@require_safe
def form(request: HttpRequest, number: str, name: str) -> HttpResponse:
    """One form of the page, when its menu is opened: a page has many, and most are never looked at."""
    case = find(request, number)
    if name not in FORMS:
        raise Http404
    if not request.htmx:
        return back(request, f"{reverse('cases:page', args=[case.number])}?open={name}")
    return part(
        request, "cases/_move_form.html", {"case": case, "form": made_for(name, case, request.user), "name": name}
    )


@needs(SEE)
@require_safe
def timeline(request: HttpRequest, number: str) -> HttpResponse:
    """The story alone, for those who follow it."""
    case = find(request, number)
    told = story(case, request.user, is_all="all" in request.GET, is_known=knows(request.user, case))
    context = {"case": case, "story": told}
    return page(request, "cases/case_story.html", context, part="cases/_timeline.html")


@needs(SEE)
@require_safe
@download
def attachment(request: HttpRequest, number: str, key: int) -> HttpResponse:
    """A file of the case: always to be saved, never shown as a page of ours."""
    file = get_object_or_404(Attachment, pk=key, case=find(request, number), erased_at=None)
    try:
        content = BytesIO(read(file.checksum))
    except FileDamaged as damage:
        note_damage(file.checksum)
        raise Http404 from damage
    return FileResponse(content, as_attachment=True, filename=file.name, content_type=file.media_type)


def shown(request: HttpRequest, case: Case, *, status: int = 200, **bound: forms.CaseForm) -> HttpResponse:
    """The whole page; `bound` are forms that were filled in and need another look."""
    return page(request, "cases/case_page.html", whole(request, case, **bound), status=status)


def whole(request: HttpRequest, case: Case, **bound: forms.CaseForm) -> dict[str, Any]:
    staff, at = request.user, now()
    clocks = clocks_about(case.ref, at=at, audience=Audience.STAFF)
    written = bound.pop("composer", None) or composer(case, staff, clocks, chosen=chosen_in(request))
    opened = next(iter(bound), request.GET.get("open", ""))
    happened = list(queries.happened_in(case=case.pk))
    counted, usual = rules.split_papers(queries.checklist(case))
    return {
        "case": case, "clocks": clocks, "pressing": next((c for c in clocks if c.state in PRESSING), None),
        "is_paused": any(clock.state == "paused" for clock in clocks),
        "story": story(case, staff, is_all="all" in request.GET, is_known=knows(staff, case)),
        "may": rights_over(staff, case, clocks),
        "composer": written,
        "happened": happened, "windows": queries.windows_of(case, happened, at),
        "papers": counted, "usual_papers": usual, "to_check": to_check(case), "links": queries.links_of(case, staff),
        "templates": queries.templates_for(case), "tags": queries.tags_of(case=case.pk),
        "waiting_files": waiting_files(case, staff), "reach": queries.reach_of(case, is_known=knows(staff, case)),
        "opened": opened,
        "opened_form": bound.get(opened) or (made_for(opened, case, staff) if opened in FORMS else None),
        **who(staff, case, at),
    }  # fmt: skip


def waiting_files(case: Case, staff: Staff) -> Any:
    """What this person has chosen for the next entry."""
    return case.attachments.filter(touch=None, added_by=staff, erased_at=None).order_by("pk")


def who(staff: Staff, case: Case, at: Any) -> dict[str, Any]:
    """The customer's side: contacts, policies with roles, the other cases."""
    if case.customer_id is None:
        return {"others": [], "policies": [(case.policy, [])] if case.policy_id else []}
    others = queries.others_of(staff, case)[:6]
    clocks = nearest_clocks([other.ref for other in others], at=at, audience=Audience.STAFF)
    # The policy of the case comes first, whatever the customer is in it.
    policies: dict[Policy, list[str]] = {case.policy: roles_of(case.customer, case.policy)} if case.policy_id else {}
    for role in _roles(customers=known_as(case.customer), but=case.policy_id or 0):
        policies.setdefault(role.policy, []).append(role.get_role_display())
    return {
        "others": [(other, clocks.get(str(other.ref))) for other in others],
        "contacts": _contacts(customer=case.customer_id),
        "policies": list(policies.items())[:12],
    }


@stated
def _roles(customers, but):
    theirs = PolicyRole.objects.filter(customer__any_of=customers).exclude(policy=but)
    found = theirs.select_related("policy__product")
    return found.order_by("-policy__issued_on", "policy_id", "pk")[:24]


@stated
def _contacts(customer):
    return ContactPoint.objects.filter(customer=customer, is_valid=True).order_by("kind", "-is_preferred")[:4]


def knows(staff: Staff, case: Case) -> bool:
    """Whether the customer is not masked from this person: the officer of an open case, and who stands in for them."""
    if case.officer_id is None or not case.is_open:
        return False
    return case.officer_id == staff.pk or queries.stands_in(staff, case, day_of(now()))


def rights_over(staff: Staff, case: Case, clocks: list[Clock]) -> dict[str, bool]:
    """What the page offers this person."""
    serves = rules.may_serve(staff, case) or queries.stands_in(staff, case, day_of(now()))
    return {
        "serve": serves, "take": case.is_open and case.officer_id is None and staff.has(rules.SERVE),
        "give": case.officer_id is None and case.is_open and rules.leads(staff, case),
        "pause": any(clock.is_ticking and clock.terms.suspensions for clock in clocks),
        "extend": any(clock.terms.extensions for clock in clocks) and bool(lengthenings(case, now())),
        "close": serves and case.is_open, "reopen": serves and case.state == State.CLOSED,
        "identify": staff.has(rules.LINK_CUSTOMER), "know": knows(staff, case),
    }  # fmt: skip


def chosen_in(request: HttpRequest) -> QueryDict | None:
    """What was chosen in the composer besides its words, when a draft was saved or a template inserted."""
    told = request.POST if request.method == "POST" else request.GET
    return told if "caller" in told else None


def composer(
    case: Case, staff: Staff, clocks: list[Clock], data: Any = None, files: Any = None, *,
    chosen: QueryDict | None = None,
) -> forms.TouchForm:  # fmt: skip
    """The composer, with the draft that was left and what was `chosen` with it; or with what was sent."""
    draft = max(queries.drafts_of(case=case.pk, me=staff.pk), key=lambda each: each.saved_at, default=None)
    initial = {"body": draft.body, "kind": draft.kind} if draft else {}
    initial |= {name: chosen[name] for name in forms.CHOSEN if chosen and chosen.get(name)}
    form = forms.TouchForm(data, files, case=case, by=staff, initial=initial)
    form.offer(proposed(case, clocks), None if chosen is None else chosen.getlist("keeps"))
    form.draft = draft
    return form


def carried(request: HttpRequest, number: str, name: str, act: Callable[..., Any], done: str) -> HttpResponse:
    """What all moves of a case share: find, form, action, answer; refused, the form says why."""
    case = find(request, number)
    form = made_for(name, case, request.user, request.POST)
    if form.is_valid():
        try:
            act(case, form)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, done)
            return back(request, reverse("cases:page", args=[case.number]))
    if request.htmx:
        return part(request, "cases/_move_form.html", {"case": case, "form": form, "name": name}, status=422)
    return shown(request, case, status=422, **{name: form})
