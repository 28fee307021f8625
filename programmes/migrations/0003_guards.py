"""A frozen grant is never changed; a rule set that has been used is only superseded."""

from django.db import migrations

FORWARDS = """
CREATE TRIGGER grant_frozen BEFORE UPDATE OR DELETE ON programmes_grant
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER used_rule_set_kept BEFORE UPDATE OR DELETE ON programmes_ruleset
    FOR EACH ROW WHEN (OLD.used_at IS NOT NULL) EXECUTE FUNCTION refuse_change();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON programmes_grant EXECUTE FUNCTION refuse_change();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON programmes_ruleset EXECUTE FUNCTION refuse_change();
"""
BACKWARDS = """
DROP TRIGGER never_emptied ON programmes_ruleset;
DROP TRIGGER never_emptied ON programmes_grant;
DROP TRIGGER used_rule_set_kept ON programmes_ruleset;
DROP TRIGGER grant_frozen ON programmes_grant;
"""


class Migration(migrations.Migration):
    dependencies = [("programmes", "0002_initial"), ("history", "0002_guards")]
    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
