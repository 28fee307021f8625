"""Nothing is written to a school that was joined into another: it goes to the kept one."""

from django.db import migrations

# The lock waits for a join that is going on and sees what came of it. Once for each step, should the kept school have
# been joined meanwhile.
LEAD = """
CREATE FUNCTION lead_to_kept_school() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE kept bigint;
BEGIN
    LOOP
        SELECT joined_into_id INTO kept FROM programmes_school WHERE id = NEW.school_id FOR KEY SHARE;
        EXIT WHEN kept IS NULL;
        NEW.school_id := kept;
    END LOOP;
    RETURN NEW;
END $$;
"""
# Every table whose `school_id` points at a school, but for those that have the triggers.
GUARD = """
CREATE FUNCTION guard_schools() RETURNS void LANGUAGE plpgsql AS $$
DECLARE pointing regclass;
BEGIN
    FOR pointing IN
        SELECT conrelid FROM pg_constraint JOIN pg_attribute ON attrelid = conrelid AND attnum = conkey[1]
        WHERE contype = 'f' AND confrelid = 'programmes_school'::regclass AND attname = 'school_id'
          AND NOT EXISTS (SELECT FROM pg_trigger WHERE tgrelid = conrelid AND tgname = 'new_to_kept_school')
    LOOP
        EXECUTE format('CREATE TRIGGER new_to_kept_school BEFORE INSERT ON %s FOR EACH ROW
            WHEN (NEW.school_id IS NOT NULL) EXECUTE FUNCTION lead_to_kept_school()', pointing);
        EXECUTE format('CREATE TRIGGER moved_to_kept_school BEFORE UPDATE OF school_id ON %s FOR EACH ROW
            WHEN (NEW.school_id IS DISTINCT FROM OLD.school_id AND NEW.school_id IS NOT NULL)
            EXECUTE FUNCTION lead_to_kept_school()', pointing);
    END LOOP;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("programmes", "0004_search_guards")]
    operations = [
        migrations.RunSQL(LEAD, "DROP FUNCTION lead_to_kept_school() CASCADE;"),
        migrations.RunSQL(GUARD, "DROP FUNCTION guard_schools();"),
        migrations.RunSQL("SELECT guard_schools();", migrations.RunSQL.noop),
    ]
