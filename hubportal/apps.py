"""Start-up of the portal as a whole."""

from django.apps import AppConfig


class HubPortalConfig(AppConfig):
    name = "hubportal"

    def ready(self):
        from . import wording

        wording.install()
