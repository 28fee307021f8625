"""Places with the grant that each carries, to read: a place changes by what schools and staff decide."""

from django.contrib import admin

from hubportal.adminsite import ReadOnlyAdmin
from hubportal.templatetags.hub import pounds, short_day
from programmes.cohorts.place import Place


@admin.register(Place)
class PlaceAdmin(ReadOnlyAdmin):
    list_display = ["school", "project", "hub", "status", "offered_at", "answer_by", "grant_amount"]
    list_filter = ["status", "project__year"]
    search_fields = ["school__establishment__name", "school__urns__establishment__urn", "origin"]
    search_help_text = "School, URN or reference of the application"
    list_per_page = 50
    fieldsets = [
        (None, {"fields": ["school", "project", "hub", "status", "origin", "advocates_named"]}),
        ("When", {"fields": ["offered_by", "offered_at", "answer_by", "accepted_at", "confirmed_at"]}),
        ("Grant", {"fields": ["grant_amount", "grant_frozen", "grant_awaits"]}),
    ]
    readonly_fields = ["advocates_named", "grant_amount", "grant_frozen", "grant_awaits"]

    def get_queryset(self, request):
        return super().get_queryset(request).with_details().select_related("grant")

    @admin.display(description="Mastery Advocates")
    def advocates_named(self, place):
        rows = place.advocates.select_related("person")
        return "; ".join(f"{each.person}, {each.get_role_display().lower()}" for each in rows) or "Not named yet"

    @admin.display(description="grant")
    def grant_amount(self, place):
        grant = getattr(place, "grant", None)
        return pounds(grant.amount) if grant else "None yet: the school has not accepted"

    @admin.display(description="fixed")
    def grant_frozen(self, place):
        grant = getattr(place, "grant", None)
        if grant is None:
            return "Not yet"
        return f"On {short_day(grant.frozen_at)}, under version {grant.rule_version} of the rules ({grant.source})"

    @admin.display(description="waits for")
    def grant_awaits(self, place):
        if getattr(place, "grant", None) is None:
            return "The school's answer"
        return "The hub's approval and payment" if place.confirmed_at else "Both Mastery Advocates' names"
