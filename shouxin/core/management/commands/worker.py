"""`manage.py worker`: background jobs, and every named loop."""

import asyncio
import contextlib
import logging
import os
import signal
import threading
from typing import Any

from asgiref.sync import sync_to_async
from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError, close_old_connections, connections
from procrastinate import App
from procrastinate.contrib.django import app
from procrastinate.contrib.django.db_cleanup import close_db_connections
from procrastinate.jobs import Status

from shouxin.core.clock import now
from shouxin.core.limits import knock, knocks
from shouxin.core.loops import REPORT_EVERY, Loops, write_heartbeats

logger = logging.getLogger(__name__)
RESCUE_EVERY = 10.0
RESCUES = 3
LISTENS_EVERY = 2.0
ENDING_PATIENCE = 9.0  # jobs have 6 s to end; the parent kills after 10
NICE = 5  # a quarter of a busy processor, all of an idle one


class Command(BaseCommand):
    requires_system_checks = []
    help = "Run background jobs and the named loops until SIGTERM."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--concurrency", type=int, default=int(os.environ.get("SHOUXIN_WORKER_JOBS", "4")))
        parser.add_argument("--no-loops", action="store_true", help="only background jobs")

    def handle(self, *, concurrency: int, no_loops: bool, **options: Any) -> None:
        # Somebody waits for a page; a letter, a copy for the measures or a seal may come a moment later.
        with contextlib.suppress(OSError):
            os.nice(NICE)
        loops = Loops({} if no_loops else None)
        loops.start()
        try:
            asyncio.run(work(loops, concurrency))
        finally:
            loops.stop()


async def work(loops: Loops, concurrency: int) -> None:
    """Take jobs until SIGTERM; meanwhile report, and take back the jobs of workers that were killed.

    The worker's own bookkeeping has its own connections; what a job defers goes through Django's, in the
    transaction of the job.
    """
    worker_app = app.with_connector(app.connector.get_worker_connector())
    ending = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, ending.set)
    await worker_app.open_async()
    try:
        await _work_until(ending, worker_app, loops, concurrency)
    finally:
        # After a loss of the database the pool would wait long for connections that never come.
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(worker_app.close_async(), 2)
    if not ending.is_set():
        raise SystemExit("the connection to the database was lost: to be started again")


async def _work_until(ending: asyncio.Event, worker_app: App, loops: Loops, concurrency: int) -> None:
    helpers = [asyncio.create_task(report(loops)), asyncio.create_task(rescue(worker_app))]
    working = asyncio.create_task(
        worker_app.run_worker_async(
            concurrency=concurrency, fetch_job_polling_interval=5, install_signal_handlers=False,
            shutdown_graceful_timeout=6, delete_jobs="successful", task_middleware=[close_db_connections],
        )
    )  # fmt: skip
    helpers += [asyncio.create_task(ending.wait()), asyncio.create_task(until_deaf())]
    await asyncio.wait({working, *helpers[2:]}, return_when=asyncio.FIRST_COMPLETED)
    end_within(ENDING_PATIENCE)
    for task in (*helpers, working):
        task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await working


def end_within(seconds: float) -> None:
    """End this process then, whatever still waits: without its database the job library may wait for ever.

    A worker that ends so is one that was killed, and what it had begun is done again.
    """
    timer = threading.Timer(seconds, os._exit, [1])
    timer.daemon = True
    timer.start()


async def until_deaf() -> None:
    """Ends when the worker has lost the connection on which it hears of new jobs; it does not notice that itself."""
    while True:
        await asyncio.sleep(LISTENS_EVERY)
        if not any(task.get_name() == "listener" for task in asyncio.all_tasks()):
            return


async def report(loops: Loops) -> None:
    """The sign of life of the event loop itself and of the named loops."""
    while True:
        await sync_to_async(_report, thread_sensitive=True)(loops)
        await asyncio.sleep(REPORT_EVERY)


def _report(loops: Loops) -> None:
    try:
        close_old_connections()
        write_heartbeats({"worker": ("ok", "")}, now())
        loops.report()
    except DatabaseError:
        connections.close_all()


def is_poison(job: int) -> bool:
    """Whether this job was running too often when a worker was killed: then it is what killed it.

    It is set aside and told on the health page; the jobs beside it are tried again.
    """
    at = now()
    knock(f"rescued:{job}", at)
    if knocks(f"rescued:{job}") < RESCUES:
        return False
    knock(f"set-aside:{job}", at)
    logger.error("job %d was running each of the %d times a worker ended; it is set aside", job, RESCUES)
    return True


async def rescue(worker_app: App) -> None:
    """What a killed worker had begun is done again: jobs are safe to run twice."""
    while True:
        with contextlib.suppress(Exception):
            for job in await worker_app.job_manager.get_stalled_jobs():
                if await sync_to_async(is_poison, thread_sensitive=True)(job.id):
                    await worker_app.job_manager.finish_job(job, Status.FAILED, delete_job=False)
                else:
                    await worker_app.job_manager.retry_job(job)
        await asyncio.sleep(RESCUE_EVERY)
