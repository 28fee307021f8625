"""Teachers' applications in the admin: our own list and page stand where Django's would."""

from django.contrib import admin
from django.urls import path

from hubportal.adminsite import ReadOnlyAdmin

from .models import SpecialistApplication
from .staff import panel, views


@admin.register(SpecialistApplication)
class SpecialistApplicationAdmin(ReadOnlyAdmin):
    def changelist_view(self, request, extra_context=None):
        return views.applications(request)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        return views.review(request, object_id)

    def history_view(self, request, object_id, extra_context=None):
        return views.review(request, object_id)

    def get_urls(self):
        view = self.admin_site.admin_view
        name = "applications_specialistapplication"
        return [
            path("panel/<int:cohort>/", view(panel.panel), name=f"{name}_panel"),
            path("panel/<int:cohort>/release/", view(panel.release_decisions), name=f"{name}_release"),
            path("panel/<int:cohort>/copy/", view(panel.copy), name=f"{name}_copy"),
            path("<int:pk>/do/<slug:verb>/", view(views.act), name=f"{name}_do"),
            path("<int:pk>/read/", view(views.read), name=f"{name}_read"),
            path("<int:pk>/check/<int:check>/", view(views.check), name=f"{name}_check"),
            *super().get_urls(),
        ]
