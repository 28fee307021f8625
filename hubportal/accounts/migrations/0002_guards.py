"""Counters of limits need no write-ahead log: after a crash of the database they start again from nothing."""

from django.db import migrations

FORWARDS = "ALTER TABLE accounts_ratecount SET UNLOGGED; ALTER TABLE accounts_cacheentry SET UNLOGGED;"
BACKWARDS = "ALTER TABLE accounts_ratecount SET LOGGED; ALTER TABLE accounts_cacheentry SET LOGGED;"


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]
    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
