"""Places with the grant that each carries, to read: a place changes by what schools and staff decide."""

from django.contrib import admin

from hubportal.adminsite import ReadOnlyAdmin
from hubportal.clock import year_label
from hubportal.templatetags.hub import pounds, short_day
from programmes.cohorts.place import Place
from programmes.cohorts.states import HOLDS_A_PLACE, PlaceStatus


@admin.register(Place)
class PlaceAdmin(ReadOnlyAdmin):
    list_display = ["school", "project", "hub", "status", "offered_at", "answer_by", "grant_amount"]
    list_filter = ["status", "project__year"]
    search_fields = ["school__establishment__name", "school__urns__establishment__urn", "origin"]
    search_help_text = "School, URN or reference of the application"
    list_per_page = 50
    fieldsets = [
        (None, {"fields": ["school", "project", "hub", "status", "put_off", "origin", "advocates_named"]}),
        ("When", {"fields": ["offered_by", "offered_at", "answer_by", "accepted_at", "confirmed_at"]}),
        ("Grant", {"fields": ["grant_amount", "grant_frozen", "grant_awaits"]}),
    ]
    readonly_fields = ["put_off", "advocates_named", "grant_amount", "grant_frozen", "grant_awaits"]

    def get_queryset(self, request):
        return super().get_queryset(request).with_details().select_related("grant__end")

    def get_fieldsets(self, request, obj=None):
        """Leave out the year to which a place was put off where it was not."""
        if obj and obj.put_off_to:
            return super().get_fieldsets(request, obj)
        return [
            (title, options | {"fields": [name for name in options["fields"] if name != "put_off"]})
            for title, options in super().get_fieldsets(request, obj)
        ]

    @admin.display(description="put off to")
    def put_off(self, place):
        return year_label(place.put_off_to) if place.put_off_to else ""

    @admin.display(description="Mastery Advocates")
    def advocates_named(self, place):
        rows = place.advocates.filter(until_on=None).select_related("person")
        return "; ".join(f"{each.person}, {each.get_role_display().lower()}" for each in rows) or "Not named yet"

    @admin.display(description="grant")
    def grant_amount(self, place):
        grant = getattr(place, "grant", None)
        if grant is None:
            return "None yet: the school has not accepted" if place.status == PlaceStatus.OFFERED else "None on record"
        return f"{pounds(grant.amount)}, not payable" if hasattr(grant, "end") else pounds(grant.amount)

    @admin.display(description="fixed")
    def grant_frozen(self, place):
        grant = getattr(place, "grant", None)
        if grant is None:
            return "Not yet" if place.status == PlaceStatus.OFFERED else "None on record"
        return f"On {short_day(grant.frozen_at)}, under version {grant.rule_version} of the rules ({grant.source})"

    @admin.display(description="waits for")
    def grant_awaits(self, place):
        if place.status not in HOLDS_A_PLACE:
            return "Nothing: the place has ended, and nothing is paid on it"
        if getattr(place, "grant", None) is None:
            return "The school's answer" if place.status == PlaceStatus.OFFERED else "Nothing: no grant is on record"
        return "The hub's approval and payment" if place.confirmed_at else "Both Mastery Advocates' names"
