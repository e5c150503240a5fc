"""What the database itself refuses: terms that change, a due instant that moves after the end, a promise that revives."""

from django.db import migrations

FORWARD = r"""
CREATE FUNCTION promises_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'promise %: %', OLD.id, TG_ARGV[0] USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE TRIGGER promise_terms_frozen BEFORE UPDATE OF terms, rule, rule_version, start_at ON promises_promise
FOR EACH ROW WHEN (ROW(OLD.terms, OLD.rule, OLD.rule_version, OLD.start_at)
  IS DISTINCT FROM ROW(NEW.terms, NEW.rule, NEW.rule_version, NEW.start_at))
EXECUTE FUNCTION promises_refuse('its terms and its start never change');

CREATE TRIGGER promise_due_moves_while_open BEFORE UPDATE OF due_at ON promises_promise
FOR EACH ROW WHEN (OLD.due_at IS DISTINCT FROM NEW.due_at AND OLD.state NOT IN ('running', 'paused'))
EXECUTE FUNCTION promises_refuse('its due instant moves only while it is open');

CREATE TRIGGER promise_ends_once BEFORE UPDATE OF state ON promises_promise
FOR EACH ROW WHEN (OLD.state IS DISTINCT FROM NEW.state AND (
  OLD.state IN ('kept', 'withdrawn') OR (OLD.state = 'broken' AND NEW.state <> 'kept')))
EXECUTE FUNCTION promises_refuse('it has ended');

CREATE FUNCTION promises_rows_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a moved due instant stays on record' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER promise_due_rows_stay BEFORE UPDATE OR DELETE ON promises_promisedue
FOR EACH ROW EXECUTE FUNCTION promises_rows_stay();
CREATE TRIGGER promise_extension_rows_stay BEFORE UPDATE OR DELETE ON promises_promiseextension
FOR EACH ROW EXECUTE FUNCTION promises_rows_stay();
"""
BACKWARD = """
DROP TRIGGER promise_extension_rows_stay ON promises_promiseextension;
DROP TRIGGER promise_due_rows_stay ON promises_promisedue;
DROP FUNCTION promises_rows_stay();
DROP TRIGGER promise_ends_once ON promises_promise;
DROP TRIGGER promise_due_moves_while_open ON promises_promise;
DROP TRIGGER promise_terms_frozen ON promises_promise;
DROP FUNCTION promises_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [("promises", "0001_promises")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
