"""What the search of schools needs of PostgreSQL: plain words to compare, and an order to show schools in."""

from django.contrib.postgres.operations import CreateExtension, TrigramExtension, UnaccentExtension
from django.db import migrations

# unaccent() is only STABLE, because its dictionary could change; with the dictionary named it may be indexed.
# PL/pgSQL, because a SQL function that cannot be inlined is several times slower.
#
# plain_text: lower case, no accents, no apostrophes, "&" and "and" alike, "Saint", "St." and "SS" alike,
# "C of E" and "Church of England" alike, everything else that is no letter or digit a space.
PLAIN_TEXT = r"""
CREATE FUNCTION plain_text(value text) RETURNS text LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE STRICT AS $$
DECLARE words text := lower(public.unaccent('public.unaccent'::regdictionary, value));
BEGIN
    words := translate(replace(words, '&', ' and '), E'\'`\u00b4\u2018\u2019\u02bc', '');
    words := trim(regexp_replace(words, '[^a-z0-9]+', ' ', 'g'));
    IF words ~ '\m(saint|sts|ss|c of e|church of england|ce)' THEN
        words := regexp_replace(words, '\m(saints?|sts|ss)\M', 'st', 'g');
        words := regexp_replace(words, '\m(c of e|church of england|ce)\M', 'cofe', 'g');
    END IF;
    RETURN words;
END $$;
"""
# school_search: a space before each word, so that '% oak%' finds the words that begin with "oak". The name comes
# first, so that ' oak%' finds the names that do. A postcode stands there with and without its space, and what
# plain_text() has made alike once more in its other spellings, so that half of a word is found too.
SCHOOL_SEARCH = """
CREATE FUNCTION school_search(name text, town text, postcode text) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE STRICT AS $$
DECLARE
    words text := ' ' || public.plain_text(name || ' ' || town);
    code text := public.plain_text(postcode);
BEGIN
    IF words ~ ' (st|cofe) ' THEN
        words := words
            || CASE WHEN strpos(words, ' st ') > 0 THEN ' saint' ELSE '' END
            || CASE WHEN strpos(words, ' cofe ') > 0 THEN ' church of england ce' ELSE '' END;
    END IF;
    RETURN words || ' ' || code || ' ' || replace(code, ' ', '');
END $$;
"""
SCHOOL_RANK = """
CREATE FUNCTION school_rank(status integer, phase integer) RETURNS smallint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT (CASE WHEN status IN (1, 3) AND phase IN (4, 5, 7) THEN 0
                 WHEN status IN (1, 3) THEN 1
                 WHEN status = 4 THEN 2
                 ELSE 3 END)::smallint
$$;
"""
BACKWARDS = """
DROP FUNCTION school_rank(integer, integer);
DROP FUNCTION school_search(text, text, text);
DROP FUNCTION plain_text(text);
"""


class Migration(migrations.Migration):
    dependencies = []
    operations = [
        TrigramExtension(),
        UnaccentExtension(),
        CreateExtension("fuzzystrmatch"),
        migrations.RunSQL(PLAIN_TEXT + SCHOOL_SEARCH + SCHOOL_RANK, BACKWARDS),
    ]
