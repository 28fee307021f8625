from django.apps import AppConfig


class ApplicationsConfig(AppConfig):
    name = "applications"

    def ready(self):
        from programmes.schools.hanging import register

        from .hanging import KINDS

        register(*KINDS)
