from django.apps import AppConfig


class ApplicationsConfig(AppConfig):
    name = "applications"

    def ready(self):
        from programmes.people import hanging as people
        from programmes.schools.hanging import register

        from . import people_hanging
        from .hanging import KINDS

        register(*KINDS)
        people.register(*people_hanging.KINDS)
