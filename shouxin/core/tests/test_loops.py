import threading
from datetime import timedelta

import pytest
from django.db import connection

from shouxin.core import health
from shouxin.core.clock import now
from shouxin.core.loops import FRESH_FOR, LOOPS, Loops, Stop, loop, write_heartbeats
from shouxin.core.management.commands.worker import is_poison

pytestmark = pytest.mark.django_db
ALL = dict.fromkeys(("worker", *LOOPS), ("ok", ""))


def test_a_loop_runs_in_its_own_thread_until_it_is_stopped():
    turns = threading.Semaphore(0)

    def run(stop: Stop) -> None:
        while not stop.wait(0.001):
            turns.release()

    loops = Loops({"counting": run})
    loops.start()
    assert turns.acquire(timeout=5) and turns.acquire(timeout=5)
    loops.stop()
    assert not loops.threads[0].is_alive()


def test_a_loop_that_raises_is_started_again_and_its_trouble_is_told():
    began = threading.Semaphore(0)
    seen = []

    def run(stop: Stop) -> None:
        seen.append(stop.trouble)
        began.release()
        raise ValueError("the moon is in the way")

    loops = Loops({"failing": run})
    loops.start()
    assert began.acquire(timeout=5)
    stop = loops.stops["failing"]
    for _ in range(500):
        if stop.trouble:
            break
        threading.Event().wait(0.01)
    assert (stop.state(), stop.trouble) == ("failing", "ValueError: the moon is in the way")
    assert began.acquire(timeout=5)
    loops.stop()
    assert seen[:2] == ["", ""]


def test_a_loop_that_asks_for_nothing_counts_as_stuck():
    stop = Stop()
    stop.asked_at -= 1000
    assert stop.state() == "stuck"
    stop.is_set()
    assert stop.state() == "ok"


def test_a_name_is_given_to_one_loop_only():
    with pytest.raises(ValueError, match="registered twice"):
        loop("sealing")(lambda stop: None)


def test_the_latest_sign_of_life_stands():
    at = now()
    write_heartbeats({"worker": ("ok", "")}, at)
    write_heartbeats({"worker": ("failing", "no paper")}, at + timedelta(seconds=2))
    with connection.cursor() as cursor:
        cursor.execute("SELECT state, trouble FROM core_heartbeat WHERE name = 'worker'")
        assert cursor.fetchall() == [("failing", "no paper")]


def test_all_parts_are_ready_when_each_has_told_so_lately():
    at = now()
    write_heartbeats(ALL, at)
    assert health.parts(at) == {"web": "ok", "database": "ok", "worker": "ok", "sealing": "ok"}


def test_parts_that_have_said_nothing_yet_are_starting():
    assert health.parts(now()) == {"web": "ok", "database": "ok", "worker": "starting", "sealing": "starting"}


def test_signs_of_life_from_before_this_start_do_not_count(settings):
    at = now()
    write_heartbeats(ALL, at - timedelta(seconds=3))
    settings.SHOUXIN_STARTED_AT = at.timestamp()
    assert health.parts(at)["worker"] == "starting"


def test_a_worker_that_has_fallen_silent_is_gone():
    at = now()
    write_heartbeats(ALL, at - FRESH_FOR)
    assert health.parts(at) | {"web": "", "database": ""} == {
        "web": "", "database": "", "worker": "gone", "sealing": "gone",
    }  # fmt: skip


@pytest.mark.parametrize(("name", "part"), [("promises", "worker"), ("sealing", "sealing")])
def test_a_failing_loop_is_told_of_its_part(name, part):
    at = now()
    write_heartbeats(ALL | {name: ("failing", "")}, at)
    assert health.parts(at)[part] == "failing"


def test_health_is_503_until_all_parts_are_ready_then_200_and_says_which(client):
    answer = client.get("/healthz")
    assert answer.status_code == 503 and answer.json()["worker"] == "starting"
    write_heartbeats(ALL, now())
    answer = client.get("/healthz")
    assert answer.status_code == 200
    assert answer.content == b'{"web":"ok","database":"ok","worker":"ok","sealing":"ok"}'


def test_figures_are_for_this_machine_or_with_the_token(client, settings):
    write_heartbeats(ALL, now())
    told = client.get("/metrics").content.decode()
    assert "shouxin_database_up 1.0" in told and 'shouxin_heartbeat_age_seconds{name="worker"}' in told
    assert client.get("/metrics", REMOTE_ADDR="203.0.113.7").status_code == 403
    assert client.get("/metrics", headers={"X-Forwarded-For": "203.0.113.7"}).status_code == 403
    assert client.get("/metrics", REMOTE_ADDR="203.0.113.7", headers={"Authorization": "Bearer "}).status_code == 403
    settings.SHOUXIN_METRICS_TOKEN = "a-long-token"
    given = {"Authorization": "Bearer a-long-token"}
    assert client.get("/metrics", REMOTE_ADDR="203.0.113.7", headers=given).status_code == 200


@pytest.mark.parametrize("header", ["X-Real-IP", "Via", "Forwarded", "X-Forwarded-Proto"])
def test_figures_are_closed_behind_whatever_proxy(client, header):
    assert client.get("/metrics", headers={header: "1.1 proxy"}).status_code == 403


def test_a_job_that_ends_the_worker_three_times_is_set_aside_and_told(client):
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (task_name, queue_name, status) VALUES ('bomb', 'x', 'failed'),"
            " ('mail', 'x', 'failed') RETURNING id"
        )
        bomb = cursor.fetchone()[0]
    assert [is_poison(bomb) for _killed in range(3)] == [False, False, True]
    write_heartbeats(ALL, now())

    answer = client.get("/healthz")

    assert health.jobs_set_aside() == [(bomb, "bomb")]
    assert (answer.status_code, answer.json()["jobs"]) == (200, "set aside")


@pytest.mark.parametrize(("status", "words"), [(413, "檔案太大了"), (408, "傳送中斷了"), (507, "目前空間不足")])
def test_what_was_not_taken_is_said_in_the_frame_of_the_house(cast, client, status, words):
    answer = client.get(f"/refused/{status}/")

    assert (answer.status_code, words in answer.content.decode(), "晴川人壽" in answer.content.decode()) == (
        status, True, True,
    )  # fmt: skip
    assert client.get("/refused/200/").status_code == 404


def test_a_form_that_is_too_large_and_a_host_that_is_not_ours_get_the_house_s_own_page(cast, client, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    large = client.post("/sign-in/", {"username": "x" * 2000, "password": "x"})
    strange = client.get("/sign-in/", HTTP_HOST="evil.example")

    assert (large.status_code, "檔案太大了" in large.content.decode()) == (413, True)
    assert (strange.status_code, "這個網址" in strange.content.decode()) == (400, True)
