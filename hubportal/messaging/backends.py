"""Mail as files: one .eml a message, for a portal without a mail server (`make run`)."""

import os
from pathlib import Path

from django.core.mail.backends.filebased import EmailBackend as DjangoFiles
from django.utils import timezone
from django.utils.text import slugify


class EmailFiles(DjangoFiles):
    """Writes each message to a file of its own, named by time, recipient and subject."""

    def open(self):
        return True

    def close(self):
        pass

    def send_messages(self, email_messages):
        for email in email_messages:
            target = Path(self.file_path) / file_name(email)
            unfinished = target.with_suffix(".tmp")
            unfinished.write_bytes(email.message().as_bytes())
            os.replace(unfinished, target)  # whoever watches the directory never sees half a message
        return len(email_messages)


def file_name(email) -> str:
    """Return such as 2026-11-22-142233-123456-head-at-school-example-your-application.eml."""
    time = timezone.localtime().strftime("%Y-%m-%d-%H%M%S-%f")
    to = slugify(", ".join(email.to).replace("@", " at ").replace(".", " "))[:60]
    return f"{time}-{to}-{slugify(email.subject)[:60]}.eml".replace("--", "-")
