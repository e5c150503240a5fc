"""Policies: search by number, the page of one."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from shouxin.core.clock import day_of, now
from shouxin.core.pages import page
from shouxin.core.paging import keyset
from shouxin.core.rights import needs
from shouxin.policies import queries
from shouxin.policies.rules import IMPORT_POLICIES, SEE_POLICIES


@needs(SEE_POLICIES)
def policy_list(request: HttpRequest) -> HttpResponse:
    """Policies by number; a few letters and digits of its beginning find one."""
    text = request.GET.get("q", "").strip()
    found = queries.visible_to(request.user).select_related("product")
    found = found.numbered_like(text) if text else found
    rows = keyset(found, order=("number",), after=request.GET.get("after", ""))
    return page(
        request,
        "policies/policy_list.html",
        {"rows": rows, "q": text, "may_import": request.user.has(IMPORT_POLICIES)},
        part="policies/_policy_table.html",
    )


@needs(SEE_POLICIES)
def policy_page(request: HttpRequest, number: str) -> HttpResponse:
    """One policy as the core system has it, and who is what in it."""
    found = queries.visible_to(request.user).select_related("product", "agent__branch", "branch")
    policy = get_object_or_404(found, number=number)
    agent_has_left = bool(policy.agent and policy.agent.has_left_on(day_of(now())))
    context = {"policy": policy, "roles": queries.holders_of(policy), "agent_has_left": agent_has_left}
    return page(request, "policies/policy_page.html", context)
