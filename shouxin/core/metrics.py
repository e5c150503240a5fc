"""Figures for Prometheus: what each web process answered, and how background work stands.

With several web processes `PROMETHEUS_MULTIPROC_DIR` names the folder in which they add up.
"""

import os
import time
from collections.abc import Callable, Iterator

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from prometheus_client import REGISTRY, CollectorRegistry, Counter, Histogram, generate_latest, multiprocess
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

ANSWERS = Counter("shouxin_answers_total", "Pages answered, by view and status.", ["method", "view", "status"])
SECONDS = Histogram(
    "shouxin_answer_seconds", "Time to answer a page, by view.", ["view"],
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)  # fmt: skip


class count_answers:  # noqa: N801 - reads as a word in the settings
    """Counts and times every answer, under the name of its view."""

    sync_capable, async_capable = True, False

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began = time.perf_counter()
        response = self.get_response(request)
        found = request.resolver_match
        view = (found.view_name or "unnamed") if found else "nothing"
        ANSWERS.labels(request.method, view, response.status_code).inc()
        SECONDS.labels(view).observe(time.perf_counter() - began)
        return response


def page() -> bytes:
    """All figures in the text format of Prometheus."""
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        counted = CollectorRegistry()
        multiprocess.MultiProcessCollector(counted)
    else:
        counted = REGISTRY
    standing = CollectorRegistry()
    standing.register(Standing())
    return generate_latest(counted) + generate_latest(standing)


class Standing(Collector):
    """How background work stands now, asked from the database."""

    def collect(self) -> Iterator[Metric]:
        jobs = GaugeMetricFamily("shouxin_jobs", "Background jobs that wait or run.", labels=["queue", "status"])
        beats = GaugeMetricFamily("shouxin_heartbeat_age_seconds", "Since the last sign of life.", labels=["name"])
        is_up = True
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT name, extract(epoch FROM clock_timestamp() - beat_at) FROM core_heartbeat")
                for name, age in cursor.fetchall():
                    beats.add_metric([name], float(age))
                cursor.execute(
                    "SELECT queue_name, status::text, count(*) FROM procrastinate_jobs"
                    " WHERE status IN ('todo', 'doing') GROUP BY 1, 2"
                )
                for queue, status, count in cursor.fetchall():
                    jobs.add_metric([queue, status], count)
        except DatabaseError:
            connection.close()
            is_up = False
        yield GaugeMetricFamily("shouxin_database_up", "1 when the database answers.", value=int(is_up))
        yield from (jobs, beats)
