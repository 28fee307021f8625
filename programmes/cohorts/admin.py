"""The catalogue to read, as its files say; a hub's cohorts and the areas it serves, which its staff set."""

from django.contrib import admin
from django.utils import timezone
from django.utils.html import format_html, format_html_join

from hubportal.accounts.admin import HubAdmin
from hubportal.accounts.models import Hub
from hubportal.adminsite import SharedReadOnlyAdmin
from hubportal.history.actions import note_event

from .cohort_admin import CohortAdmin
from .models import HubArea, Programme, Project

__all__ = ["CohortAdmin"]


@admin.register(Programme)
class ProgrammeAdmin(SharedReadOnlyAdmin):
    """The national programmes and those of one's own hubs."""

    list_display = ["title", "summary", "entry", "hub"]
    list_select_related = ["hub"]

    def get_queryset(self, request):
        return super().get_queryset(request).seen_by(request.user)


@admin.register(Project)
class ProjectAdmin(SharedReadOnlyAdmin):
    list_display = ["programme", "year_label", "cohort_number", "code", "recruitment", "confidence"]
    list_filter = ["year"]
    list_select_related = ["programme"]
    fields = [
        "programme", "title", "year_label", "cohort_number", "code", "recruitment", "opens_about", "left_to_hubs",
        "source", "confidence", "sections", "foci_of_year",
    ]  # fmt: skip
    readonly_fields = ["year_label", "left_to_hubs", "sections", "foci_of_year"]

    def get_queryset(self, request):
        return super().get_queryset(request).seen_by(request.user)

    @admin.display(description="to be set by each hub")
    def left_to_hubs(self, project):
        return _lines(row["label"] for row in project.to_set)

    @admin.display(description="foci")
    def foci_of_year(self, project):
        return _lines(f"{focus}{' (new)' if focus.is_new else ''}" for focus in project.foci.all())

    @admin.display(description="academic year", ordering="year")
    def year_label(self, project):
        return project.year_label

    @admin.display(description="page")
    def sections(self, project):
        return _lines(section.get("heading", "") for section in project.page)


def _lines(texts):
    return format_html("<ul>{}</ul>", format_html_join("", "<li>{}</li>", ((text,) for text in texts)))


class HubAreaInline(admin.TabularInline):
    """The local authorities whose schools a hub takes by default: added and removed by whoever may change the hub."""

    model = HubArea
    extra = 3
    fields = ["local_authority"]
    verbose_name = "local authority"
    verbose_name_plural = "local authorities that the hub serves"

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("hub", "local_authority")

    def has_view_permission(self, request, obj=None):
        return request.user.has_perm("accounts.view_hub", obj)

    def has_add_permission(self, request, obj=None):
        return request.user.has_perm("accounts.change_hub", obj)

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return request.user.has_perm("accounts.change_hub", obj)


admin.site.unregister(Hub)


@admin.register(Hub)
class HubWithAreas(HubAdmin):
    inlines = [HubAreaInline]

    def save_formset(self, request, form, formset, change):
        super().save_formset(request, form, formset, change)
        changed = [("added", formset.new_objects), ("removed", formset.deleted_objects)]
        note = "; ".join(f"{what}: {_areas(areas)}" for what, areas in changed if areas)
        if note:
            note_event(form.instance, "areas", by=request.user, at=timezone.now(), note=note)


def _areas(areas) -> str:
    return ", ".join(area.local_authority.name for area in areas)
