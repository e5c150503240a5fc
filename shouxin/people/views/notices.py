"""What I was told: the list behind the bell."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from shouxin.core.pages import back, page, part
from shouxin.core.paging import keyset
from shouxin.core.rights import any_staff
from shouxin.core.submissions import repeatable
from shouxin.people import notices
from shouxin.people.models import Notice
from shouxin.people.queries import notices_of, unread_of


@any_staff
def notice_list(request: HttpRequest) -> HttpResponse:
    rows = keyset(notices_of(request.user), order=("-at", "-id"), after=request.GET.get("after", ""))
    return page(request, "people/notice_list.html", {"rows": rows}, part="people/_notice_table.html")


@any_staff
@require_safe
def bell(request: HttpRequest) -> HttpResponse:
    """The bell alone, for pages that stay open."""
    return part(request, "people/_bell.html", unread_of(request.user))


@any_staff
@require_POST
@repeatable("what is read stays read")
def reading(request: HttpRequest, key: int) -> HttpResponse:
    """Read one: go where it points to."""
    notice = get_object_or_404(Notice, pk=key, staff=request.user)
    notices.mark_read(notice)
    is_ours = url_has_allowed_host_and_scheme(notice.url, allowed_hosts=None)
    return back(request, notice.url if notice.url and is_ours else reverse("people:notices"))


@any_staff
@require_POST
@repeatable("what is read stays read")
def reading_all(request: HttpRequest) -> HttpResponse:
    notices.mark_all_read(request.user)
    return back(request, reverse("people:notices"))
