"""Changes in the register: which hubs they concern, and what they mean for applications and places."""

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.html import format_html, format_html_join

from applications.models import Application
from hubportal.accounts.models import Hub
from programmes.models import Place, SchoolChange


def seen_by(changes: QuerySet, user) -> QuerySet:
    """Return the changes of schools that have to do with a hub of `user`; the national team and superusers see all."""
    if user.is_active and user.sees_every_hub:
        return changes
    return at_hubs(changes, Hub.objects.visible_to(user))


def at_hubs(changes: QuerySet, hubs) -> QuerySet:
    """Return the changes of schools that have sent an application to one of `hubs`, or have or had a place there."""
    here = {"school": OuterRef("school"), "hub__in": hubs}
    return changes.filter(Exists(Application.objects.sent().filter(**here)) | Exists(Place.objects.filter(**here)))


def consequences(change: SchoolChange, reader):
    """Return the live applications and places of the school that `reader` may see, each with its link."""
    rows = [
        (reverse("admin:applications_application_change", args=[each.pk]), f"Application {each.reference}", each)
        for each in Application.objects.visible_to(reader).live().filter(school=change.school_id).with_details()
    ] + [
        (reverse("admin:programmes_place_change", args=[each.pk]), "Place", each)
        for each in Place.objects.visible_to(reader).live().filter(school=change.school_id).with_details()
    ]
    if not rows:
        return "No live application and no place that you may see."
    lines = ((address, words, each.project, each.get_status_display().lower()) for address, words, each in rows)
    return format_html("<p>{}</p>", format_html_join("", '<a href="{}">{}</a>, {}: {}<br>', lines))
