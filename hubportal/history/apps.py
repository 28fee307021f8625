from django.apps import AppConfig


class HistoryConfig(AppConfig):
    name = "hubportal.history"
    label = "history"
