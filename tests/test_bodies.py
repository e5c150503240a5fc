"""Bodies are read before a thread is taken: over real sockets, on two threads."""

import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing

import pytest
import uvicorn
from a2wsgi import WSGIMiddleware

from config import bodies
from config.bodies import MOST, MOST_UPLOAD, Bodies
from config.env import ROOT


def pages(environ: dict, start_response) -> list[bytes]:
    """Answers the path and how much was sent, as a page that reads everything would."""
    length = len(environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)))
    status = {"/refused/413/": "413 Too Large", "/refused/408/": "408 Slow", "/refused/507/": "507 Full"}
    start_response(status.get(environ["PATH_INFO"], "200 OK"), [("Content-Type", "text/plain")])
    return [f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']} {length}".encode()]


@pytest.fixture
def port() -> Iterator[int]:
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(Bodies(WSGIMiddleware(pages, workers=2)), lifespan="off", log_level="error"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    yield listening.getsockname()[1]
    server.should_exit = True
    thread.join(10)


def sent(port: int, text: bytes, *, is_last: bool = True) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", port), timeout=20)
    connection.sendall(text)
    return connection


def answer(connection: socket.socket) -> tuple[int, str]:
    with closing(connection):
        told = b""
        while piece := connection.recv(65536):
            told += piece
            if told.endswith((b"\r\n0\r\n\r\n", b"}")):
                break
    return int(told.split()[1]), told.decode()


def head(path: str, *lines: str) -> bytes:
    return "\r\n".join([f"POST {path} HTTP/1.1", "Host: a", "Connection: close", *lines, "", ""]).encode()


def test_forty_senders_who_stop_in_the_middle_keep_nobody_waiting(port):
    stopped = [sent(port, head("/service/request/", "Content-Length: 10000") + b"x" * 60) for _number in range(40)]
    began = time.monotonic()

    status, told = answer(sent(port, b"GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"))

    assert (status, "GET /healthz 0" in told) == (200, True)
    assert time.monotonic() - began < 5
    for connection in stopped:
        connection.close()


def test_what_is_whole_reaches_the_page_by_length_and_in_chunks(port):
    by_length = answer(sent(port, head("/a/", "Content-Length: 300000") + b"x" * 300_000))
    chunk = b"%x\r\n" % 100_000 + b"x" * 100_000 + b"\r\n"
    in_chunks = answer(sent(port, head("/a/", "Transfer-Encoding: chunked") + chunk * 3 + b"0\r\n\r\n"))

    assert [(status, "POST /a/ 300000" in told) for status, told in (by_length, in_chunks)] == [(200, True)] * 2


@pytest.mark.parametrize(
    ("path", "most"), [("/sign-in/", MOST), ("/language/", MOST), ("/service/request/", MOST_UPLOAD)]
)
def test_more_than_is_taken_is_refused_by_its_announced_length(port, path, most):
    connection = sent(port, head(path, f"Content-Length: {most + 1}", "Expect: 100-continue"))

    status, told = answer(connection)

    assert (status, "GET /refused/413/ 0" in told) == (413, True)


def test_what_announces_no_length_is_stopped_at_the_same_size(port, monkeypatch):
    monkeypatch.setattr(bodies, "MOST", 200_000)
    chunk = b"%x\r\n" % 100_000 + b"x" * 100_000 + b"\r\n"

    status, told = answer(sent(port, head("/sign-in/", "Transfer-Encoding: chunked") + chunk * 3 + b"0\r\n\r\n"))

    assert (status, "/refused/413/" in told) == (413, True)


def test_who_sends_nothing_for_long_or_very_little_is_let_go(port, monkeypatch):
    monkeypatch.setattr(bodies, "SILENCE", 0.4)
    silent = answer(sent(port, head("/a/", "Content-Length: 1000") + b"x"))
    slow = sent(port, head("/a/", "Content-Length: 1000"))
    with pytest.raises(OSError):
        for _second in range(40):
            time.sleep(0.1)
            slow.sendall(b"x")
    slow.close()

    assert silent[0] == 408


def test_what_all_hold_together_has_an_end(port, monkeypatch):
    monkeypatch.setattr(bodies, "MOST_AT_ONCE", 150_000)
    holding = sent(port, head("/a/", "Content-Length: 200000") + b"x" * 100_000)
    time.sleep(0.3)

    status, told = answer(sent(port, head("/a/", "Content-Length: 100000") + b"x" * 100_000))
    holding.close()

    assert (status, "/refused/507/" in told) == (507, True)


def test_a_parent_that_can_write_nothing_keeps_its_parts_running(tmp_path):
    """As on a full disk: every write fails, which the limit on the size of files does for any user."""
    program = """
import resource, signal, sys, time
from pathlib import Path
from config.home import Home
from config.supervisor import Part, Supervisor
home = Home.opened(Path(sys.argv[1]))
supervisor = Supervisor(home, None)
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
part = Part("part", ["sleep", "60"], {})
supervisor.start(part)
part.process.kill()
supervisor.watch(until=lambda: part.starts == 2 and part.is_running(), patience=20)
supervisor._rotate_logs()
answer = part.is_running()
supervisor.stop()
print("kept running" if answer else "lost")
"""
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "home")], capture_output=True, text=True, cwd=ROOT, timeout=60
    )

    assert (done.stdout.strip(), done.returncode) == ("kept running", 0), done.stderr
