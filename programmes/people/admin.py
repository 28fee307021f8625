"""People at schools: they come from applications; staff correct a record here and join two of one person."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseNotAllowed
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, re_path

from hubportal.adminsite import ReadOnlyAdmin
from hubportal.history.actions import subject_of
from hubportal.history.timeline import timeline
from hubportal.templatetags.hub import short_day

from . import hanging, joining, pages
from .models import Person, PersonJoin


def page_of(model_admin, request):
    """Return a function that renders a template in the admin's frame."""

    def page(template, **context):
        frame = {**model_admin.admin_site.each_context(request), "opts": model_admin.opts}
        return TemplateResponse(request, template, {**frame, **context})

    return page


@admin.register(Person)
class PersonAdmin(ReadOnlyAdmin):
    list_display = ["name", "addresses"]
    search_fields = ["name", "names__name", "emails__email"]
    search_help_text = "Name, former name or e-mail address"
    list_per_page = 50
    fields = ["name", "trn", "addresses", "held"]
    readonly_fields = ["addresses", "held"]
    change_form_template = "admin/people_change_form.html"
    change_list_template = "admin/people_change_list.html"

    def get_queryset(self, request):
        return super().get_queryset(request).kept().prefetch_related("emails").with_posts_for(request.user)

    def get_urls(self):
        name = "programmes_person"
        return [
            path("duplicates/", self._view(pages.duplicates), name=f"{name}_duplicates"),
            path("<int:pk>/name/", self._view(pages.rename), name=f"{name}_name"),
            path("<int:pk>/address/", self._view(pages.add_address), name=f"{name}_address"),
            path("<int:pk>/address/<int:address>/", self._view(pages.remove_address), name=f"{name}_remove"),
            path("<int:pk>/join/", self._view(pages.find), name=f"{name}_find"),
            path("<int:pk>/join/<int:other>/", self._view(pages.join), name=f"{name}_join"),
            *super().get_urls(),
        ]

    def _view(self, view):
        def shown(request, **args):
            if request.method not in {"GET", "HEAD", "POST"}:
                return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
            return view(request, page=page_of(self, request), **args)

        return self.admin_site.admin_view(shown)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        if led := self._led_to_kept(request, object_id):
            return led
        person = self.get_object(request, object_id)
        extra = {
            "title": person.name,
            "subtitle": None,
            "may_decide": hanging.may_decide(request.user, person),
            "names": person.names.all(),
            "emails": person.emails.all(),
            "records": hanging.shown(person, request.user),
            "asked": PersonJoin.objects.visible_to(request.user).waiting().filter(into=person).first(),
            "events": timeline(*map(subject_of, [person, *person.merged.all()])).exclude(kind="joined into"),
            **(extra_context or {}),
        }
        return super().change_view(request, object_id, form_url, extra)

    def _led_to_kept(self, request, pk):
        """Return a redirect to the record into which this one was joined, or None."""
        former = Person.objects.exclude(merged_into=None).filter(pk=pk).first() if str(pk).isdecimal() else None
        if former is None or not Person.objects.visible_to(request.user).filter(pk=former.merged_into_id).exists():
            return None
        if not self.has_view_permission(request, former):
            return None
        messages.info(request, "The record that you opened was joined into this one.")
        return redirect(pages.CHANGE, former.merged_into_id)

    @admin.display(description="e-mail addresses")
    def addresses(self, person):
        return ", ".join(each.email for each in person.emails.all())

    @admin.display(description="posts")
    def held(self, person):
        return "; ".join(
            f"{post.get_role_display()}, {post.school}, from {short_day(post.from_on)}" for post in person.shown_posts
        )


@admin.register(PersonJoin)
class PersonJoinAdmin(ReadOnlyAdmin):
    """Requests to join two records of one person: a second person agrees, or keeps them apart."""

    list_display = ["person", "into", "hub", "by", "at", "answered"]
    list_per_page = 50
    fields = ["person", "into", "hub", "reason", "by", "at", "answered"]
    readonly_fields = ["answered"]
    change_form_template = "admin/people_answer.html"

    def get_queryset(self, request):
        return super().get_queryset(request).with_details()

    def get_urls(self):
        view = self.admin_site.admin_view(self.answer)
        pattern = r"^(?P<pk>\d+)/answer/(?P<verb>agree|reject)/$"
        return [re_path(pattern, view, name="programmes_personjoin_answer"), *super().get_urls()]

    def change_view(self, request, object_id, form_url="", extra_context=None):
        asked = self.get_object(request, object_id)
        waits = asked.agreed_at is None and asked.rejected_at is None
        people = [asked.person, asked.into]
        may = waits and any(hanging.may_decide(request.user, each) for each in people)
        seen = Person.objects.visible_to(request.user).filter(pk__in=[each.pk for each in people])
        details = {each.pk: each for each in seen.prefetch_related("emails").with_posts_for(request.user)}
        shown = [details[each.pk] for each in people if each.pk in details]
        extra = {
            "title": "Two records of one person?" if waits else "Two records, answered",
            "asked": asked,
            "waits": waits,
            "may_answer": may,
            "own": asked.by_id == request.user.pk,
            "sides": pages.side_by_side(shown, request.user) if waits else [],
            "means": joining.consequences(*people) if waits else [],
            "findings": list(joining.against(*people)) if waits else [],
            **(extra_context or {}),
        }
        return super().change_view(request, object_id, form_url, extra)

    def answer(self, request, pk, verb):
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        asked = self.get_object(request, str(pk))
        if not self.has_view_permission(request, asked):
            raise PermissionDenied
        pages.answer(request, asked, verb)
        return redirect("admin:programmes_personjoin_change", pk)

    @admin.display(description="answer")
    def answered(self, asked):
        if asked.agreed_at:
            return f"Joined by {asked.agreed_by}, {short_day(asked.agreed_at)}"
        if asked.rejected_at:
            return f"Two people, says {asked.rejected_by}, {short_day(asked.rejected_at)}"
        return "Waits for a second person"
