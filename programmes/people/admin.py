"""People at schools, to read: they come from applications, and leave by the rules of retention."""

from django.contrib import admin

from hubportal.adminsite import ReadOnlyAdmin
from hubportal.templatetags.hub import short_day

from .models import Person


@admin.register(Person)
class PersonAdmin(ReadOnlyAdmin):
    list_display = ["name", "addresses"]
    search_fields = ["name", "emails__email"]
    search_help_text = "Name or e-mail address"
    list_per_page = 50
    fields = ["name", "trn", "addresses", "held"]
    readonly_fields = ["addresses", "held"]

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("emails").with_posts_for(request.user)

    @admin.display(description="e-mail addresses")
    def addresses(self, person):
        return ", ".join(each.email for each in person.emails.all())

    @admin.display(description="posts")
    def held(self, person):
        return "; ".join(
            f"{post.get_role_display()}, {post.school}, from {short_day(post.from_on)}" for post in person.shown_posts
        )
