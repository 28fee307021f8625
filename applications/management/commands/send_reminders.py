"""manage.py send_reminders: what the worker does every quarter of an hour, by hand or as a rehearsal."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from applications import reminders
from hubportal.clock import london_date


class Command(BaseCommand):
    help = "Queue the reminders that are due. With --dry-run only say which."

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="say what would be sent; send nothing")

    def handle(self, *args, dry_run=False, **options):
        now = timezone.now()
        if not dry_run:
            self.stdout.write(f"{reminders.send_due(at=now)} reminders queued.")
            return
        found = list(reminders.due(today=london_date(now)))
        for reminder in found:
            self.stdout.write(f"{reminder.rule.name}, number {reminder.ordinal}: {reminder.to} ({reminder.subject})")
        self.stdout.write(f"{len(found)} reminders would be queued.")
