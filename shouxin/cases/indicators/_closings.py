"""SQL that indicators of closings share."""


def standing_closings(kind: str) -> str:
    """Closings that stood when their month was over: none is followed by a reopening of the case in the same month.

    What is reopened later does not take back the closing of a past month: it is a reopening of its own month.
    """
    return f"""(
  SELECT c.* FROM facts AS c
  WHERE c.kind = '{kind}' AND NOT EXISTS (
    SELECT 1 FROM facts AS r
    WHERE r.kind = 'CaseReopened' AND r.subject_id = c.subject_id AND r.happened_at > c.happened_at
      AND date_trunc('month', r.day) = date_trunc('month', c.day)
  )
)"""
