"""The register and our schools in the admin: facts are read-only, changes in the register are decided here."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseNotAllowed
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone

from hubportal.adminsite import SharedReadOnlyAdmin
from hubportal.clock import london_date
from hubportal.history.actions import IllegalMove, subject_of
from hubportal.history.timeline import timeline
from hubportal.rules import Refused

from . import hanging, inview, joining
from .forms import DecisionForm, OtherSchoolForm, ReasonForm
from .models import Establishment, RegisterImport, School, SchoolChange


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


def _led_to_kept(request, pk):
    """Return a redirect to the school into which this one was joined, or None."""
    joined = School.objects.exclude(joined_into=None).filter(pk=pk).first() if str(pk).isdecimal() else None
    if joined is None:
        return None
    messages.info(request, f"{joined.name} (URN {joined.urn}) was joined into this school.")
    return redirect("admin:programmes_school_change", joined.joined_into_id)


def _done(request, action, *args, **values):
    """Do it, or say why it cannot be done; return whether it was."""
    try:
        action(*args, by=request.user, at=timezone.now(), **values)
    except (IllegalMove, Refused) as problem:
        messages.error(request, str(problem))
        return False
    return True


@admin.register(School)
class SchoolAdmin(SharedReadOnlyAdmin):
    list_display = ["name", "urn", "town", "local_authority", "status"]
    list_per_page = 50
    search_fields = ["establishment__name", "establishment__town", "=urns__establishment__urn"]
    search_help_text = "Name, town, or a URN that the school has or had."
    change_form_template = "admin/programmes/school/change_form.html"

    def get_queryset(self, request):
        return super().get_queryset(request).kept().with_details()

    def get_urls(self):
        view = self.admin_site.admin_view(self.join)
        return [path("<int:pk>/join/", view, name="programmes_school_join"), *super().get_urls()]

    def change_view(self, request, object_id, form_url="", extra_context=None):
        if led := _led_to_kept(request, object_id):
            return led
        school = self.get_object(request, object_id)
        joined = [school, *school.joined.all()]
        extra = {
            "may_join": hanging.may_decide(request.user, school),
            "urns": school.urns.all(),
            "records": hanging.shown(school, request.user),
            "events": timeline(*map(subject_of, joined)).exclude(kind=joining.JOINED_INTO),
            **(extra_context or {}),
        }
        return super().change_view(request, object_id, form_url, extra)

    def history_view(self, request, object_id, extra_context=None):
        return _led_to_kept(request, object_id) or super().history_view(request, object_id, extra_context)

    def join(self, request, pk):
        """Ask which school this one is the same as, show both side by side, and join them when that is sent."""
        if led := _led_to_kept(request, pk):
            return led
        school = self.get_object(request, str(pk))
        if not hanging.may_decide(request.user, school):
            raise PermissionDenied
        other = OtherSchoolForm(school, request.GET or None)
        if request.GET and other.is_valid():
            return self._join(request, school, other.other)
        if request.method != "GET":
            return HttpResponseNotAllowed(["GET"])
        context = {"title": f"The same school as {school.name}", "form": other, "school": school}
        return self._page(request, "admin/programmes/school/which.html", context)

    def _join(self, request, school, other):
        today = london_date(timezone.now())
        school, into = joining.direction(school, other, today=today)
        allowed = all(hanging.may_decide(request.user, each) for each in (school, into))
        reason = ReasonForm(request.POST or None)
        if request.method == "POST":
            if not allowed:
                raise PermissionDenied
            if reason.is_valid() and _done(request, joining.join, school, into, note=reason.cleaned_data["note"]):
                messages.success(request, f"{school.name} (URN {school.urn}) has been joined into this school.")
                return redirect("admin:programmes_school_change", into.pk)
        findings = list(joining.against(school, into, today=today))
        context = {
            "title": f"Join {school.name} into {into.name}",
            "school": into,
            "side_by_side": inview.of_schools([school, into], request.user),
            "means": joining.consequences(school, into),
            "findings": findings,
            "allowed": allowed,
            "form": reason,
            "button": "Join the two schools",
        }
        return self._page(request, "admin/programmes/school/join.html", context)

    def _page(self, request, template, context):
        return TemplateResponse(
            request, template, {**self.admin_site.each_context(request), "opts": self.opts, **context}
        )

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
            "side_by_side": inview.of_change(change, request.user) if waits else None,
            "events": timeline(subject_of(change), subject_of(change.school)),
            **(extra_context or {}),
        }
        return super().change_view(request, object_id, form_url, extra)

    def decide(self, request, pk):
        """Show what a choice means, and make it when that is sent with a reason."""
        if request.method not in {"GET", "POST"}:
            return HttpResponseNotAllowed(["GET", "POST"])
        change = self.get_object(request, str(pk))
        if not self.may_decide(request, change):
            raise PermissionDenied
        form = DecisionForm(change, request.POST or None)
        choice = (request.POST or request.GET).get("choice", "")
        if form.chosen(choice) is None or change.status != SchoolChange.Status.OPEN:
            text = "Choose one of the list." if choice else "Choose what becomes of the school."
            waits = change.status == SchoolChange.Status.OPEN
            messages.error(request, text if waits else "Somebody has decided already.")
            return redirect("admin:programmes_schoolchange_change", pk)
        return self._decide(request, form, choice)

    def _decide(self, request, form, choice):
        into = form.school_to_join(choice)
        allowed = into is None or hanging.may_decide(request.user, into)
        if request.method == "POST":
            if not allowed:
                raise PermissionDenied
            if form.is_valid() and _done(request, form.decide):
                messages.success(request, f"{form.change.get_status_display()}.")
                return redirect("admin:programmes_schoolchange_change", form.change.pk)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": form.title(choice),
            "change": form.change,
            "choice": choice,
            "side_by_side": inview.of_change(form.change, request.user),
            "means": form.means(choice),
            "findings": form.against(choice, today=london_date(timezone.now())),
            "allowed": allowed,
            "form": form,
            "button": "Join the two schools" if into else "Decide",
        }
        return TemplateResponse(request, "admin/programmes/schoolchange/decide.html", context)


@admin.register(RegisterImport)
class RegisterImportAdmin(SharedReadOnlyAdmin):
    list_display = ["file_name", "register_on", "status", "rows", "added", "changed", "missing", "links", "at", "by"]
    list_filter = ["status"]
    list_select_related = ["by"]
    search_fields = ["file_name"]
