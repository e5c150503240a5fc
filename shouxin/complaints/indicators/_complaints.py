"""SQL that indicators of complaints share."""

# What facts about complaints say beside the dimensions; several values each.
COMPLAINT_KEYS = ("reason", "subreason", "company", "coverage", "subcoverage", "disposition", "conclusion")

# Condition on a fact `f`: it was not classified as something else in the end, such as an enquiry or a claim.
IS_COMPLAINT = """NOT EXISTS (
  SELECT 1 FROM (
    SELECT subject_id, line, row_number() OVER (PARTITION BY subject_id ORDER BY happened_at DESC, id DESC) AS place
    FROM facts WHERE kind = 'ComplaintClassified'
  ) AS classified
  WHERE classified.place = 1 AND classified.subject_id = f.subject_id AND coalesce(classified.line, '') <> 'complaint'
)"""

# Days from beginning to end as the clocks count them: the first not counted, the last counted to its end. Each fact
# says how many it took. Older facts say none: they have no working days, and their calendar
# days follow from their seconds.
DAYS_TAKEN = """CASE
  WHEN $unit = 'working' THEN f.working_days
  ELSE coalesce(f.days, date_diff('day', f.began_on, f.day))
END"""
