"""What a change in the register means for what goes on: the applications and places of the school."""

from django.urls import reverse
from django.utils.html import format_html, format_html_join

from applications.models import Application
from programmes.models import Place, SchoolChange


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
