"""manage.py import_register FILE [--links FILE] [--date YYYY-MM-DD] [--dry-run]"""

from datetime import date
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError
from django.utils import timezone

from programmes.schools.reading import RegisterRefused
from programmes.schools.register import import_register
from programmes.schools.summary import lines


class Command(BaseCommand):
    help = "Load the register of schools: staged, checked, compared, and applied in one go or not at all."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help="the extract, such as edubasealldata20250422.csv")
        parser.add_argument("--links", type=Path, help="the links file of the same day")
        parser.add_argument("--date", type=date.fromisoformat, help="its date, YYYY-MM-DD, if its name has none")
        parser.add_argument("--dry-run", action="store_true", help="show what would change, and change nothing")

    def handle(self, *, file, links, date, dry_run, **options):
        try:
            outcome = import_register(file, links_path=links, register_on=date, dry_run=dry_run, at=timezone.now())
        except RegisterRefused as refusal:
            raise CommandError(f"{refusal} The register is as it was.") from refusal
        except OperationalError as error:
            raise CommandError(f"The database ended the import: {error} The register is as it was.") from error
        for line in lines(outcome):
            self.stdout.write(line)
