import json
import re

from django.core import mail
from django.db import connection
from django.test import override_settings

from shouxin.people import actions, jobs
from shouxin.people.models import Notice
from tests.cast import PASSWORD

IN_MEMORY = override_settings(EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend")


def resets_asked() -> list[int]:
    """Whose password links wait to be mailed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT args FROM procrastinate_jobs WHERE task_name = %s ORDER BY id", [actions.RESET_JOB])
        return [args["staff"] if isinstance(args, dict) else json.loads(args)["staff"] for (args,) in cursor.fetchall()]


def sign_in(client, account: str, password: str = PASSWORD):
    return client.post("/sign-in/", {"username": account, "password": password})


def test_somebody_signs_in_whatever_capitals_the_account_is_typed_in(cast, client):
    answer = sign_in(client, "LIN")

    assert (answer.status_code, answer["Location"]) == (302, "/")


def test_a_wrong_password_is_told_kindly_in_chinese(cast, client):
    answer = sign_in(client, "lin", "wrong")

    assert answer.status_code == 200
    assert "帳號和密碼對不起來" in answer.content.decode()


def test_after_eight_wrong_tries_the_account_rests_and_the_page_says_what_to_do(cast, client):
    answers = [sign_in(client, "lin", f"wrong-{n}") for n in range(8)]

    assert [answer.status_code for answer in answers] == [200] * 7 + [429]
    assert "休息十五分鐘" in answers[-1].content.decode()
    assert sign_in(client, "lin").status_code == 429
    assert sign_in(client, "LIN ").status_code == 429
    assert sign_in(client, "chen").status_code == 302


def test_one_account_is_not_tried_from_a_thousand_addresses_and_its_owner_is_told(cast, client):
    def tried(n: int, account: str = "lin") -> int:
        told = {"username": account, "password": f"wrong-{n}"}
        return client.post("/sign-in/", told, REMOTE_ADDR=f"192.0.{n // 250}.{n % 250 + 1}").status_code

    assert [tried(n) for n in range(101)] == [200] * 100 + [429]
    assert tried(2000, " LIN") == 429
    assert tried(2001, "chen") == 200
    told = Notice.objects.values_list("staff__account", "text").order_by("staff__account")
    assert list(told) == [(who, "有人對帳號 lin 試了很多次錯誤的密碼。") for who in ("admin", "lin")]


def test_a_new_password_by_mail_opens_an_account_that_others_tried_to_enter(cast, client):
    for n in range(100):
        told = {"username": "lin", "password": f"wrong-{n}"}
        client.post("/sign-in/", told, REMOTE_ADDR=f"192.0.2.{n + 1}")
    assert sign_in(client, "lin").status_code == 429
    form = client.get(actions.password_link(cast.lin, by=None))["Location"]

    set_anew = client.post(form, {"new_password1": "新的密碼-很長-417", "new_password2": "新的密碼-很長-417"})

    assert (set_anew.status_code, set_anew["Location"]) == (302, "/sign-in/")
    assert sign_in(client, "lin", "新的密碼-很長-417").status_code == 302


def test_who_has_left_cannot_sign_in(cast, client):
    actions.leave(cast.chen, by=cast.hsu)

    assert sign_in(client, "chen").status_code == 200


def test_who_leaves_is_signed_out_at_once(cast, client):
    sign_in(client, "chen")
    actions.leave(cast.chen, by=cast.hsu)

    assert client.get("/profile/")["Location"].startswith("/sign-in/")


def test_signing_out_leads_back_to_signing_in(cast, client):
    sign_in(client, "lin")

    assert client.post("/sign-out/")["Location"] == "/sign-in/"
    assert client.get("/profile/").status_code == 302


@IN_MEMORY
def test_a_forgotten_password_is_set_anew_by_the_link_in_the_mail_once(cast, client):
    assert client.post("/password/forgotten/", {"email": "lin@shouxin.example"}).status_code == 302
    jobs.mail_password_link(staff=cast.lin.pk)
    (letter,) = mail.outbox
    assert "林佳穎" in letter.body and letter.to == ["lin@shouxin.example"]
    path = re.search(r"http://127.0.0.1:8000(\S+)", letter.body)[1]

    form = client.get(path, follow=True)
    fresh = {"new_password1": "新的-密碼-2026", "new_password2": "新的-密碼-2026"}
    assert client.post(form.redirect_chain[-1][0], fresh)["Location"] == "/sign-in/"

    assert sign_in(client, "lin", "新的-密碼-2026").status_code == 302
    assert "連結已經用過" in client.get(path, follow=True).content.decode()


@IN_MEMORY
def test_an_unknown_address_gets_the_same_answer_and_no_mail(cast, client):
    answer = client.post("/password/forgotten/", {"email": "nobody@shouxin.example"})

    assert (answer.status_code, answer["Location"], resets_asked()) == (302, "/password/sent/", [])


@IN_MEMORY
def test_a_newcomer_without_a_password_gets_the_first_one_by_the_same_way(cast, client):
    newcomer = actions.NewStaff("fang", "方雅雯", "CC", cast.lin.joined_on, cast.calls, "fang@shouxin.example")
    actions.join(newcomer, by=cast.hsu)

    client.post("/password/forgotten/", {"email": "fang@shouxin.example"})
    for asked in resets_asked():
        jobs.mail_password_link(staff=asked)

    assert [letter.to for letter in mail.outbox] == [["fang@shouxin.example"]]


def test_whoever_sets_a_password_reads_in_one_polite_sentence_what_it_must_be(cast, client):
    client.force_login(cast.lin)

    page = client.get("/password/").content.decode()

    assert "至少十個字元；請避開常見的密碼" in page
    assert "你的密碼" not in page


def test_a_password_is_changed_by_who_knows_the_old_one(cast, client):
    client.force_login(cast.lin, backend="shouxin.people.backends.StaffBackend")
    fresh = {"old_password": PASSWORD, "new_password1": "新的-密碼-2026", "new_password2": "新的-密碼-2026"}

    assert client.post("/password/", fresh | {"old_password": "x"}).status_code == 200
    assert client.post("/password/", fresh)["Location"] == "/profile/"


def test_a_link_is_mailed_three_times_an_hour_and_never_leads_where_the_asker_says(cast, client):
    for host in ("testserver", "localhost:1", "127.0.0.1:6666", "[::1]:9"):
        client.post("/password/forgotten/", {"email": "lin@shouxin.example"}, HTTP_HOST=host)

    assert resets_asked() == [cast.lin.pk] * 3
    with IN_MEMORY:
        jobs.mail_password_link(staff=cast.lin.pk)
        assert re.findall(r"https?://[^/]+", mail.outbox[0].body) == ["http://127.0.0.1:8000"]


def test_one_address_does_not_try_one_password_on_every_account(cast, client):
    tried = [sign_in(client, f"account-{n}", "守信守信守信").status_code for n in range(51)]

    assert tried == [200] * 50 + [429]
    assert sign_in(client, "lin").status_code == 429
    elsewhere = client.post("/sign-in/", {"username": "lin", "password": PASSWORD}, REMOTE_ADDR="192.0.2.7")
    assert elsewhere.status_code == 302
