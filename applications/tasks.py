"""Celery's doors to the actions. Each makes the tables true and is safe to run twice."""

from celery import shared_task
from django.utils import timezone

from . import checks, decisions, interests, reminders, tidying
from .rollover import settling
from .specialists import checks as specialist_checks


@shared_task
def check_due() -> None:
    checks.check_due(at=timezone.now())
    specialist_checks.check_due(at=timezone.now())


@shared_task
def lapse_due() -> None:
    decisions.lapse_due(at=timezone.now())


@shared_task
def send_reminders() -> None:
    reminders.send_due(at=timezone.now())


@shared_task
def tell_interests() -> None:
    interests.tell_due(at=timezone.now())


@shared_task
def tidy() -> None:
    tidying.tidy(at=timezone.now())


@shared_task
def settle_proposals() -> None:
    settling.settle_due(at=timezone.now())
