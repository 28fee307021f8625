"""An eligibility check says what was decided on which facts: it is never changed."""

from django.db import migrations

FORWARDS = """
CREATE TRIGGER check_kept BEFORE UPDATE OR DELETE ON applications_eligibilitycheck
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON applications_eligibilitycheck EXECUTE FUNCTION refuse_change();
CREATE TRIGGER check_kept BEFORE UPDATE OR DELETE ON applications_teachercheck
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON applications_teachercheck EXECUTE FUNCTION refuse_change();
"""
BACKWARDS = """
DROP TRIGGER never_emptied ON applications_teachercheck;
DROP TRIGGER check_kept ON applications_teachercheck;
DROP TRIGGER never_emptied ON applications_eligibilitycheck;
DROP TRIGGER check_kept ON applications_eligibilitycheck;
"""


class Migration(migrations.Migration):
    dependencies = [("applications", "0001_initial"), ("history", "0002_guards")]
    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
