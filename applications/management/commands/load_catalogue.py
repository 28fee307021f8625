"""manage.py load_catalogue: programmes, projects and rules from the files in the repository."""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from applications.rules import RULES
from programmes.cohorts import catalogue


class Command(BaseCommand):
    help = "Load programmes, projects and rule sets from the catalogue files. Safe to run again."

    def handle(self, *args, **options):
        try:
            loaded = catalogue.load(known_rules=RULES, at=timezone.now())
        except catalogue.CatalogueError as problem:
            raise CommandError(str(problem)) from problem
        for word, lines in [("Added", loaded.added), ("Changed", loaded.changed)]:
            for line in lines:
                self.stdout.write(f"{word}: {line}")
        if not loaded.added and not loaded.changed:
            self.stdout.write("The catalogue is up to date.")
