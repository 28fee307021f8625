"""Pages that belong to no app: health, errors, and what the portal says about itself."""

import logging

from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from hubportal.accounts.models import Hub

from .messaging.wakeup import broker_answers

log = logging.getLogger(__name__)


@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """Say that this process answers; touches nothing else."""
    return HttpResponse("ok", content_type="text/plain; charset=utf-8")


@require_safe
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """Say whether the database, its migrations and the broker are there.

    A broker that is down only delays work, so it is reported and does not make the portal unready.
    """
    try:
        executor = MigrationExecutor(connection)
        waiting = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
        database = True
    except Exception:
        log.exception("readyz: no database")
        waiting, database = None, False
    ready = database and waiting == 0
    state = {"database": database, "migrations_waiting": waiting, "broker": broker_answers()}
    return JsonResponse(state, status=200 if ready else 503)


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "site/home.html")


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """Each hub's own privacy notice: controllers differ."""
    return render(request, "site/privacy.html", {"hubs": Hub.objects.all()})


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "site/accessibility.html", {"hubs": Hub.objects.all()})


@require_safe
def cookies(request: HttpRequest) -> HttpResponse:
    return render(request, "site/cookies.html")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say what to do when a form comes from another site, or from a tab whose cookies are gone."""
    return render(request, "403_csrf.html", status=403)
