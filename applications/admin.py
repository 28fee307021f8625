"""Applications in the admin: the queue and the review page stand where Django's list and form would."""

from django.contrib import admin
from django.urls import path, re_path

from hubportal.adminsite import ReadOnlyAdmin
from programmes.models import Cohort, Programme, SchoolChange
from programmes.schools.admin import SchoolChangeAdmin

from .late.staff import CohortWithLateLinks, InterestAdmin
from .models import Application, Interest
from .rollover.admin import ProposalAdmin  # noqa: F401
from .specialists import admin as specialist_admin
from .staff import place_admin, queue, review, ruleset_admin, views
from .staff.changes import at_hubs, consequences, seen_by
from .staff.local import ProgrammeWithLocal

__all__ = ["place_admin", "ruleset_admin", "specialist_admin"]  # registers its pages


@admin.register(Application)
class ApplicationAdmin(ReadOnlyAdmin):
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
            path("<int:pk>/document/", view(views.document), name=f"{name}_document"),
            path("<int:pk>/check/<int:check>/", view(views.check), name=f"{name}_check"),
            re_path(
                r"^(?P<pk>\d+)/override/(?P<override>\d+)/(?P<answer>agree|reject)/$",
                view(views.answer_override),
                name=f"{name}_override",
            ),
            *super().get_urls(),
        ]


admin.site.register(Interest, InterestAdmin)
admin.site.unregister([Cohort, Programme])
admin.site.register(Programme, ProgrammeWithLocal)
admin.site.register(Cohort, CohortWithLateLinks)
admin.site.unregister(SchoolChange)


@admin.register(SchoolChange)
class SchoolChangeWithConsequences(SchoolChangeAdmin):
    """A change in the register, for the hubs to which the school has applied or at which it has a place.

    It shows what the change would mean for the applications and places that the reader may see, and is decided by
    whoever may decide at one of those hubs.
    """

    fields = [*SchoolChangeAdmin.fields, "consequences"]
    readonly_fields = fields

    def get_queryset(self, request):
        return seen_by(super().get_queryset(request), request.user)

    def get_object(self, request, object_id, from_field=None):
        change = super().get_object(request, object_id, from_field)
        change.reader = request.user
        return change

    def may_decide(self, request, change):
        if request.user.is_superuser:
            return True
        hubs = request.user.hubs_where("programmes.decide_schoolchange")
        return at_hubs(SchoolChange.objects.filter(pk=change.pk), hubs).exists()

    @admin.display(description="what it touches")
    def consequences(self, change):
        return consequences(change, change.reader)
