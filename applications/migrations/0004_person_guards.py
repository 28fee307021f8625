"""An application of a teacher whose record was joined into another is the kept person's."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("applications", "0003_school_guards"), ("programmes", "0006_person_guards")]
    operations = [migrations.RunSQL("SELECT guard_people();", migrations.RunSQL.noop)]
