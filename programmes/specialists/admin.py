"""Specialists in the admin: our own list and page stand where Django's would."""

from django.contrib import admin
from django.urls import path

from hubportal.adminsite import ReadOnlyAdmin

from . import staff
from .models import Specialist


@admin.register(Specialist)
class SpecialistAdmin(ReadOnlyAdmin):
    def changelist_view(self, request, extra_context=None):
        return staff.specialists(request)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        return staff.specialist(request, object_id)

    def history_view(self, request, object_id, extra_context=None):
        return staff.specialist(request, object_id)

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/do/<slug:verb>/", view(staff.act), name="programmes_specialist_do"),
            path("<int:pk>/days/<int:day>/remove/", view(staff.remove_day), name="programmes_specialist_remove_day"),
            *super().get_urls(),
        ]
