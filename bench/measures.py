"""8 figures × 12 months × 20 teams over 10 million facts, against the same figures in hand-written DuckDB SQL.

The facts are made by DuckDB straight into Parquet files as the store keeps them (one sorted file for each month of
`recorded_at`); how they get there from PostgreSQL is not part of this figure.
"""

import math
import os
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

import duckdb

ROOT = Path(__file__).resolve().parent.parent
FIGURES, TEAMS, YEAR = 8, 20, 2026
FROM_ON, UNTIL_ON = date(YEAR, 1, 1), date(YEAR + 1, 1, 1)
PERIOD = f"day >= DATE '{FROM_ON}' AND day < DATE '{UNTIL_ON}'"

# Every case in one row: when it was opened, replied to, closed; the facts are told from it.
CASES = """
CREATE TABLE cases AS SELECT n AS id, (hash(n) % 20)::int AS t, opened, opened + wait AS replied,
  opened + open_for AS closed, hash(n, 3) % 100 AS luck, open_for, wait FROM (
    SELECT n, TIMESTAMPTZ '2026-01-01 00:00:00+08' + to_seconds((hash(n, 1) % 31000000)::int) AS opened,
      to_seconds((600 + hash(n, 2) % 86400)::int) AS wait,
      to_seconds((90000 + pow(hash(n, 4) % 1000 / 1000.0, 3) * 5000000)::int) AS open_for FROM range({cases}) AS r(n))
"""
# kind, instant, extra condition, seconds, whether it is the first reply, promise, share of cases that have it
TOLD = [
    ("CaseOpened", "opened", "true", "NULL", "false", "NULL"),
    ("CaseAssigned", "opened + INTERVAL 5 MINUTE", "true", "300", "false", "NULL"),
    ("TouchReceived", "opened", "true", "NULL", "false", "NULL"),
    ("TouchReceived", "opened + INTERVAL 1 DAY", "luck < 40", "NULL", "false", "NULL"),
    ("ReplySent", "replied", "luck < 95", "epoch(wait)", "true", "NULL"),
    ("ReplySent", "replied + INTERVAL 4 HOUR", "luck < 30", "NULL", "false", "NULL"),
    ("CaseHandedOver", "opened + INTERVAL 3 HOUR", "luck % 7 = 0", "NULL", "false", "NULL"),
    ("PromiseMade", "opened", "true", "NULL", "false", "id"),
    ("PromiseKept", "replied", "luck < 92", "epoch(wait)", "false", "id"),
    ("PromiseBroken", "opened + INTERVAL 1 DAY", "luck >= 92", "86400", "false", "id"),
    ("PromiseMadeGood", "opened + INTERVAL 2 DAY", "luck >= 94", "172800", "false", "id"),
    ("CaseClosed", "closed", "true", "epoch(open_for)", "false", "NULL"),
    ("CaseReopened", "closed + INTERVAL 3 DAY", "luck = 50", "NULL", "false", "NULL"),
    ("CaseClosed", "closed + INTERVAL 9 DAY", "luck = 50", "epoch(open_for) + 777600", "false", "NULL"),
    ("ComplaintOpened", "opened", "id % 10 = 0", "NULL", "false", "NULL"),
    ("ComplaintClosed", "closed", "id % 10 = 0", "epoch(open_for)", "false", "NULL"),
    (
        "ComplaintClosed",
        "closed + INTERVAL 9 DAY",
        "luck = 50 AND id % 10 = 0",
        "epoch(open_for) + 777600",
        "false",
        "NULL",
    ),
]
_LOCAL = "timezone('Asia/Taipei', {})::date"


def _facts() -> str:
    parts = [
        f"SELECT id, {at} AS instant, '{kind}' AS kind, t, ({seconds})::bigint AS seconds, {first} AS first,"
        f" {promise}::bigint AS promise FROM cases WHERE {condition} AND {at} < TIMESTAMPTZ '2027-01-01 00:00:00+08'"
        for kind, at, condition, seconds, first, promise in TOLD
    ]
    return f"""
    SELECT row_number() OVER () AS id, 1000 + id AS xid, instant AS recorded_at, instant AS happened_at,
      {_LOCAL.format("instant")} AS day,
      {_LOCAL.format("instant - to_seconds(seconds::int)")} AS began_on, kind, 'live' AS source, 'customer' AS audience,
      'case:' || id AS subject, 'staff:' || (t * 6 + id % 6) AS actor, 'team-' || t AS team,
      'EC' AS post, 'taipei' AS branch,
      'phone' AS channel, 'A' || (id % 30) AS service, 'after' AS stage, 'L' || (id % 12) AS product,
      'TW' AS jurisdiction,
      CASE WHEN promise IS NULL THEN '' ELSE 'reply' END AS rule, '' AS outcome, id AS subject_id,
      NULL::bigint AS corrects,
      seconds, seconds // 3 AS working_seconds, '{{"first": ' || first || '}}' AS data,
      NULL::bigint AS days, first, NULL::varchar AS line, NULL::varchar AS officer, promise,
      CASE WHEN kind IN ('CaseAssigned', 'CaseHandedOver') THEN 'staff:' || (t * 6 + id % 6) END AS "to",
      NULL::varchar AS to_team, NULL::bigint AS working_days FROM ({" UNION ALL ".join(parts)})"""


def make(folder: Path, facts: int) -> tuple[list[str], int]:
    """Write the files; returns them and how many facts they hold."""
    engine = duckdb.connect(config={"threads": 2, "preserve_insertion_order": False})
    engine.execute(CASES.format(cases=int(facts / 8.49)))
    engine.execute(f"CREATE VIEW told AS {_facts()}")
    engine.execute("CREATE TABLE every AS SELECT * FROM told")
    files = []
    for month in range(1, 13):
        files.append(str(folder / f"{YEAR}-{month:02d}-closed.parquet"))
        engine.execute(
            f"COPY (SELECT * FROM every WHERE month(day) = {month} ORDER BY kind, day, id) TO '{files[-1]}'"
            " (FORMAT parquet, COMPRESSION zstd)"
        )
    return files, engine.execute("SELECT count(*) FROM every").fetchone()[0]


_STANDING = """(SELECT c.* FROM facts c ANTI JOIN (
    SELECT subject_id AS s, happened_at AS h, date_trunc('month', day) AS m FROM facts WHERE kind = 'CaseReopened'
  ) r ON s = c.subject_id AND h > c.happened_at AND m = date_trunc('month', c.day)
  WHERE c.kind = '{kind}') WHERE {period}"""
_BY = "date_trunc('month', day)::date AS m, team"
COMPLAINTS, CASES_CLOSED = (_STANDING.format(kind=f"{k}Closed", period=PERIOD) for k in ("Complaint", "Case"))
# What somebody who wants just these figures would write: (code, SQL giving month, team, n, total[, median]).
TAKEN = "day - began_on"
BY_HAND = {
    "complaints-opened": f"""SELECT {_BY}, count(*), count(*) FROM facts
      WHERE kind = 'ComplaintOpened' AND {PERIOD} GROUP BY 1, 2""",
    "complaints-closed": f"SELECT {_BY}, count(*), count(*) FROM {COMPLAINTS} GROUP BY 1, 2",
    "complaint-days-to-close": f"""SELECT {_BY}, count(*), sum({TAKEN}), median({TAKEN}),
      list({TAKEN} ORDER BY {TAKEN}) FROM {COMPLAINTS} GROUP BY 1, 2""",
    "complaints-closed-within": f"""SELECT {_BY}, count(*), count(*) FILTER ({TAKEN} <= 30)
      FROM {COMPLAINTS} GROUP BY 1, 2""",
    "promises-kept": f"""SELECT {_BY}, count(*), count(*) FILTER (kind = 'PromiseKept') FROM facts
      WHERE kind IN ('PromiseKept', 'PromiseBroken') AND {PERIOD} GROUP BY 1, 2""",
    "first-reply": f"""SELECT {_BY}, count(*), sum(v), median(v), list(v ORDER BY v) FROM (
      SELECT c.day, c.team, coalesce(r.seconds, c.seconds) / 3600 AS v FROM (SELECT * FROM {CASES_CLOSED}) c
      LEFT JOIN (SELECT subject_id, seconds FROM facts WHERE kind = 'ReplySent' AND first) r USING (subject_id))
      GROUP BY 1, 2""",
    "hand-overs": f"""SELECT {_BY}, count(*), sum(coalesce(h, 0)) FROM (SELECT * FROM {CASES_CLOSED}) c
      LEFT JOIN (SELECT subject_id, count(*) AS h FROM facts WHERE kind = 'CaseHandedOver' GROUP BY 1) o
      USING (subject_id) GROUP BY 1, 2""",
    "backlog": """WITH months AS (
        SELECT range::date AS m FROM range(DATE '2026-01-01', DATE '2027-01-01', INTERVAL 1 MONTH)),
      again AS (SELECT DISTINCT subject_id AS again FROM facts WHERE kind = 'CaseReopened'),
      pairs AS (SELECT s.subject_id, s.happened_at AS begun, s.day AS a, e.day AS b FROM facts s LEFT JOIN facts e
        ON e.kind = 'CaseClosed' AND e.subject_id = s.subject_id AND e.happened_at >= s.happened_at
        LEFT JOIN again ON again = s.subject_id WHERE s.kind IN ('CaseOpened', 'CaseReopened') AND
        (e.day IS NULL OR again IS NOT NULL OR date_trunc('month', s.day) <> date_trunc('month', e.day))),
      open AS (SELECT subject_id, m FROM (SELECT subject_id, begun, min(a) AS a, min(b) AS b FROM pairs GROUP BY 1, 2)
        JOIN months ON a < m + INTERVAL 1 MONTH AND (b IS NULL OR b >= m + INTERVAL 1 MONTH)),
      owner AS (SELECT o.subject_id, o.m, arg_max(f.team, f.happened_at) AS team FROM open o JOIN facts f
        ON f.subject_id = o.subject_id AND f.kind IN ('CaseAssigned', 'CaseHandedOver', 'CaseTakenBack')
        AND f.day < o.m + INTERVAL 1 MONTH GROUP BY 1, 2)
      SELECT open.m, coalesce(owner.team, '') AS team, count(*), count(*) FROM open JOIN facts f
        ON f.subject_id = open.subject_id AND f.kind = 'CaseOpened' LEFT JOIN owner
        ON owner.subject_id = open.subject_id AND owner.m = open.m GROUP BY 1, 2""",
}


def _ours(copy) -> tuple[dict, dict, float]:
    from shouxin.measures.asking import Question
    from shouxin.measures.engine import measure
    from shouxin.measures.relation import reading

    began, took, found = time.perf_counter(), {}, {}
    with reading(lambda: copy):
        for code in BY_HAND:
            start = time.perf_counter()
            rows = measure(Question(code, FROM_ON, UNTIL_ON, by=("month", "team"), today=date(2027, 2, 1))).rows
            took[code] = time.perf_counter() - start
            found[code] = {(r.by["month"], r.by["team"]): (r.n, r.numerator) for r in rows}
    return found, took, time.perf_counter() - began


def _by_hand(files: list[str]) -> tuple[dict, dict, float]:
    engine = duckdb.connect(config={"threads": 2, "preserve_insertion_order": False})
    engine.execute("SET TimeZone = 'UTC'")
    engine.execute(f"CREATE VIEW facts AS SELECT * FROM read_parquet({files})")
    began, took, found = time.perf_counter(), {}, {}
    for code, sql in BY_HAND.items():
        start = time.perf_counter()
        rows = engine.execute(sql).fetchall()
        took[code] = time.perf_counter() - start
        found[code] = {(f"{r[0]:%Y-%m}", r[1]): (r[2], r[3]) for r in rows}
    return found, took, time.perf_counter() - began


def _same(mine: tuple[int, float], theirs: tuple[int, float]) -> bool:
    """As many facts, and the same total: sums of fractions depend on their order in the last digit."""
    return mine[0] == theirs[0] and math.isclose(mine[1], theirs[1], rel_tol=1e-9)


def run(facts: int = 10_000_000) -> list[dict]:
    """The figures of this bench; raises AssertionError where ours and those by hand differ."""
    from shouxin.measures.fetching import schema
    from shouxin.measures.store import Copy

    with tempfile.TemporaryDirectory() as folder:
        files, count = make(Path(folder), facts)
        copy = Copy(files, schema().empty_table(), has_real=True, has_corrections=False)
        ours, hand = [], []
        for _ in range(4):  # the first round fills caches; the median of the others counts
            ours.append(_ours(copy))
            hand.append(_by_hand(files))
        for code, figures in hand[0][0].items():
            mine = ours[0][0][code]
            same = mine.keys() == figures.keys() and all(map(_same, mine.values(), (figures[cell] for cell in mine)))
            assert same, f"{code} differs from that by hand"
    mine, theirs = (sorted(each[2] for each in rounds[1:])[1] for rounds in (ours, hand))
    for code in BY_HAND:
        print(f"{code:26} {ours[-1][1][code]:.3f} s, by hand {hand[-1][1][code]:.3f} s", file=sys.stderr)
    ratio = mine / theirs
    name = f"{FIGURES} figures × 12 months × {TEAMS} teams over {count / 1e6:.1f} million facts"
    return [
        {"name": name, "value": round(mine, 2), "unit": "s", "target": 2.0, "met": mine <= 2.0},
        {
            "name": f"{name}, of hand-written SQL",
            "value": round(ratio, 2),
            "unit": "×",
            "target": 1.5,
            "met": ratio <= 1.5,
        },
    ]


if __name__ == "__main__":
    import json

    import django

    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    print(json.dumps(run(), ensure_ascii=False, indent=1))
