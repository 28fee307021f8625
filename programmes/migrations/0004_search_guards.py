"""Keeps the words of all schools' names and towns, whoever writes the schools, and room for their changes."""

from django.db import migrations

# Room in each page lets a row change beside its old version without a new entry in seven indexes.
# Long words of letters only: postcodes and numbers cannot be guessed from their neighbours.
FORWARDS = """
ALTER TABLE programmes_establishment SET (fillfactor = 85);
CREATE FUNCTION keep_search_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO programmes_searchword (word)
    SELECT DISTINCT word FROM written, string_to_table(written.search, ' ') AS word
    WHERE word ~ '^[a-z]{4,40}$'
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
CREATE TRIGGER search_words_added AFTER INSERT ON programmes_establishment
    REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION keep_search_words();
CREATE TRIGGER search_words_changed AFTER UPDATE ON programmes_establishment
    REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION keep_search_words();
"""
BACKWARDS = """
ALTER TABLE programmes_establishment RESET (fillfactor);
DROP TRIGGER search_words_changed ON programmes_establishment;
DROP TRIGGER search_words_added ON programmes_establishment;
DROP FUNCTION keep_search_words();
"""


class Migration(migrations.Migration):
    dependencies = [("programmes", "0003_guards")]
    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
