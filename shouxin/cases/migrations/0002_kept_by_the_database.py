"""What the database itself keeps: the moves from state to state, and how many cases stand where."""

from django.db import migrations

# Frozen as of this migration; a test compares it with rules.MOVES by trying every pair.
MOVES = r"""
CREATE FUNCTION cases_check_move() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (OLD.state || '>' || NEW.state) NOT IN (
    'new>open', 'new>waiting', 'new>answered', 'new>closed',
    'open>waiting', 'open>answered', 'open>closed',
    'waiting>open', 'waiting>closed',
    'answered>open', 'answered>waiting', 'answered>closed',
    'closed>open'
  ) THEN
    RAISE EXCEPTION 'a case does not go from % to %', OLD.state, NEW.state USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER cases_check_move BEFORE UPDATE OF state ON cases_case FOR EACH ROW
  WHEN (OLD.state IS DISTINCT FROM NEW.state) EXECUTE FUNCTION cases_check_move();
"""
UNMOVES = "DROP TRIGGER cases_check_move ON cases_case; DROP FUNCTION cases_check_move()"

# One summary per statement, so that loading a million cases by COPY writes a handful of rows.
STANDING = r"""
CREATE FUNCTION cases_count_standing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO cases_standing (team, state, change)
      SELECT coalesce(team_id, 0), state, count(*) FROM new_rows GROUP BY 1, 2;
  ELSIF TG_OP = 'DELETE' THEN
    INSERT INTO cases_standing (team, state, change)
      SELECT coalesce(team_id, 0), state, -count(*) FROM old_rows GROUP BY 1, 2;
  ELSE
    INSERT INTO cases_standing (team, state, change)
      SELECT team, state, sum(n) FROM (
        SELECT coalesce(team_id, 0) AS team, state, 1 AS n FROM new_rows
        UNION ALL SELECT coalesce(team_id, 0), state, -1 FROM old_rows
      ) AS both_rows GROUP BY 1, 2 HAVING sum(n) <> 0;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER cases_standing_insert AFTER INSERT ON cases_case REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION cases_count_standing();
CREATE TRIGGER cases_standing_update AFTER UPDATE ON cases_case REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION cases_count_standing();
CREATE TRIGGER cases_standing_delete AFTER DELETE ON cases_case REFERENCING OLD TABLE AS old_rows
  FOR EACH STATEMENT EXECUTE FUNCTION cases_count_standing();
"""
UNSTANDING = """
DROP TRIGGER cases_standing_insert ON cases_case; DROP TRIGGER cases_standing_update ON cases_case;
DROP TRIGGER cases_standing_delete ON cases_case; DROP FUNCTION cases_count_standing();
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_cases")]
    operations = [migrations.RunSQL(MOVES, UNMOVES), migrations.RunSQL(STANDING, UNSTANDING)]
