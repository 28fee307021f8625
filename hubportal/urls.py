"""Every address of the portal."""

from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path

from . import views

urlpatterns = [
    path("", login_not_required(views.home), name="home"),
    path("", include("applications.path.urls")),  # before the programmes: “start” is none of them
    path("programmes/", include("programmes.cohorts.urls")),
    path("schools/", include("programmes.schools.urls")),
    path("", include("applications.specialists.urls")),
    path("", include("applications.urls")),
    path("", include("hubportal.accounts.urls")),
    path("admin/", admin.site.urls),
    path("privacy/", login_not_required(views.privacy), name="privacy"),
    path("accessibility/", login_not_required(views.accessibility), name="accessibility"),
    path("cookies/", login_not_required(views.cookies), name="cookies"),
    path("healthz", login_not_required(views.healthz), name="healthz"),
    path("readyz", login_not_required(views.readyz), name="readyz"),
]

handler400 = "hubportal.middleware.bad_request"
handler429 = "hubportal.ratelimit.too_many"
