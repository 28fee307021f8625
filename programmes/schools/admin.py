"""The register and our schools in the admin: facts are read-only, changes in the register are decided here."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from hubportal.history.actions import IllegalMove
from hubportal.rules import Refused

from . import actions
from .models import Establishment, RegisterImport, School, SchoolChange, SchoolUrn


class ReadOnlyAdmin(admin.ModelAdmin):
    """Shows records to whoever may view them, and changes none."""

    show_full_result_count = False

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Establishment)
class EstablishmentAdmin(ReadOnlyAdmin):
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
class SchoolAdmin(ReadOnlyAdmin):
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
class SchoolChangeAdmin(ReadOnlyAdmin):
    """Changes that wait for a decision come first; the decisions are the list's actions."""

    list_display = ["school", "kind", "old", "new", "leads_to", "status", "found_at", "decided_by"]
    list_filter = ["status", "kind"]
    list_per_page = 50
    search_fields = ["school__establishment__name", "=establishment__urn"]
    actions = ["follow", "accept", "ignore"]
    fields = readonly_fields = [
        "school", "establishment", "kind", "old", "new", "leads_to", "status", "found_at", "decided_by", "decided_at",
        "note",
    ]  # fmt: skip

    def get_queryset(self, request):
        return super().get_queryset(request).with_details()

    def has_decide_permission(self, request):
        return request.user.has_perm("programmes.decide_schoolchange")

    @admin.display(description="successors")
    def leads_to(self, change):
        return ", ".join(str(each) for each in change.successors.all()) or "none named"

    @admin.action(description="Move the school to its one successor", permissions=["decide"])
    def follow(self, request, changes):
        self._each(request, changes, follow_only_successor)

    @admin.action(description="Accept: the school goes on as the register has it", permissions=["decide"])
    def accept(self, request, changes):
        self._each(request, changes, actions.accept)

    @admin.action(description="Leave the school as it was", permissions=["decide"])
    def ignore(self, request, changes):
        self._each(request, changes, actions.ignore)

    def _each(self, request, changes, decide):
        """Decide each change by itself: one that cannot be decided says why and stops none of the others."""
        if not self.has_decide_permission(request):
            raise PermissionDenied
        for change in changes:
            try:
                decide(change, by=request.user, at=timezone.now())
            except (IllegalMove, Refused) as problem:
                messages.error(request, f"{change}: {problem}")
            else:
                messages.success(request, f"{change}: {change.get_status_display().lower()}.")


def follow_only_successor(change, *, by, at):
    """Move the school to the successor that the register names, if it names one only."""
    successors = list(change.successors.all()[:2])
    if len(successors) != 1:
        raise Refused([actions.not_one_successor(len(successors))])
    actions.follow(change, successors[0], by=by, at=at)


@admin.register(RegisterImport)
class RegisterImportAdmin(ReadOnlyAdmin):
    list_display = ["file_name", "register_on", "status", "rows", "added", "changed", "missing", "links", "at", "by"]
    list_filter = ["status"]
    list_select_related = ["by"]
    search_fields = ["file_name"]
