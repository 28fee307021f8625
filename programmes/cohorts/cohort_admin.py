"""A hub's cohorts in the admin: what is to be set, places, window, rooms for the foci."""

from django.contrib import admin
from django.db.models import Count, F, Q
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import mark_safe

from hubportal.accounts.models import Hub
from hubportal.adminsite import HubModelAdmin
from hubportal.clock import london_date

from . import actions
from .forms import DETAIL, FocusRooms, asks, form_for
from .models import Cohort, FocusRoom, Project
from .states import HOLDS_A_PLACE
from .toset import facts
from .windows import rooms_of, window_of


class FocusRoomInline(admin.StackedInline):
    """How many schools the hub takes for each focus; who may change the cohort may change these."""

    model = FocusRoom
    formset = FocusRooms
    extra = 1
    fields = ["focus", "capacity", "taken"]
    readonly_fields = ["taken"]
    verbose_name = "focus"
    verbose_name_plural = "places for each focus (0: your hub does not run it; no row: no limit of its own)"

    @admin.display(description="taken or offered")
    def taken(self, room):
        return room.held if room.pk else ""

    def get_formset(self, request, obj=None, **kwargs):
        self.project = obj and obj.project
        return super().get_formset(request, obj, **kwargs)

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name != "focus":
            return super().formfield_for_foreignkey(db_field, request, **kwargs)
        kwargs["queryset"] = self.project.foci.all()
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        field.choices = list(field.choices)  # read once, not for each row
        return field

    def get_queryset(self, request):
        held = Q(focus__places__status__in=HOLDS_A_PLACE, focus__places__cohort=F("cohort"))
        rows = super().get_queryset(request).select_related("focus", "cohort")
        return rows.annotate(held=Count("focus__places", filter=held))

    def has_view_permission(self, request, obj=None):
        return request.user.has_perm("programmes.view_cohort", obj)

    def has_add_permission(self, request, obj=None):
        return request.user.has_perm("programmes.change_cohort", obj)

    def has_change_permission(self, request, obj=None):
        return self.has_add_permission(request, obj)

    def has_delete_permission(self, request, obj=None):
        return self.has_add_permission(request, obj)


@admin.register(Cohort)
class CohortAdmin(HubModelAdmin):
    """A hub's cohorts: the hub and the project stay, places, dates and contact can change."""

    list_display = ["project", "hub", "capacity", "taken", "offered", "opens_on", "closes_on", "is_full"]
    list_filter = ["project__year"]
    inlines = [FocusRoomInline]

    def get_queryset(self, request):
        return super().get_queryset(request).with_details().with_fill()

    def get_inlines(self, request, obj):
        return self.inlines if obj and obj.project.foci.exists() else []

    def get_form(self, request, obj=None, change=False, **kwargs):
        kwargs["form"] = form_for(obj and obj.project)
        return super().get_form(request, obj, change=change, **kwargs)

    def get_fieldsets(self, request, obj=None):
        more = asks(obj and obj.project)
        if obj and not self.has_change_permission(request, obj):
            more = [name for name in more if not name.startswith(DETAIL)]  # the checklist shows them
        top = ["hub", "project", *(["state", "checklist"] if obj else []), "capacity", "fill"]
        window = ["opens_on", "closes_on", "opens_about", "is_full"]
        parts = [
            (None, top),
            ("When schools can apply", window),
            ("Who answers for it", ["contact_name", "contact_email"]),
        ]
        if more:
            parts.insert(1, ("What no source says, so your hub sets it", more))
        return [(title, {"fields": fields}) for title, fields in parts]

    def get_readonly_fields(self, request, obj=None):
        return ["hub", "project", "fill", "state", "checklist"] if obj else ["fill"]

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "hub" and not request.user.is_superuser:
            kwargs["queryset"] = Hub.objects.filter(pk__in=request.user.hubs_where("programmes.add_cohort"))
        if db_field.name == "project":
            kwargs["queryset"] = Project.objects.seen_by(request.user).with_details()
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    @admin.display(description="places taken", ordering="taken")
    def taken(self, cohort):
        return cohort.taken

    @admin.display(description="offered, no answer yet", ordering="offered")
    def offered(self, cohort):
        return cohort.offered

    @admin.display(description="taken so far")
    def fill(self, cohort):
        if not cohort.pk:
            return "None yet"
        return f"{cohort.taken} of {cohort.capacity} taken, {cohort.offered} offered and not yet answered"

    @admin.display(description="now")
    def state(self, cohort):
        held = Cohort.objects.with_places_taken().get(pk=cohort.pk)
        return window_of(held, cohort.project, today=london_date(timezone.now())).text

    @admin.display(description="to be set")
    def checklist(self, cohort):
        """What no source says: what is set, and what is missing; schools cannot apply while a needed one is."""
        rows = facts(cohort, cohort.project, foci_set=bool(rooms_of([cohort])))
        if not rows:
            return "Nothing: the sources say all of it."
        return format_html_join(mark_safe("<br>"), "{}: <strong>{}</strong>", map(_said, rows))

    def save_model(self, request, obj, form, change):
        actions.keep_cohort(obj, form.changed_data, by=request.user, at=timezone.now())


def _said(fact) -> tuple[str, str]:
    missing = "missing, needed before dates" if fact.blocks else "not set yet"
    return fact.label, fact.value or missing
