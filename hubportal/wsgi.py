"""The portal as a WSGI application."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hubportal.settings")
application = get_wsgi_application()

# What has been loaded stays for the life of the process: the collector need not look at it at every page.
gc.collect()
gc.freeze()
gc.set_threshold(50_000, 20, 20)
