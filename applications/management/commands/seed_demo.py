"""manage.py seed_demo: made-up hubs, schools, people and applications, to look at and to try things on."""

import time

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from applications.demo import national, seed, staff


class Command(BaseCommand):
    help = "Make the demo in an empty database and say who can sign in. Safe to run again: it then only says so."

    def add_arguments(self, parser):
        parser.add_argument(
            "--scale",
            choices=["hub", "national"],
            default="hub",
            help="national adds thirty-eight hubs, four thousand schools and their applications",
        )
        parser.add_argument(
            "--public", action="store_true", help="make it at a public address too, with the password in DEMO_PASSWORD"
        )

    def handle(self, *args, scale, public, **options):
        began = time.monotonic()
        try:
            made = self._make(scale, public)
        except seed.NotHere as problem:
            raise CommandError(str(problem)) from problem
        if made:
            self._say(f"The demo is ready ({time.monotonic() - began:.1f} s).")
        else:
            self._say("The demo is here already; nothing was changed.")
        for what, path in [("Home", "/"), ("Programmes", "/programmes/"), ("Hub staff", "/admin/")]:
            self._say(f"{what + ':':<12}{settings.PORTAL_URL}{path}")
        for line in staff.sign_ins():
            self.stdout.write(line)

    def _make(self, scale: str, public: bool) -> bool:
        """Make what is missing of the demo; return whether anything was."""
        made, at = not seed.is_there(), timezone.now()
        if made:
            seed.refuse_elsewhere(public=public)
            seed.seed(at=at, say=self._say)
        if scale == "national" and not national.is_there():
            national.seed(at=at, say=self._say)
            made = True
        return made

    def _say(self, line: str) -> None:
        """Progress goes to the error stream, so that what is written is the sign-ins and nothing else."""
        self.stderr.write(line, style_func=str)
