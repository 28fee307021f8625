"""Late links and waiting schools on the admin's pages of cohorts and interests."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.views.decorators.http import require_http_methods, require_POST

from applications import interests
from applications.journey import posted
from applications.models import Interest, LateLink
from hubportal.adminsite import ReadOnlyAdmin
from hubportal.clock import london_date
from hubportal.history.actions import IllegalMove, note_event
from hubportal.rules import Refused
from programmes.cohorts.cohort_admin import CohortAdmin
from programmes.models import Cohort

from . import actions
from .forms import LateForm
from .links import state_of, why_not

DECIDE = "applications.decide_application"
LATE = "admin:programmes_cohort_late"


def _cohort(request, pk: int) -> Cohort:
    """Return a cohort of one's own hub; another hub's is missing, and deciding there is another right."""
    cohorts = Cohort.objects.visible_to(request.user).with_details().with_places_taken()
    cohort = get_object_or_404(cohorts, pk=pk)
    if not request.user.has_perm(DECIDE, cohort):
        raise PermissionDenied
    return cohort


@require_http_methods(["GET", "HEAD", "POST"])
def late(request, pk):
    """List the late links of a cohort, and make one."""
    cohort, today = _cohort(request, pk), london_date(timezone.now())
    form = LateForm(posted(request), today=today)
    if request.method == "POST" and form.is_valid():
        return _allow(request, cohort, form.cleaned_data)
    rows = [(link, state_of(link, today=today)) for link in cohort.late_links.with_details()]
    context = {"cohort": cohort, "rows": rows, "form": form, "why_not": why_not(cohort, today=today)}
    return render(request, "staff/late.html", context)


def _allow(request, cohort, said):
    try:
        made = actions.allow(cohort, by=request.user, at=timezone.now(), **said)
    except Refused as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, f"A private link is on its way to {made.contact_email}.")
    return redirect(LATE, cohort.pk)


@require_POST
def take_back(request, pk, link):
    cohort = _cohort(request, pk)
    found = get_object_or_404(LateLink, pk=link, cohort=cohort)
    try:
        actions.take_back(found, by=request.user, at=timezone.now())
    except IllegalMove as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, "The link is taken back. A form that was begun by it can no longer be sent.")
    return redirect(LATE, cohort.pk)


class CohortWithLateLinks(CohortAdmin):
    """A cohort with what hangs on it above: late links, and who waits for its window."""

    def get_fieldsets(self, request, obj=None):
        parts = super().get_fieldsets(request, obj)
        return [*parts, ("Late and waiting schools", {"fields": ["late_links", "waiting"]})] if obj else parts

    def get_readonly_fields(self, request, obj=None):
        fields = super().get_readonly_fields(request, obj)
        return [*fields, "late_links", "waiting"] if obj else fields

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/late/", view(late), name="programmes_cohort_late"),
            path("<int:pk>/late/<int:link>/take-back/", view(take_back), name="programmes_cohort_late_take_back"),
            *super().get_urls(),
        ]

    @admin.display(description="late links")
    def late_links(self, cohort):
        made = cohort.late_links.count()
        words = f"{made} made: see them, or let another school apply late" if made else "Let one school apply late"
        return format_html('<a href="{}">{}</a>', reverse(LATE, args=[cohort.pk]), words)

    @admin.display(description="schools that wait to be told")
    def waiting(self, cohort):
        family = cohort.project.programme_id
        found = Interest.objects.filter(hub=cohort.hub, programme=family, told_at=None).count()
        page = reverse("admin:applications_interest_changelist", query={"programme__family__exact": family})
        return format_html('<a href="{}">{}</a>', page, found)


class ToldFilter(admin.SimpleListFilter):
    title = "told"
    parameter_name = "told"

    def lookups(self, request, model_admin):
        return [("no", "Waits to be told"), ("yes", "Has been told")]

    def queryset(self, request, queryset):
        return queryset if self.value() is None else queryset.filter(told_at__isnull=self.value() == "no")


class InterestAdmin(ReadOnlyAdmin):
    """Schools that want to hear when applications open. The portal tells each once, when its hub's window opens."""

    list_display = ["school_name", "name", "email", "programme", "hub", "at", "told_at"]
    list_filter = [ToldFilter, "programme", "hub"]
    search_fields = ["school_name", "name", "email"]
    list_per_page = 50
    change_list_template = "admin/applications/interest/change_list.html"

    def get_queryset(self, request):
        return super().get_queryset(request).with_details()

    def get_list_filter(self, request):
        several = request.user.sees_every_hub or len(request.user.roles_by_hub) > 1
        return self.list_filter if several else self.list_filter[:-1]

    def get_urls(self):
        view = self.admin_site.admin_view(require_POST(self.csv))
        return [path("csv/", view, name="applications_interest_csv"), *super().get_urls()]

    def csv(self, request):
        """Return the rows of the list, filtered as it is, as a table; each hub whose rows are in it remembers that."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        rows = list(self.get_changelist_instance(request).get_queryset(request).with_details())
        for hub in {row.hub for row in rows}:
            note_event(hub, "interests copied", by=request.user, at=timezone.now(), note="As a table (CSV)")
        answer = HttpResponse(interests.as_csv(rows), content_type="text/csv; charset=utf-8")
        answer["Content-Disposition"] = 'attachment; filename="interests.csv"'
        return answer
