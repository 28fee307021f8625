"""What every template knows."""

from django.conf import settings


def portal(request):
    return {"portal_name": settings.PORTAL_NAME, "portal_url": settings.PORTAL_URL}
