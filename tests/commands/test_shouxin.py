"""bin/shouxin: with or without a running server; what it started it stops."""

import json
import os
import signal
import subprocess
import time

from config import env
from tests.browser import wait_for
from tests.commands.conftest import clean_environment, pids_in, postgres_of, run


def test_it_answers_without_a_server_and_stops_what_it_started(home):
    done = run("shouxin", "psql", "--home", home, "--", "-Atc", "select current_user")
    assert (done.returncode, done.stdout) == (0, "shouxin_owner\n")
    assert not postgres_of(home) and not pids_in(home)


def test_it_answers_beside_a_running_server_and_leaves_it_running(serve, home):
    served = serve(home)
    served.wait_until_ready()
    done = run("shouxin", "psql", "--superuser", "--", "-Atc", "select current_user", SHOUXIN_HOME=str(home))
    assert (done.returncode, done.stdout) == (0, "postgres\n")
    assert served.is_ready()


def test_two_commands_at_once_share_one_database(home):
    slow = subprocess.Popen(
        [str(env.ROOT / "bin/shouxin"), "psql", "--home", str(home), "--", "-Atc", "select pg_sleep(6), 'slow'"],
        env=clean_environment(), stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    wait_for((home / "run/joinable.json").exists, 30, "the first command never got its database")
    quick = run("shouxin", "psql", "--home", home, "--", "-Atc", "select count(*) from pg_stat_activity")
    assert quick.returncode == 0, quick.stderr
    assert slow.communicate(timeout=60)[0] == "|slow\n"
    assert not postgres_of(home)


def test_a_server_waits_for_a_command_to_finish_and_then_starts(serve, home):
    slow = subprocess.Popen(
        [str(env.ROOT / "bin/shouxin"), "psql", "--home", str(home), "--", "-Atc", "select pg_sleep(3)"],
        env=clean_environment(), stdout=subprocess.PIPE,
    )  # fmt: skip
    wait_for((home / "run/joinable.json").exists, 30, "the command never got its database")
    served = serve(home)
    served.wait_until_ready()
    assert slow.wait(10) == 0
    assert "Waiting for a command" in (home / "said.txt").read_text()


def test_stop_stops_the_server_and_says_so_and_is_content_when_nothing_runs(serve, home):
    served = serve(home)
    served.wait_until_ready()
    began = time.monotonic()
    done = run("shouxin", "stop", "--home", home)
    assert done.returncode == 0 and "Stopped." in done.stderr
    assert time.monotonic() - began < 15
    assert served.process.wait(5) == 0
    again = run("shouxin", "stop", "--home", home)
    assert again.returncode == 0 and "Nothing runs" in again.stderr


def test_stop_ends_what_a_killed_parent_left(serve, home):
    served = serve(home)
    served.wait_until_ready()
    frozen = served.pid_of("part-web-1")
    os.kill(frozen, signal.SIGSTOP)
    served.process.kill()
    served.process.wait()
    assert run("shouxin", "stop", "--home", home).returncode == 0
    wait_for(lambda: not pids_in(home) and not postgres_of(home), 10, "something is left")
    assert frozen not in pids_in(home)


def test_django_s_own_commands_run_as_the_owner(home):
    done = run("shouxin", "--home", home, "manage", "showmigrations", "core")
    assert done.returncode == 0, done.stderr
    assert "[X] 0001_numbers" in done.stdout


def test_the_status_of_a_command_is_handed_on(home):
    done = run("shouxin", "psql", "--home", home, "--", "-v", "ON_ERROR_STOP=1", "-c", "select 1/0")
    assert done.returncode == 1
    assert "division by zero" in done.stderr


def test_with_json_nothing_but_json_is_on_standard_output_even_on_a_first_start(tmp_path):
    done = run("shouxin", "verify", "--json", "--home", tmp_path / "new")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)
    assert "Making the database" in done.stderr


def test_an_unknown_command_gets_the_list_of_those_that_are_known(home):
    done = run("shouxin", "--home", home, "dance")
    assert done.returncode == 1
    assert "does not know “dance”" in done.stderr and "psql [--superuser]" in done.stderr


def test_help_needs_no_database(tmp_path):
    done = run("shouxin", "--home", tmp_path / "unused")
    assert done.returncode == 0 and "usage: bin/shouxin" in done.stdout
    assert not (tmp_path / "unused").exists()


def test_the_superuser_of_a_given_database_is_its_keeper_s_affair(serve, home):
    served = serve(home)
    served.wait_until_ready()
    url = json.loads((home / "run/database.json").read_text())["owner"]
    done = run("shouxin", "psql", "--superuser", "--home", home, DATABASE_URL=url)
    assert done.returncode == 1 and "keeper" in done.stderr


def test_a_home_given_by_the_environment_is_used_by_every_command(home):
    done = run("serve", "--no-demo", "--port", "70000", SHOUXIN_HOME=str(home))
    assert done.returncode == 1 and "Port 70000" in done.stderr
    done = run("shouxin", "stop", SHOUXIN_HOME=str(home))
    assert str(home) in done.stderr


def test_a_command_that_is_asked_to_stop_ends_its_database_too(home):
    slow = subprocess.Popen(
        [str(env.ROOT / "bin/shouxin"), "psql", "--home", str(home), "--", "-Atc", "select pg_sleep(60)"],
        env=clean_environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    wait_for((home / "run/joinable.json").exists, 30, "the command never got its database")
    slow.terminate()
    assert slow.wait(20) == 0
    assert not postgres_of(home)
