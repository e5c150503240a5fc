"""One box for everything that has a number or a name."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from shouxin.core.pages import back, page
from shouxin.core.rights import any_staff
from shouxin.customers.looking_up import is_by_masked_data, note_search
from shouxin.front.finding import begun, exactly, found

ON_PAGE, AMONG_SUGGESTIONS = (30, 10), (5, 3)


@any_staff
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """What holds every word; while somebody types, the first few below the box."""
    text = request.GET.get("q", "")
    is_typing = bool(request.htmx and not request.htmx.boosted)
    if not is_typing and (url := exactly(request.user, text)):
        return back(request, url)
    by_masked = is_by_masked_data(text)
    if by_masked and not is_typing:
        note_search(text, by=request.user)
    cases, others = AMONG_SUGGESTIONS if is_typing else ON_PAGE
    # A telephone number is looked for when it stands whole, not with each digit that is typed.
    is_early = by_masked and is_typing
    context = {
        "found": begun(request.user, text) if is_early else found(request.user, text, cases=cases, others=others)
    }
    return page(request, "front/search.html", context, part="front/_suggestions.html")
