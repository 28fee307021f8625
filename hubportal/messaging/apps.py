from django.apps import AppConfig


class MessagingConfig(AppConfig):
    name = "hubportal.messaging"
    label = "messaging"
