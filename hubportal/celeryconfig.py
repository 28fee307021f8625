"""Celery's settings and the one schedule: intervals only, for a minute of the day is missed when nobody is up then.

A beat only wakes a task up. What is due is decided in SQL by London dates and remembered by a unique key,
so two beats, a flushed broker or three days without either change nothing but the delay.
"""

from datetime import timedelta

from django.conf import settings

broker_url = settings.REDIS_URL
broker_connection_retry_on_startup = True
broker_connection_max_retries = None
broker_transport_options = {
    "ack_emulation": False,  # a call is forgotten when it is taken: nothing is redelivered, no bookkeeping in Redis
    "socket_timeout": 5,
    "socket_connect_timeout": 2,
    "health_check_interval": 25,
    "global_keyprefix": "hubportal-",
}
timezone = "UTC"
enable_utc = True
accept_content = ["json"]
task_serializer = "json"
task_ignore_result = True
task_acks_late = False  # the tables say what is left to do; a call that is lost or taken twice changes nothing
task_reject_on_worker_lost = False  # and a poison task must not loop
worker_cancel_long_running_tasks_on_connection_loss = False  # a message half handed over would end unclear
worker_prefetch_multiplier = 1
worker_max_tasks_per_child = 1000
worker_hijack_root_logger = False
task_soft_time_limit = 240
task_time_limit = 300
beat_schedule = {
    "check applications": {
        "task": "applications.tasks.check_due",
        "schedule": timedelta(seconds=10),
        "options": {"expires": 10},
    },
    "deliver messages": {
        "task": "hubportal.messaging.tasks.deliver_due",
        "schedule": timedelta(seconds=10),
        "options": {"expires": 10},
    },
    "send reminders": {
        "task": "applications.tasks.send_reminders",
        "schedule": timedelta(minutes=15),
        "options": {"expires": 900},
    },
    "let offers lapse": {
        "task": "applications.tasks.lapse_due",
        "schedule": timedelta(minutes=15),
        "options": {"expires": 900},
    },
    "take up answers about next year": {
        "task": "applications.tasks.settle_proposals",
        "schedule": timedelta(minutes=15),
        "options": {"expires": 900},
    },
    "tell who waits for a window": {
        "task": "applications.tasks.tell_interests",
        "schedule": timedelta(minutes=15),  # once an interest: the row says who has been told
        "options": {"expires": 900},
    },
    "tidy": {
        "task": "applications.tasks.tidy",
        "schedule": timedelta(minutes=15),  # removing what is old is cheap, and a minute of the day could be missed
        "options": {"expires": 900},
    },
}
