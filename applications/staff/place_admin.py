"""Places in the admin with what can be done about them, and the requests that wait for somebody's answer."""

from django.contrib import admin
from django.urls import path, re_path

from hubportal.adminsite import ReadOnlyAdmin
from hubportal.history.actions import subject_of
from hubportal.history.timeline import timeline
from programmes.funding.admin import PlaceAdmin
from programmes.funding.asking import DECIDE
from programmes.models import Place, PlaceRequest

from . import place_views
from .place_acts import possible

TONES = {"offered": "wait", "accepted": "wait", "confirmed": "good", "active": "good", "completed": "good"}

admin.site.unregister(Place)


@admin.register(Place)
class PlaceWithChanges(PlaceAdmin):
    change_form_template = "staff/place_change_form.html"

    def get_urls(self):
        view = self.admin_site.admin_view(place_views.act)
        return [path("<int:pk>/do/<slug:verb>/", view, name="programmes_place_do"), *super().get_urls()]

    def change_view(self, request, object_id, form_url="", extra_context=None):
        place = self.get_object(request, object_id)
        before = place.follows if place.follows_id else None
        extra = {
            "title": f"Place of {place.school}",
            "subtitle": f"{place.project}, {place.hub}",
            "tone": TONES.get(place.status, "grey"),
            "acts": possible(place) if request.user.has_perm(DECIDE, place) else [],
            "asked": place.requests.waiting().of_a_known_place().first(),
            "may_open": self._seen(request, PlaceRequest),
            "advocates": place.advocates.select_related("person", "replaces__person"),
            "before": before,
            "may_open_before": before and self._seen(request, Place).filter(pk=before.pk).exists(),
            "after": [(each, each in self._seen(request, Place)) for each in place.followed_by.with_details()],
            "events": timeline(subject_of(place)),
            **(extra_context or {}),
        }
        extra["may_open"] = extra["asked"] and extra["may_open"].filter(pk=extra["asked"].pk).exists()
        return super().change_view(request, object_id, form_url, extra)

    def _seen(self, request, model):
        return model.objects.visible_to(request.user)


@admin.register(PlaceRequest)
class PlaceRequestAdmin(ReadOnlyAdmin):
    """Moves to the reader's hub and mistakes reported there, the newest first."""

    list_display = ["place", "kind", "from_hub", "by", "at", "answered"]
    list_per_page = 50

    def get_queryset(self, request):
        return super().get_queryset(request).with_details()

    def get_urls(self):
        view = self.admin_site.admin_view(place_views.answer)
        pattern = r"^(?P<pk>\d+)/answer/(?P<verb>agree|reject)/$"
        return [re_path(pattern, view, name="programmes_placerequest_answer"), *super().get_urls()]

    def change_view(self, request, object_id, form_url="", extra_context=None):
        return place_views.request_page(request, object_id)

    def history_view(self, request, object_id, extra_context=None):
        return place_views.request_page(request, object_id)

    @admin.display(description="from")
    def from_hub(self, asked):
        return str(asked.place.hub)

    @admin.display(description="answer")
    def answered(self, asked):
        if asked.agreed_at:
            return f"Agreed by {asked.agreed_by}"
        if asked.rejected_at:
            return f"Turned down by {asked.rejected_by}" if asked.rejected_by_id else "The place ended"
        return "Waits for an answer"
