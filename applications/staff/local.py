"""A hub's own programmes: made, changed, looked at and published by its people, without a developer."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from applications.journey import posted
from applications.rules import LABELS, RULES
from hubportal.accounts.models import Hub
from hubportal.clock import london_date
from hubportal.rules import Refused
from programmes.cohorts import local
from programmes.cohorts.admin import ProgrammeAdmin
from programmes.cohorts.rulesets import Hand
from programmes.models import Programme

from .local_forms import LocalForm, initial_of

ADD, CHANGE = "programmes.add_programme", "programmes.change_programme"
SHOW = "admin:programmes_programme_local"
STANDARD = ["state_funded_secondary", "open_or_opening", "commitments_made", "within_hub_area", "window_open"]


def _own(request, family: str) -> Programme:
    """Return a programme of one of one's hubs; a national one or another hub's is missing."""
    own = Programme.objects.seen_by(request.user).exclude(hub=None).select_related("hub")
    return get_object_or_404(own, pk=family)


def _may(request, permission: str, programme: Programme) -> None:
    if not request.user.has_perm(permission, programme):
        raise PermissionDenied


def _hand(request) -> Hand:
    return Hand(request.user, timezone.now(), RULES)


@require_http_methods(["GET", "HEAD", "POST"])
def add(request, hub):
    """Make a programme of a hub where one may; it stays unpublished."""
    found = get_object_or_404(Hub.objects.visible_to(request.user), slug=hub)
    if not request.user.has_perm(ADD, found):
        raise PermissionDenied
    family, today = local.family_of(found), london_date(timezone.now())
    form = LocalForm(posted(request), hub=found, family=family, today=today, initial={"rules": STANDARD})
    if request.method == "POST" and form.is_valid():
        try:
            made = local.make(found, form.plan(), family=family, hand=_hand(request))
        except Refused as problem:
            form.add_error("title", str(problem))
        else:
            messages.success(request, "The programme is saved. Nobody outside your hub sees it yet.")
            return redirect(SHOW, made.pk)
    return render(request, "staff/local_form.html", {"hub": found, "form": form, "title": "Add a programme"})


@require_http_methods(["GET", "HEAD", "POST"])
def change(request, family):
    programme = _own(request, family)
    _may(request, CHANGE, programme)
    project = local.project_of(programme)
    cohort, rule_set = project.cohorts.filter(hub=programme.hub).first(), project.rule_sets.first()
    form = LocalForm(
        posted(request), hub=programme.hub, family=family, today=london_date(timezone.now()), programme=programme,
        published=project.published_at is not None, initial=initial_of(programme, project, cohort, rule_set),
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        local.change(programme, form.plan(), hand=_hand(request))
        messages.success(request, "The programme is saved.")
        return redirect(SHOW, family)
    context = {"hub": programme.hub, "programme": programme, "form": form, "title": f"Change {programme.title}"}
    return render(request, "staff/local_form.html", context)


@require_safe
def show(request, family):
    """What the programme says, what blocks publishing, and the button."""
    programme = _own(request, family)
    project = local.project_of(programme)
    rule_set = project.rule_sets.select_related("signed_by").first()
    context = {
        "programme": programme,
        "project": project,
        "cohort": project.cohorts.filter(hub=programme.hub).first(),
        "rule_set": rule_set,
        "rules": [LABELS.get(row["rule"], row["rule"]) for row in rule_set.rules],
        "blocks": [] if project.published_at else local.blocks(programme, known=RULES, today=_hand(request).today),
        "not_mine": local.may_publish(programme, request.user),
        "may_change": request.user.has_perm(CHANGE, programme),
    }
    return render(request, "staff/local.html", context)


@require_POST
def publish(request, family):
    programme = _own(request, family)
    _may(request, "programmes.publish_programme", programme)
    try:
        local.publish(programme, hand=_hand(request))
    except Refused as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, f"{programme.title} is published. Schools find it under {programme.hub}.")
    return redirect(SHOW, family)


class ProgrammeWithLocal(ProgrammeAdmin):
    """The list of programmes, with a hub's own to add and to open."""

    change_list_template = "admin/programmes/programme/change_list.html"

    def get_urls(self):
        view, name = self.admin_site.admin_view, "programmes_programme_local"
        return [
            path("local/add/<slug:hub>/", view(add), name=f"{name}_add"),
            path("local/<slug:family>/", view(show), name=name),
            path("local/<slug:family>/change/", view(change), name=f"{name}_change"),
            path("local/<slug:family>/publish/", view(publish), name=f"{name}_publish"),
            *super().get_urls(),
        ]

    def changelist_view(self, request, extra_context=None):
        user = request.user
        hubs = Hub.objects.all() if user.is_superuser else Hub.objects.filter(pk__in=user.hubs_where(ADD))
        return super().changelist_view(request, {**(extra_context or {}), "own_hubs": hubs})

    def change_view(self, request, object_id, form_url="", extra_context=None):
        found = self.get_object(request, object_id)
        if found is not None and found.hub_id and self.has_view_permission(request, found):
            return redirect(SHOW, found.pk)
        return super().change_view(request, object_id, form_url, extra_context)
