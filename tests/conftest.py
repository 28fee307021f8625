"""What every test may use."""

from django.conf import settings
from django.db.backends.postgresql.operations import DatabaseOperations

# The real hasher takes a tenth of a second a password, by design; the tests sign in often.
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Static files are served from where they lie, by their plain names: the tests need nothing collected.
settings.WHITENOISE_AUTOREFRESH = True
settings.STORAGES = settings.STORAGES | {
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
}

# The database refuses to empty these. Django empties every table between tests that commit: only there, and only as
# the tables' owner, is the guard switched off, in the same transaction.
NEVER_EMPTIED = {
    "history_event",
    "programmes_grant",
    "programmes_ruleset",
    "applications_eligibilitycheck",
    "applications_teachercheck",
}
sql_flush = DatabaseOperations.sql_flush


def sql_flush_of_all(self, style, tables, **options):
    off, on = (
        [f"ALTER TABLE {table} {verb} TRIGGER never_emptied" for table in sorted(NEVER_EMPTIED.intersection(tables))]
        for verb in ("DISABLE", "ENABLE")
    )
    return [*off, *sql_flush(self, style, tables, **options), *on]


DatabaseOperations.sql_flush = sql_flush_of_all
