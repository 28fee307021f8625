"""Celery's doors to messaging."""

from celery import shared_task
from django.utils import timezone

from . import delivery


@shared_task
def deliver_due() -> None:
    delivery.deliver_due(at=timezone.now())
