"""Background work: tasks mean “make the table true”; the broker carries wake-up calls only."""

import os

from celery import Celery
from kombu.transport.redis import Channel

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hubportal.settings")

# Wake-up calls that a worker held when the broker went away are not put back: kombu 5.7.0 tries to, on a connection
# that is gone, and the whole worker dies of it. The beat calls again within seconds.
Channel.do_restore = False

app = Celery("hubportal")
app.config_from_object("hubportal.celeryconfig")
app.autodiscover_tasks(["hubportal.messaging", "hubportal.accounts", "programmes", "applications"])
