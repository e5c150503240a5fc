"""How many cases are open at the end of the period, how many of them are overdue, and how old they are.

A case is open at the end of a day when it was opened or reopened by then and not closed since. By month, each row
shows the position at the end of its month; a period that reaches beyond today ends today.

A case belongs to the team and the officer who had it at that time; one that was put back into the queue, to the team
alone; one that nobody has had yet, to no team, whoever took it in. It is overdue when a promise about it was broken by
then and has neither been made good nor withdrawn since. Its age is in days of the calendar since it was first opened.
Until version 2 a case in the queue was also its last officer's; until version 3 one that nobody had had yet belonged to
the team that took it in.

The value is the number of open cases (open), the share of them that is overdue (overdue), or their age (median, mean,
p90). All open cases are counted, so there is no interval.
"""

from django.utils.translation import gettext_lazy as _

from shouxin.record.indicator import DOWN, TIMES_MEASURED, Indicator

SQL = """
WITH ends AS (
  SELECT least(last_on, $today) AS last_on FROM stretches WHERE first_on <= $today
),
known AS (
  SELECT id, kind, subject, subject_id, happened_at, day, team, "to", to_team, promise FROM facts
  WHERE day < $until AND day <= $today
),
pairs AS (
  -- Each opening or reopening with the closings after it. Most cases begin and end in one stretch and are let go before
  -- anything is sorted out; a reopened case has several closings, of which the next one counts.
  SELECT s.subject_id, s.happened_at, s.day AS opened_on, e.day AS closed_on
  FROM known AS s
  LEFT JOIN known AS e ON e.kind = 'CaseClosed' AND e.subject_id = s.subject_id AND e.happened_at >= s.happened_at
  LEFT JOIN (SELECT DISTINCT subject_id FROM known WHERE kind = 'CaseReopened') AS again
    ON again.subject_id = s.subject_id
  WHERE s.kind IN ('CaseOpened', 'CaseReopened')
    AND (e.day IS NULL OR again.subject_id IS NOT NULL OR date_trunc($span, s.day) <> date_trunc($span, e.day))
),
spans AS (
  SELECT subject_id, happened_at, min(opened_on) AS opened_on, min(closed_on) AS closed_on
  FROM pairs GROUP BY subject_id, happened_at
),
standing AS (
  -- Every case open at the end of a stretch, by the last day of that stretch.
  SELECT spans.subject_id, ends.last_on
  FROM spans JOIN ends ON spans.opened_on <= ends.last_on
  WHERE spans.closed_on IS NULL OR spans.closed_on > ends.last_on
),
owners AS (
  -- Who had the case last by then, if it ever was somebody's.
  SELECT subject_id, last_on, owner_team, owner FROM (
    SELECT s.subject_id, s.last_on, coalesce(m.to_team, m.team) AS owner_team, m."to" AS owner, row_number() OVER (
        PARTITION BY s.subject_id, s.last_on ORDER BY m.happened_at DESC, m.id DESC
      ) AS place
    FROM standing AS s JOIN known AS m ON m.subject_id = s.subject_id AND m.day <= s.last_on
    WHERE m.kind IN ('CaseAssigned', 'CaseHandedOver', 'CaseTakenBack')
  ) AS moves
  WHERE place = 1
),
late AS (
  -- Cases with a broken promise that was still waiting then.
  SELECT DISTINCT s.subject_id, s.last_on
  FROM standing AS s
  JOIN known AS b ON b.subject_id = s.subject_id AND b.day <= s.last_on
  LEFT JOIN (
    SELECT promise, min(day) AS ended_on FROM known
    WHERE kind IN ('PromiseMadeGood', 'PromiseWithdrawn') GROUP BY promise
  ) AS ended ON ended.promise = b.promise
  WHERE $stat = 'overdue' AND b.kind = 'PromiseBroken' AND b.subject LIKE 'case:%'
    AND (ended.ended_on IS NULL OR ended.ended_on > s.last_on)
)
SELECT f.*, s.last_on, coalesce(o.owner_team, '') AS owner_team, o.owner, CASE $stat
    WHEN 'open' THEN 1
    WHEN 'overdue' THEN CASE WHEN late.subject_id IS NULL THEN 0 ELSE 1 END
    ELSE date_diff('day', f.day, s.last_on)
  END AS value
FROM facts AS f
JOIN standing AS s ON s.subject_id = f.subject_id
LEFT JOIN owners AS o ON o.subject_id = s.subject_id AND o.last_on = s.last_on
LEFT JOIN late ON late.subject_id = s.subject_id AND late.last_on = s.last_on
WHERE f.kind = 'CaseOpened' AND f.day < $until AND f.day <= $today
"""

INDICATOR = Indicator(
    code="backlog",
    version=3,
    name=_("Open cases"),
    definition=__doc__,
    unit="cases",
    direction=DOWN,
    sql=SQL,
    stats=("open", "overdue", *TIMES_MEASURED),
    above=_("cases that are open at the end"),
    formulas=(
        ("overdue", _("open cases with a broken promise that still waits"), _("cases that are open at the end")),
        ("mean", _("the ages of all open cases, added up"), _("cases that are open at the end")),
    ),
    is_census=True,
    beside=("promises-kept", "first-reply"),
    instead=(("team", "owner_team"), ("actor", "owner"), ("day", "last_on")),
)
