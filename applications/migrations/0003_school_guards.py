"""An application of a school that was joined into another is the kept school's."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("applications", "0002_guards"), ("programmes", "0005_school_guards")]
    operations = [migrations.RunSQL("SELECT guard_schools();", migrations.RunSQL.noop)]
