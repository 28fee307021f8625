"""The register and our schools in the admin: facts are read-only, changes in the register are decided here."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseNotAllowed
from django.shortcuts import redirect
from django.urls import path
from django.utils import timezone

from hubportal.adminsite import SharedReadOnlyAdmin
from hubportal.history.actions import IllegalMove, subject_of
from hubportal.history.timeline import timeline
from hubportal.rules import Refused

from .forms import DecisionForm
from .models import Establishment, RegisterImport, School, SchoolChange, SchoolUrn


@admin.register(Establishment)
class EstablishmentAdmin(SharedReadOnlyAdmin):
    list_display = ["urn", "name", "town", "local_authority", "type_name", "phase", "status", "closed_on"]
    list_select_related = ["local_authority"]
    list_filter = ["status", "phase"]
    list_per_page = 50
    ordering = ["urn"]
    search_fields = ["search"]
    search_help_text = "Name, town, postcode or URN; typing errors do no harm."

    def get_search_results(self, request, queryset, search_term):
        """Search as the public pages do, instead of `icontains`."""
        if not search_term:
            return queryset, False
        found = Establishment.objects.search(search_term, limit=self.list_per_page)
        return queryset.filter(pk__in=[each.pk for each in found]), False


class SchoolUrnInline(admin.TabularInline):
    model = SchoolUrn
    extra = 0
    can_delete = False
    fields = readonly_fields = ["establishment", "name", "from_on", "until_on"]
    verbose_name_plural = "URNs, present and past"

    def has_view_permission(self, request, obj=None):
        return request.user.has_perm("programmes.view_school")

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False


@admin.register(School)
class SchoolAdmin(SharedReadOnlyAdmin):
    list_display = ["name", "urn", "town", "local_authority", "status"]
    list_per_page = 50
    search_fields = ["establishment__name", "establishment__town", "=urns__establishment__urn"]
    search_help_text = "Name, town, or a URN that the school has or had."
    inlines = [SchoolUrnInline]

    def get_queryset(self, request):
        return super().get_queryset(request).with_details()

    @admin.display(description="URN", ordering="establishment_id")
    def urn(self, school):
        return school.urn

    @admin.display(ordering="establishment__town")
    def town(self, school):
        return school.establishment.town

    @admin.display(ordering="establishment__local_authority__name")
    def local_authority(self, school):
        return school.establishment.local_authority.name

    @admin.display(ordering="establishment__status")
    def status(self, school):
        return school.establishment.get_status_display()


@admin.register(SchoolChange)
class SchoolChangeAdmin(SharedReadOnlyAdmin):
    """Changes that wait for a decision come first; each is decided on its own page, beside what it means."""

    list_display = ["school", "kind", "old", "new", "leads_to", "status", "found_at", "decided_by"]
    list_filter = ["status", "kind"]
    list_per_page = 50
    search_fields = ["school__establishment__name", "=establishment__urn"]
    fields = readonly_fields = [
        "school", "establishment", "kind", "old", "new", "leads_to", "status", "found_at", "decided_by", "decided_at",
        "note",
    ]  # fmt: skip
    change_form_template = "admin/programmes/schoolchange/change_form.html"

    def get_queryset(self, request):
        return super().get_queryset(request).with_details()

    def may_decide(self, request, change):
        return request.user.has_perm("programmes.decide_schoolchange")

    @admin.display(description="successors")
    def leads_to(self, change):
        return ", ".join(str(each) for each in change.successors.all()) or "none named"

    def get_urls(self):
        view = self.admin_site.admin_view(self.decide)
        return [path("<int:pk>/decide/", view, name="programmes_schoolchange_decide"), *super().get_urls()]

    def change_view(self, request, object_id, form_url="", extra_context=None):
        change = self.get_object(request, object_id)
        waits = change.status == SchoolChange.Status.OPEN
        extra = {
            "title": "Change in the register",
            "decision": DecisionForm(change) if waits and self.may_decide(request, change) else None,
            "events": timeline(subject_of(change), subject_of(change.school)),
            **(extra_context or {}),
        }
        return super().change_view(request, object_id, form_url, extra)

    def decide(self, request, pk):
        """Do what the form on the change's page says, or say why it cannot be done."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        change = self.get_object(request, str(pk))
        if not self.may_decide(request, change):
            raise PermissionDenied
        form = DecisionForm(change, request.POST)
        if form.is_valid():
            self._decide(request, form)
        else:
            messages.error(request, " ".join(error for errors in form.errors.values() for error in errors))
        return redirect("admin:programmes_schoolchange_change", pk)

    def _decide(self, request, form):
        try:
            form.decide(by=request.user, at=timezone.now())
        except (IllegalMove, Refused) as problem:
            messages.error(request, str(problem))
        else:
            messages.success(request, f"{form.change.get_status_display()}.")


@admin.register(RegisterImport)
class RegisterImportAdmin(SharedReadOnlyAdmin):
    list_display = ["file_name", "register_on", "status", "rows", "added", "changed", "missing", "links", "at", "by"]
    list_filter = ["status"]
    list_select_related = ["by"]
    search_fields = ["file_name"]
