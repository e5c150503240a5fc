"""The state of a large insurer: a million cases, a tenth of them open, with touches, promises and all their facts.

The example insurer is loaded small; then its cases are copied inside the database, set by set, under numbers, ids and
instants of their own. So every case is one that the actions would have written. Which cases are copied: those without
a complaint's own rows. The words of touches go with every open case and with some closed ones; elsewhere a touch has
no content (and its fact no hash of one).
"""

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

from psycopg import ClientCursor

from bench.figures import Figure, at_least, at_most, told
from config.trouble import Trouble, say

STEP = 100_000  # cases copied by one transaction
RARE_WORD = "鯨雲"  # one case in a hundred holds it
WORDED_SHARE = 20  # one closed case in so many keeps the words of its touches
TARGET_SECONDS, TARGET_FACTS = 600, 5

# Every copy: which case it is a copy of, the how manyeth (k), and what differs. Of the open ones three in ten are new.
# `back` moves the past of a closed case, `ahead` the future of an open one.
_PLAN = """
DROP TABLE IF EXISTS bench_copy;
CREATE UNLOGGED TABLE bench_copy AS
WITH usable AS (
  SELECT c.id, CASE WHEN c.state IN ('closed', 'new') THEN c.state ELSE 'taken' END AS kind
  FROM cases_case c WHERE NOT EXISTS (SELECT 1 FROM complaints_complaint WHERE case_id = c.id)
  AND (c.state <> 'closed' OR (SELECT count(*) FROM record_fact WHERE subject = 'case:' || c.id) BETWEEN 6 AND 8)
), kinds AS (
  SELECT kind, array_agg(id ORDER BY id) AS ids FROM usable GROUP BY 1
), wanted AS (
  SELECT n, CASE WHEN n %% 10 > 0 THEN 'closed' WHEN n / 10 %% 10 < 3 THEN 'new' ELSE 'taken' END AS kind
  FROM generate_series(1, %(cases)s::int) AS n
), placed AS (
  SELECT n, kind, k.ids[1 + n / 10 %% cardinality(k.ids)] AS proto FROM wanted JOIN kinds k USING (kind)
), customers AS (
  SELECT array_agg(id ORDER BY id) AS ids FROM customers_customer
)
SELECT n, proto, kind = 'closed' AS is_closed, row_number() OVER (PARTITION BY proto ORDER BY n) AS k,
  (CASE WHEN kind = 'closed' THEN n * 7919::bigint %% 2592000 ELSE 0 END) * interval '1 second' AS back,
  CASE WHEN kind = 'closed' THEN interval '0' ELSE interval '8 days'
    + (n * 7919::bigint %% 1728000) * interval '1 second' END AS ahead,
  n %% 200 IN (7, 100) AS is_rare, kind <> 'closed' OR n <= %(worded)s AS has_words,
  %(prefix)s || lpad((n + %(before)s)::text, greatest(6, length((n + %(before)s)::text)), '0') AS number,
  'customer:' || c.ids[1 + n %% cardinality(c.ids)] AS person, c.ids[1 + n %% cardinality(c.ids)] AS customer
FROM placed, customers c;
CREATE UNIQUE INDEX ON bench_copy (n);
ANALYZE bench_copy;
"""

_CASES = """
INSERT INTO cases_case (id, number, key, service_id, subject, state, priority, channel, customer_id, claimed_name,
  claimed_phone, claimed_email, policy_id, product, jurisdiction, branch_id, team_id, officer_id, language,
  opened_by_id, opened_at, touched_at, due_at, first_replied_at, closed_at, closing_reason, touch_count, reopen_count,
  source)
SELECT p.id + {case} * b.k, b.number, gen_random_uuid(), service_id, subject, p.state, priority, channel,
  CASE WHEN p.customer_id IS NOT NULL THEN b.customer END, claimed_name, claimed_phone, claimed_email, NULL, product,
  jurisdiction, branch_id, team_id, officer_id, language, opened_by_id, opened_at - back, touched_at - back,
  CASE WHEN due_at > '8000-01-01' THEN due_at ELSE due_at - back + ahead END, first_replied_at - back, closed_at - back,
  closing_reason, touch_count, reopen_count, source
FROM bench_copy b JOIN cases_case p ON p.id = b.proto WHERE b.n BETWEEN %(first)s AND %(last)s
"""
_WORDS = """
INSERT INTO cases_casewords (case_id, opened_at, words)
SELECT w.case_id + {case} * b.k, w.opened_at - back, ARRAY['@' || to_char(
    (w.opened_at - back) AT TIME ZONE %(zone)s, 'YYYY-MM'), ltrim(split_part(b.number, '-', 2), '0'),
    lower(split_part(b.number, '-', 1)), split_part(b.number, '-', 2), lower(replace(b.number, '-', ''))]
  || array_remove(words[5:], lower(replace(p.number, '-', '')))
  || CASE WHEN is_rare THEN %(rare)s::text[] ELSE '{{}}'::text[] END
FROM bench_copy b JOIN cases_casewords w ON w.case_id = b.proto JOIN cases_case p ON p.id = b.proto
WHERE b.n BETWEEN %(first)s AND %(last)s
"""
_TOUCHES = """
INSERT INTO cases_touch (id, case_id, direction, channel, at, by_id, fact)
SELECT t.id + {touch} * b.k, t.case_id + {case} * b.k, direction, channel, at - back, by_id, fact + {fact} * b.k
FROM bench_copy b JOIN cases_touch t ON t.case_id = b.proto WHERE b.n BETWEEN %(first)s AND %(last)s
"""
_WORK = """
INSERT INTO cases_workitem (id, subject, channel, skill, priority, due_at, wanted_at, made_at, taken_at, branch_id,
  officer_id)
SELECT w.id + {work} * b.k, 'case:' || b.proto + {case} * b.k, channel, skill, priority, due_at + ahead,
  wanted_at + ahead, made_at, taken_at, branch_id, officer_id
FROM bench_copy b JOIN cases_workitem w ON w.subject = 'case:' || b.proto
WHERE NOT b.is_closed AND b.n BETWEEN %(first)s AND %(last)s
"""
_PROMISES = """
INSERT INTO promises_promise (id, rule, rule_version, terms, title, source, article, jurisdiction, audience, subject,
  person, dims, start_at, due_at, warn_at, warn_ats, working_seconds, paused_seconds, calendar_key, calendar_version,
  reckoning, amount, currency, state, made_by, broken_at, ended_at, ended_by, ended_reason, origin)
SELECT p.id + {promise} * b.k, rule, rule_version, terms, title, source, article, jurisdiction, audience,
  'case:' || b.proto + {case} * b.k, CASE WHEN p.person IS NOT NULL THEN b.person END, dims,
  start_at - back, due_at - back + a, CASE WHEN warn_at IS NOT NULL THEN due_at + a - interval '1 day' END,
  warn_ats, working_seconds, paused_seconds, calendar_key, calendar_version, reckoning, amount, currency, p.state,
  made_by, broken_at - back + a, ended_at - back + a, ended_by, ended_reason, origin
FROM bench_copy b JOIN promises_promise p ON p.subject = 'case:' || b.proto
CROSS JOIN LATERAL (SELECT CASE WHEN p.state IN ('running', 'paused') THEN b.ahead ELSE interval '0' END AS a) AS x
WHERE b.n BETWEEN %(first)s AND %(last)s
"""
_FACTS = """
INSERT INTO record_fact (id, happened_at, kind, version, source, audience, subject, person, actor, corrects, team, post,
  branch, channel, service, stage, product, jurisdiction, rule, outcome, seconds, working_seconds, data, content_hash)
SELECT f.id + {fact} * b.k, happened_at - back, kind, version, source, audience, 'case:' || b.proto + {case} * b.k,
  CASE WHEN f.person IS NOT NULL THEN b.person END,
  CASE WHEN actor LIKE 'customer:%%' THEN b.person ELSE actor END, corrects, team, post, branch,
  channel, service, stage, product, jurisdiction, rule, outcome, seconds, working_seconds,
  CASE WHEN data ? 'promise'
    THEN data || jsonb_build_object('promise', (data ->> 'promise')::bigint + {promise} * b.k) ELSE data END,
  CASE WHEN has_words THEN content_hash END
FROM bench_copy b JOIN record_fact f ON f.subject = 'case:' || b.proto WHERE b.n BETWEEN %(first)s AND %(last)s
"""
_CONTENTS = """
INSERT INTO record_fact_content (fact, salt, body)
SELECT t.fact + {fact} * b.k, salt, body
FROM bench_copy b JOIN record_fact f ON f.subject = 'case:' || b.proto JOIN record_fact_content t ON t.fact = f.id
WHERE has_words AND b.n BETWEEN %(first)s AND %(last)s
"""
_SEQUENCES = """
SELECT setval('record_fact_id', (SELECT max(id) FROM record_fact));
SELECT setval(pg_get_serial_sequence('cases_case', 'id'), (SELECT max(id) FROM cases_case));
SELECT setval(pg_get_serial_sequence('cases_touch', 'id'), (SELECT max(id) FROM cases_touch));
SELECT setval(pg_get_serial_sequence('cases_workitem', 'id'), (SELECT max(id) FROM cases_workitem));
SELECT setval(pg_get_serial_sequence('promises_promise', 'id'), (SELECT max(id) FROM promises_promise));
DROP TABLE bench_copy;
"""
EXAMPLE = 10_000  # more cases than the example insurer has when it is small
LINES = ((_FACTS, _CONTENTS), (_CASES, _WORDS, _TOUCHES, _WORK, _PROMISES))  # two connections, one for each core
TABLES = {
    "case": "cases_case", "touch": "cases_touch", "work": "cases_workitem", "promise": "promises_promise",
    "fact": "record_fact",
}  # fmt: skip


def run(cases: int) -> list[Figure]:
    """Build the state unless it is there; the figures of the building, or only how large it is."""
    if value("SELECT to_regclass('bench_state') IS NOT NULL"):
        return sizes()
    began = time.perf_counter()
    build(cases)
    took = time.perf_counter() - began
    found = sizes()
    return [
        at_most(f"load {cases:,} cases", took, "s", TARGET_SECONDS * cases / 1_000_000),
        *found,
        at_least("load, facts for each case", found[2]["value"] / found[0]["value"], "facts", TARGET_FACTS),
    ]


def sizes() -> list[Figure]:
    """How large the state is."""
    return [
        told("load, cases", value("SELECT count(*) FROM cases_case"), "cases"),
        told("load, open cases", value("SELECT count(*) FROM cases_case WHERE state <> 'closed'"), "cases"),
        told("load, facts", value("SELECT count(*) FROM record_fact"), "facts"),
        told("load, on the disk", value("SELECT pg_database_size(current_database())") / 1024**3, "GB"),
    ]


def build(cases: int) -> None:
    """The example insurer small, then its cases copied."""
    from django.db import connection

    from shouxin.cases.bulk import index_words_afterwards
    from shouxin.core.clock import now
    from shouxin.core.numbers import next_numbers
    from shouxin.core.text import bigrams
    from shouxin.demo.loading import load
    from shouxin.people.models import Company
    from shouxin.record.sealing import seal_once

    if not Company.objects.exists():
        load(size="small", now=now())
    elif value("SELECT max(id) FROM cases_case") > EXAMPLE:
        raise Trouble("This state is half made. Remove its folder and start again.")
    ask_for_some()
    say("the example insurer is in")
    prefix, _, first = next_numbers("C", now(), cases)[0].partition("-")
    with spelled_out(connection) as cursor:
        cursor.execute(
            _PLAN,
            {"cases": cases, "worded": cases // WORDED_SHARE, "prefix": f"{prefix}-",
             "before": int(first) - 1},
        )  # fmt: skip
        strides = {name: value(f"SELECT max(id) FROM {table}") for name, table in TABLES.items()}
    if value("SELECT count(*) FROM bench_copy") != cases:
        raise RuntimeError("the example insurer has no case of one of the kinds that are copied")
    told_once = {"rare": bigrams(RARE_WORD), "zone": settings_zone()}
    with index_words_afterwards(), ThreadPoolExecutor(len(LINES)) as lines:
        for line in [lines.submit(copied, line, strides, told_once, cases) for line in LINES]:
            line.result()
        say("copied")
    say("indexed")
    with spelled_out(connection) as cursor:
        cursor.execute(_SEQUENCES)
        cursor.execute("VACUUM ANALYZE")
    while seal_once(now()):
        say("sealed")
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bench_state ()")


def ask_for_some() -> None:
    """A few requests that nobody has taken yet: at some hours the example insurer has none."""
    from shouxin.cases.actions import open_case
    from shouxin.cases.models import Service
    from shouxin.cases.rules import Claimant
    from shouxin.people.models import Branch

    for service in Service.objects.filter(pk__in=["A01", "A04", "A05", "A14", "P01"]):
        open_case(
            by=None, service=service, channel="web", subject="想請你們說明一下", key=uuid4(),
            body="您好，我想確認目前的保單內容，麻煩請回電給我，謝謝。", branch=Branch.objects.order_by("pk")[0],
            claimant=Claimant(name="陳怡君", phone="0912000000", email="c@mail.example"),
        )  # fmt: skip


def copied(statements: tuple[str, ...], strides: dict[str, int], about: dict[str, object], cases: int) -> None:
    """Run these statements for one stretch of copies after the other; each statement is one transaction."""
    from django.db import connection

    try:
        for first in range(1, cases + 1, STEP):
            for statement in statements:
                with spelled_out(connection) as cursor:
                    cursor.execute(statement.format(**strides), about | {"first": first, "last": first + STEP - 1})
    finally:
        connection.close()


def spelled_out(connection: Any) -> ClientCursor:
    """For statements that are several in one, or make a table: their values are written into the text."""
    connection.ensure_connection()
    return ClientCursor(connection.connection)


def settings_zone() -> str:
    from django.conf import settings

    return settings.TIME_ZONE


def value(sql: str) -> float:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()[0]
