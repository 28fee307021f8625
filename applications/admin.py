"""Applications in the admin: the queue and the review page stand where Django's list and form would."""

from django.contrib import admin
from django.http import Http404
from django.urls import path, re_path

from hubportal.adminsite import HubModelAdmin
from programmes.models import SchoolChange
from programmes.schools.admin import SchoolChangeAdmin

from .models import Application, Interest
from .staff import queue, review, views
from .staff.changes import consequences


class ReadOnly(HubModelAdmin):
    """Nothing is typed here: rows come from schools, and change by what staff decide."""

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False


@admin.register(Application)
class ApplicationAdmin(ReadOnly):
    def changelist_view(self, request, extra_context=None):
        return queue.queue(request)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        return review.review(request, object_id)

    def history_view(self, request, object_id, extra_context=None):
        return review.review(request, object_id)

    def get_urls(self):
        view = self.admin_site.admin_view
        name = "applications_application"
        return [
            re_path(r"^bulk/(?P<verb>offer|waitlist)/$", view(views.bulk), name=f"{name}_bulk"),
            re_path(r"^bulk/(?P<verb>offer|waitlist)/run/$", view(views.bulk_run), name=f"{name}_bulk_run"),
            path("<int:pk>/do/<slug:verb>/", view(views.act), name=f"{name}_do"),
            path("<int:pk>/check/<int:check>/", view(views.check), name=f"{name}_check"),
            re_path(
                r"^(?P<pk>\d+)/override/(?P<override>\d+)/(?P<answer>agree|reject)/$",
                view(views.answer_override),
                name=f"{name}_override",
            ),
            *super().get_urls(),
        ]


@admin.register(Interest)
class InterestAdmin(ReadOnly):
    """Schools that want to hear when applications open."""

    list_display = ["school_name", "name", "email", "programme", "hub", "at"]
    list_filter = ["programme"]
    search_fields = ["school_name", "name", "email"]
    list_per_page = 50

    def get_queryset(self, request):
        return super().get_queryset(request).with_details()


admin.site.unregister(SchoolChange)


@admin.register(SchoolChange)
class SchoolChangeWithConsequences(SchoolChangeAdmin):
    """A change in the register, with what it would mean for applications and places that the reader may see."""

    fields = [*SchoolChangeAdmin.fields, "consequences"]
    readonly_fields = fields

    def get_object(self, request, object_id, from_field=None):
        change = super().get_object(request, object_id, from_field)
        if change is None:
            raise Http404
        change.reader = request.user
        return change

    @admin.display(description="what it touches")
    def consequences(self, change):
        return consequences(change, change.reader)
