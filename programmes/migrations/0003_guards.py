"""A frozen grant is never changed; a rule set that has been used, or that two people have signed, is only superseded.

Rules from the catalogue's files carry no signatures: the files may correct them until they are used. On rules that one
person has signed, either the figures stay or the signature goes.
"""

from django.db import migrations

FORWARDS = """
CREATE TRIGGER grant_frozen BEFORE UPDATE OR DELETE ON programmes_grant
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER used_rule_set_kept BEFORE UPDATE OR DELETE ON programmes_ruleset
    FOR EACH ROW WHEN (OLD.used_at IS NOT NULL) EXECUTE FUNCTION refuse_change();
CREATE TRIGGER published_rule_set_kept BEFORE UPDATE ON programmes_ruleset
    FOR EACH ROW WHEN (
        OLD.published_by_id IS NOT NULL AND to_jsonb(OLD) - 'used_at' IS DISTINCT FROM to_jsonb(NEW) - 'used_at'
    ) EXECUTE FUNCTION refuse_change();
CREATE TRIGGER published_rule_set_stays BEFORE DELETE ON programmes_ruleset
    FOR EACH ROW WHEN (OLD.published_by_id IS NOT NULL) EXECUTE FUNCTION refuse_change();
CREATE TRIGGER signed_figures_kept BEFORE UPDATE ON programmes_ruleset
    FOR EACH ROW WHEN (
        OLD.signed_figures <> '' AND NEW.signed_figures <> ''
        AND to_jsonb(OLD) - '{status,published_by_id,published_at,used_at}'::text[]
            IS DISTINCT FROM to_jsonb(NEW) - '{status,published_by_id,published_at,used_at}'::text[]
    ) EXECUTE FUNCTION refuse_change();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON programmes_grant EXECUTE FUNCTION refuse_change();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON programmes_ruleset EXECUTE FUNCTION refuse_change();
"""
BACKWARDS = """
DROP TRIGGER never_emptied ON programmes_ruleset;
DROP TRIGGER never_emptied ON programmes_grant;
DROP TRIGGER signed_figures_kept ON programmes_ruleset;
DROP TRIGGER published_rule_set_stays ON programmes_ruleset;
DROP TRIGGER published_rule_set_kept ON programmes_ruleset;
DROP TRIGGER used_rule_set_kept ON programmes_ruleset;
DROP TRIGGER grant_frozen ON programmes_grant;
"""


class Migration(migrations.Migration):
    dependencies = [("programmes", "0002_initial"), ("history", "0002_guards")]
    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
