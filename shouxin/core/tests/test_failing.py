"""What the page of a failure says is so: what was read changed nothing, and what was sent only if it was undone."""

import pytest
from django.http import HttpRequest, HttpResponse
from django.urls import path

from config.urls import urlpatterns as of_the_house
from shouxin.core.models import Submission
from shouxin.core.rights import public
from shouxin.core.submissions import repeatable
from shouxin.core.views import broken
from tests.sending import Client


@public
def undone(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("while its transaction was open")


@public
@repeatable("a test")
def not_undone(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("after an action of its own")


urlpatterns = [*of_the_house, path("undone/", undone), path("not-undone/", not_undone)]
handler500 = broken
SAID = {"read": "先前存好的資料都還在", "undone": "資料沒有改變", "unknown": "請先看看是否已經存好"}


def said(answer: HttpResponse) -> list[str]:
    assert answer.status_code == 500
    return [name for name, words in SAID.items() if words in answer.content.decode()]


@pytest.mark.urls(__name__)
def test_a_failure_says_only_what_is_so(db):
    client = Client(raise_request_exception=False)
    assert said(client.get("/undone/")) == ["read"]
    assert said(client.post("/undone/", {"text": "內容"})) == ["undone"]
    assert not Submission.objects.exists()
    assert said(client.post("/not-undone/", {"text": "內容"})) == ["unknown"]
