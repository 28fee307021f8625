"""Nothing is written to a person who was joined into another: it goes to the kept one. How a grant ended stays."""

from django.db import migrations

# As `lead_to_kept_school` does. The lock waits for a join that is going on and sees what came of it.
LEAD = """
CREATE FUNCTION lead_to_kept_person() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE kept bigint;
BEGIN
    LOOP
        SELECT merged_into_id INTO kept FROM programmes_person WHERE id = NEW.person_id FOR KEY SHARE;
        EXIT WHEN kept IS NULL;
        NEW.person_id := kept;
    END LOOP;
    RETURN NEW;
END $$;
"""
# Every table whose `person_id` points at a person, but for the requests to join two, which say who was meant.
GUARD = """
CREATE FUNCTION guard_people() RETURNS void LANGUAGE plpgsql AS $$
DECLARE pointing regclass;
BEGIN
    FOR pointing IN
        SELECT conrelid FROM pg_constraint JOIN pg_attribute ON attrelid = conrelid AND attnum = conkey[1]
        WHERE contype = 'f' AND confrelid = 'programmes_person'::regclass AND attname = 'person_id'
          AND conrelid <> 'programmes_personjoin'::regclass
          AND NOT EXISTS (SELECT FROM pg_trigger WHERE tgrelid = conrelid AND tgname = 'new_to_kept_person')
    LOOP
        EXECUTE format('CREATE TRIGGER new_to_kept_person BEFORE INSERT ON %s FOR EACH ROW
            WHEN (NEW.person_id IS NOT NULL) EXECUTE FUNCTION lead_to_kept_person()', pointing);
        EXECUTE format('CREATE TRIGGER moved_to_kept_person BEFORE UPDATE OF person_id ON %s FOR EACH ROW
            WHEN (NEW.person_id IS DISTINCT FROM OLD.person_id AND NEW.person_id IS NOT NULL)
            EXECUTE FUNCTION lead_to_kept_person()', pointing);
    END LOOP;
END $$;
"""
GRANT_END = """
CREATE TRIGGER grant_end_kept BEFORE UPDATE OR DELETE ON programmes_grantend
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("programmes", "0005_school_guards")]
    operations = [
        migrations.RunSQL(LEAD, "DROP FUNCTION lead_to_kept_person() CASCADE;"),
        migrations.RunSQL(GUARD, "DROP FUNCTION guard_people();"),
        migrations.RunSQL("SELECT guard_people();", migrations.RunSQL.noop),
        migrations.RunSQL(GRANT_END, "DROP TRIGGER grant_end_kept ON programmes_grantend;"),
    ]
