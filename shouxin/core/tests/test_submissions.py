"""One key, one content; and a request that fell victim to a deadlock is done once more."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import InterfaceError, OperationalError, ProgrammingError, connection, transaction
from django.http import HttpResponse
from django.test import RequestFactory
from psycopg import errors

from shouxin.core.clock import now
from shouxin.core.middleware import keep_no_copies, kind_refusals
from shouxin.core.models import Heartbeat, Submission
from shouxin.core.pages import back
from shouxin.core.submissions import KeyMissing, KeyReused, digest_of, once, once_if_keyed, repeatable
from shouxin.core.views import broken


def asked(**said):
    request = RequestFactory().post("/somewhere/", said)
    request.user, request.htmx = SimpleNamespace(pk=1), False
    return request


@pytest.fixture
def done():
    return []


@pytest.fixture
def act(done):
    @once
    def view(request):
        done.append(request.POST["words"])
        return back(request, f"/done/{len(done)}/")

    return view


def test_the_same_form_twice_is_done_once_and_answered_alike(db, act, done):
    key = str(uuid4())

    answers = [act(asked(key=key, words="請改地址", csrfmiddlewaretoken=token))["Location"] for token in "ab"]

    assert answers == ["/done/1/", "/done/1/"]
    assert done == ["請改地址"]


def test_the_same_key_with_other_words_another_file_or_by_somebody_else_is_refused(db, act, done):
    key = str(uuid4())
    act(asked(key=key, words="請改地址"))
    somebody_else = asked(key=key, words="請改地址")
    somebody_else.user.pk = 2
    with_a_file = asked(key=key, words="請改地址", file=SimpleUploadedFile("a.pdf", b"%PDF"))

    for again in (asked(key=key, words="請改電話"), somebody_else, with_a_file):
        with pytest.raises(KeyReused):
            act(again)
    assert done == ["請改地址"]


def test_a_bad_form_leaves_its_key_unused(db, done):
    @once
    def view(request):
        return HttpResponse(status=422) if request.POST["words"] == "" else back(request, "/done/")

    key = str(uuid4())
    assert view(asked(key=key, words="")).status_code == 422
    assert view(asked(key=key, words="請改地址"))["Location"] == "/done/"
    assert list(Submission.objects.values_list("location", flat=True)) == ["/done/"]


def test_without_a_key_nothing_is_done(db, act, done):
    for asking in (asked(words="一"), asked(words="一", key="no uuid")):
        with pytest.raises(KeyMissing):
            act(asking)

    assert done == []


def test_what_may_be_repeated_needs_no_key_and_what_is_once_if_keyed_heeds_one(db, done):
    def view(request):
        done.append(request.POST["words"])
        return back(request, "/done/")

    again, key = once(repeatable("as often as you like")(view)), str(uuid4())
    once_more = once(once_if_keyed("the state")(view))
    for asking in (asked(words="一"), asked(words="一")):
        again(asking)
    for asking in (asked(words="二"), asked(words="三", key=key), asked(words="三", key=key)):
        once_more(asking)

    assert done == ["一", "一", "二", "三"]


def test_a_page_that_leads_nowhere_yet_leaves_the_key_unused_and_keeps_what_it_wrote(db):
    @once
    def view(request):
        Heartbeat.objects.update_or_create(name=request.POST["words"], defaults={"state": "ok", "beat_at": now()})
        return HttpResponse("a preview")

    key = str(uuid4())
    answers = [view(asked(key=key, words=words)).content for words in ("one", "two")]

    assert answers == [b"a preview", b"a preview"]
    assert list(Heartbeat.objects.order_by("name").values_list("name", flat=True)) == ["one", "two"]
    assert not Submission.objects.exists()


def test_a_digest_is_not_that_of_the_bare_words():
    assert digest_of("好") != digest_of("不好") and "好" not in digest_of("好") and len(digest_of("好")) == 64


def test_a_page_is_not_to_be_kept_unless_it_says_so_itself():
    said = HttpResponse()
    said["Cache-Control"] = "max-age=60"

    assert keep_no_copies(lambda request: HttpResponse())(None)["Cache-Control"] == "no-store"
    assert keep_no_copies(lambda request: said)(None)["Cache-Control"] == "max-age=60"


@pytest.mark.database
def test_two_requests_that_deadlock_are_both_done(own_database):
    """Each locks one row and then the other's; the victim runs once more and finds both free."""
    for name in ("a", "b"):
        Heartbeat.objects.create(name=name, state="ok", beat_at="2026-11-24T06:40:00Z")
    both_hold, runs = Barrier(2), []

    def lock(name: str) -> None:
        Heartbeat.objects.select_for_update().get(name=name)

    def view(request, first: str, then: str) -> HttpResponse:
        is_first_run = (first, then) not in runs
        runs.append((first, then))
        with transaction.atomic():
            lock(first)
            if is_first_run:
                both_hold.wait(20)
            lock(then)
        return HttpResponse(request.FILES["paper"].read())

    def serve(first: str, then: str) -> bytes:
        request = RequestFactory().post("/", {"paper": SimpleUploadedFile("a.txt", b"paper")})
        request.resolver_match = SimpleNamespace(func=view, args=(), kwargs={"first": first, "then": then})
        try:
            return view(request, first, then).content
        except Exception as problem:  # noqa: BLE001 - as Django hands it to the middleware
            return kind_refusals(view).process_exception(request, problem).content
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(serve, "ab", "ba"))

    assert answers == [b"paper", b"paper"]
    assert len(runs) == 3


@pytest.mark.database
@pytest.mark.parametrize("looks_first", [True, False])
def test_of_two_that_give_one_name_at_once_the_second_is_told_in_words(own_database, looks_first):
    """A form that looks whether the name is taken finds it on its second run; one that does not look is told for."""
    both_looked = Barrier(2)

    def view(request, account: str) -> HttpResponse:
        with transaction.atomic():
            if looks_first and Heartbeat.objects.filter(name="a").exists():
                return HttpResponse("taken", status=422)
            if not getattr(request, "is_second", False):
                request.is_second = True
                both_looked.wait(20)
            Heartbeat.objects.create(name="a", state="ok", beat_at="2026-11-24T06:40:00Z")
        return HttpResponse("made")

    def serve(account: str) -> tuple[int, str]:
        request = RequestFactory().post("/", {"words": "林 佳穎", "key": str(uuid4())}, headers={"HX-Request": "true"})
        request.resolver_match = SimpleNamespace(func=view, args=(), kwargs={"account": account}, route="")
        try:
            answer = view(request, account)
        except Exception as problem:  # noqa: BLE001 - as Django hands it to the middleware
            answer = kind_refusals(view).process_exception(request, problem)
        finally:
            connection.close()
        return answer.status_code, answer.content.decode()

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(serve, "ab"))

    text = "taken" if looks_first else answers[1][1]
    assert answers == [(200, "made"), (422, text)]
    assert looks_first or "已經有同名或同號的資料" in text
    assert Heartbeat.objects.count() == 1


@pytest.mark.parametrize(
    ("problem", "cause", "status"),
    [
        (OperationalError, errors.ConnectionFailure(), 503),
        (OperationalError, errors.AdminShutdown(), 503),
        (OperationalError, errors.CannotConnectNow(), 503),
        (OperationalError, errors.OperationalError("the connection is closed"), 503),
        (InterfaceError, errors.InterfaceError("connection already closed"), 503),
        (OperationalError, errors.DiskFull(), 500),
        (ProgrammingError, errors.UndefinedTable(), 500),
        (KeyError, None, 500),
    ],
)
def test_without_a_database_the_words_stay_and_a_proxy_is_told_to_wait(problem, cause, status):
    request = RequestFactory().post("/", {"words": "林 佳穎"})
    try:
        raise problem("x") from cause
    except Exception:  # noqa: BLE001 - as Django stands when it asks for the page
        answer = broken(request)

    assert (answer.status_code, answer.get("Retry-After")) == (status, "20" if status == 503 else None)
    assert "林 佳穎" in answer.content.decode()
