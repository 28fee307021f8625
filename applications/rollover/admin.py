"""Next year in the admin: the list and the proposal's page stand where Django's list and form would."""

from django.contrib import admin
from django.urls import path, re_path

from hubportal.adminsite import ReadOnlyAdmin

from . import bulk, cohorts, listing, review
from .models import Proposal


@admin.register(Proposal)
class ProposalAdmin(ReadOnlyAdmin):
    def changelist_view(self, request, extra_context=None):
        return listing.next_year(request)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        return review.review(request, object_id)

    def history_view(self, request, object_id, extra_context=None):
        return review.review(request, object_id)

    def get_urls(self):
        view, name = self.admin_site.admin_view, "applications_proposal"
        return [
            path("preview/", view(bulk.preview), name=f"{name}_preview"),
            path("make/", view(bulk.make), name=f"{name}_make"),
            path("settle/preview/", view(bulk.settle_preview), name=f"{name}_settle_preview"),
            path("settle/", view(bulk.settle), name=f"{name}_settle"),
            re_path(
                r"^cohort/(?P<pk>\d{1,18})/(?P<verb>begin|complete|complete-part)/$",
                view(cohorts.year),
                name=f"{name}_cohort",
            ),
            path("<int:pk>/do/<slug:verb>/", view(review.act), name=f"{name}_do"),
            *super().get_urls(),
        ]
