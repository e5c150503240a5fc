"""Small words of the case page: where a move's form goes, what its button says, the ring of a paper."""

from functools import cache

from django import template
from django.template.loader import get_template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from shouxin.cases.channels import label_of
from shouxin.cases.models import Case, Paper
from shouxin.core.templatetags.clock import drawn_ring

register = template.Library()

LABELS = {
    "handover": gettext_noop("Hand over"), "officer": gettext_noop("Assign"),
    "return": gettext_noop("Return to the queue"),
    "closure": gettext_noop("Close the case"), "reopening": gettext_noop("Reopen"), "pause": gettext_noop("Pause"),
    "event": gettext_noop("Record it"), "extension": gettext_noop("Extend the deadline"),
    "papers": gettext_noop("Request them"), "links": gettext_noop("Link"), "tags": gettext_noop("Add"),
    "kind": gettext_noop("Save"), "who": gettext_noop("This is the customer"),
}  # fmt: skip


@register.simple_tag
def move_url(case: Case, name: str) -> str:
    return reverse(f"cases:{name}", args=[case.number])


@cache
def _pattern(name: str) -> str:
    return reverse(f"cases:{name}", args=["0", "1"] if name == "form" else ["0"])


@register.simple_tag(takes_context=True)
def late_form(context: template.Context, name: str) -> SafeString:
    """Where the form of a move will stand: it comes when its menu is opened. Without JavaScript a link leads to it."""
    if context.get("opened") == name:
        with context.push(form=context.get("opened_form"), name=name):
            return get_template("cases/_move_form.html").template.render(context)
    number = context["case"].number
    return format_html(
        '<p class="small" hx-get="{}" hx-trigger="toggle from:closest details once" hx-swap="outerHTML">'
        '<a href="{}?open={}">{}</a></p>',
        _pattern("form").replace("/0/", f"/{number}/").replace("/1/", f"/{name}/"),
        _pattern("page").replace("/0/", f"/{number}/"), name, _("Open the form"),
    )  # fmt: skip


@register.simple_tag
def move_label(name: str) -> str:
    return _(LABELS[name])


@register.filter
def channel_label(code: str) -> str:
    return label_of(code)


@register.filter
def got(papers: list[Paper]) -> int:
    """How many are here or not needed."""
    return sum(not paper.is_awaited for paper in papers)


@register.filter
def needed(papers: list[Paper]) -> int:
    """How many there are, without those that may not apply and nobody asked for."""
    return sum(paper.is_missing or not paper.is_awaited for paper in papers)


@register.simple_tag
def paper_ring(paper: Paper) -> SafeString:
    """Here: a tick; asked for: two bars; else empty."""
    return drawn_ring("kept" if not paper.is_awaited else "paused" if paper.asked_at else "running", 0, "16")


@register.simple_tag
def done_ring(is_open: bool) -> SafeString:
    """A case without a clock: done, or under way."""
    return drawn_ring("running" if is_open else "kept", 0)
