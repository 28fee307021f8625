"""The outbox for hub staff: what was sent, to whom, why, and what became of it. Nothing is typed here."""

from pathlib import Path

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect, render
from django.template import engines
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html

from hubportal.accounts import links
from hubportal.accounts.models import Hub
from hubportal.adminsite import ReadOnlyAdmin
from hubportal.history.actions import IllegalMove, subject_of
from hubportal.history.timeline import timeline
from hubportal.templatetags.hub import short_day

from . import actions, mailserver
from .models import Message
from .states import MOVES, REPEATABLE, Status

MOST_AT_ONCE = 500
VERBS = {
    "release": (actions.release, "Release it now", "Released. It goes out within a minute."),
    "drop": (actions.drop, "Do not send it", "Stopped. It will not be sent."),
    "send-again": (actions.send_again, "Send it again", "The same text is on its way again."),
    "mark-arrived": (actions.mark_arrived, "It has arrived", "Marked as arrived."),
}
"""What staff can do with one message: the action, the button, and what is said afterwards."""
BUTTONS = {"release": "Release and send", "drop": "Do not send"}
"""What staff can do with many messages at once, after they have seen who gets them."""


def verbs_for(message: Message) -> list[tuple[str, str]]:
    """Return the buttons that make sense for a message, as (verb, label)."""
    possible = {
        "release": message.status == Status.HELD,
        "drop": Status.DROPPED in MOVES[message.status],
        "send-again": message.status in REPEATABLE and not message.repeated_by.exists(),
        "mark-arrived": message.status == Status.UNKNOWN,
    }
    return [(verb, VERBS[verb][1]) for verb, makes_sense in possible.items() if makes_sense]


def template_names() -> list[str]:
    """Return the names of the e-mails there are, from their files: no scan of a large table."""
    files = (file for folder in engines["django"].dirs for file in Path(folder).glob("emails/*.subject.txt"))
    return sorted({file.name.removesuffix(".subject.txt") for file in files})


class HubFilter(admin.SimpleListFilter):
    title = "hub"
    parameter_name = "hub"

    def lookups(self, request, model_admin):
        return list(Hub.objects.visible_to(request.user).values_list("pk", "name"))

    def queryset(self, request, queryset):
        chosen = self.value()
        return queryset.filter(hub=chosen) if chosen and str(chosen).isdecimal() else queryset


class TemplateFilter(admin.SimpleListFilter):
    title = "kind of e-mail"
    parameter_name = "template"

    def lookups(self, request, model_admin):
        return [(name, name.replace("_", " ").capitalize()) for name in template_names()]

    def queryset(self, request, queryset):
        return queryset.filter(template=self.value()) if self.value() else queryset


class RuleFilter(admin.SimpleListFilter):
    title = "reminder"
    parameter_name = "rule"

    def lookups(self, request, model_admin):
        reminders = model_admin.get_queryset(request).exclude(rule="")
        return [(rule, rule) for rule in reminders.order_by("rule").values_list("rule", flat=True).distinct()]

    def queryset(self, request, queryset):
        return queryset.filter(rule=self.value()) if self.value() else queryset


@admin.register(Message)
class MessageAdmin(ReadOnlyAdmin):
    list_display = ["subject", "to", "status", "reason", "written"]
    list_filter = ["status", HubFilter, TemplateFilter, RuleFilter]
    search_fields = ["to", "subject", "key"]
    search_help_text = "Address, subject or key"
    list_select_related = ["hub"]
    list_per_page = 50
    show_full_result_count = False
    actions = ["release_chosen", "drop_chosen"]
    actions_selection_counter = True
    fieldsets = [
        (None, {"fields": ["status", "result", "reason", "subject", "shown_text"]}),
        ("When", {"fields": ["created_at", "sent_at", "attempts", "not_before", "expires_at"]}),
        (
            "Where it belongs",
            {"fields": ["hub", "related", "template", "rule", "batch", "key", "repeats_link", "repeat_link"]},
        ),
    ]
    readonly_fields = ["shown_text", "repeats_link", "repeat_link"]
    change_form_template = "admin/messaging/message/change_form.html"
    change_list_template = "admin/messaging/message/change_list.html"

    def has_send_permission(self, request, obj=None):
        return request.user.has_perm("messaging.send_message", obj)

    def get_list_display(self, request):
        user = request.user
        several_hubs = user.sees_every_hub or len(user.roles_by_hub) > 1
        return [*self.list_display, "hub"] if several_hubs else self.list_display

    @admin.display(description="written", ordering="created_at")
    def written(self, message):
        return short_day(message.created_at)

    @admin.display(description="text")
    def shown_text(self, message):
        return format_html('<pre class="message-text">{}</pre>', links.hide(message.text))

    @admin.display(description="repeats")
    def repeats_link(self, message):
        return _link(message.repeats)

    @admin.display(description="sent again as")
    def repeat_link(self, message):
        return _link(message.repeated_by.first())

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/do/<slug:verb>/", view(self.do_one), name="messaging_message_do"),
            path("batch/", view(self.batch), name="messaging_message_batch"),
            path("do/<slug:verb>/", view(self.do_all), name="messaging_message_do_all"),
            *super().get_urls(),
        ]

    def changelist_view(self, request, extra_context=None):
        extra = {
            "title": "Messages",
            "mail_server": mailserver.trouble(),
            "batches": self.get_queryset(request).batches_held(),
            **(extra_context or {}),
        }
        return super().changelist_view(request, extra)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        message = self.get_object(request, object_id)
        may_send = self.has_send_permission(request, message)
        extra = {
            "title": f"E-mail to {message.to}",
            "verbs": verbs_for(message) if may_send else [],
            "events": timeline(subject_of(message)),
            **(extra_context or {}),
        }
        return super().change_view(request, object_id, form_url, extra)

    def do_one(self, request, pk, verb):
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        message = get_object_or_404(self.get_queryset(request), pk=pk)
        if verb not in VERBS:
            raise Http404
        if not self.has_send_permission(request, message):
            raise PermissionDenied
        action, _, said = VERBS[verb]
        try:
            action(message, by=request.user, at=timezone.now())
        except IllegalMove as problem:
            messages.error(request, str(problem))
        else:
            messages.success(request, said)
        return redirect("admin:messaging_message_change", pk)

    @admin.action(description="Release the chosen messages…", permissions=["send"])
    def release_chosen(self, request, queryset):
        return self._confirm(request, queryset.filter(status=Status.HELD), "release")

    @admin.action(description="Do not send the chosen messages…", permissions=["send"])
    def drop_chosen(self, request, queryset):
        waiting = queryset.filter(status__in=[Status.HELD, Status.QUEUED])
        return self._confirm(request, waiting, "drop")

    def _confirm(self, request, queryset, verb):
        """Show every recipient before anything happens. What no longer waits is left out."""
        chosen = list(queryset.select_related("hub")[: MOST_AT_ONCE + 1])
        if not chosen:
            messages.warning(request, "None of the chosen messages is waiting, so there is nothing to do.")
            return None
        if len(chosen) > MOST_AT_ONCE:
            messages.error(request, f"Choose at most {MOST_AT_ONCE} messages at once.")
            return None
        return self._show(request, f"{BUTTONS[verb]}: {_count(len(chosen))}", chosen, [verb])

    def _show(self, request, title, chosen, verbs, **more):
        buttons = [(verb, BUTTONS[verb]) for verb in verbs]
        context = {"title": title, "opts": self.opts, "chosen": chosen, "buttons": buttons, **more}
        context = self.admin_site.each_context(request) | context
        return render(request, "admin/messaging/message/confirm.html", context)

    def batch(self, request):
        """Show everybody who would get a held batch, and one of the letters; both buttons do what `do_all` does."""
        name = request.GET.get("name", "")
        held = self.get_queryset(request).filter(batch=name, status=Status.HELD).exclude(batch="")
        chosen = list(held.select_related("hub").order_by("to", "pk")[: MOST_AT_ONCE + 1])
        if not chosen:
            messages.info(request, "Nothing of this batch is waiting any more.")
            return redirect("admin:messaging_message_changelist")
        may_send = all(self.has_send_permission(request, message) for message in chosen)
        more = {"letter": links.hide(chosen[0].text), "more": len(chosen) > MOST_AT_ONCE}
        chosen = chosen[:MOST_AT_ONCE]
        return self._show(request, f"{name}: {_count(len(chosen))}", chosen, BUTTONS if may_send else [], **more)

    def do_all(self, request, verb):
        """Release or drop exactly the messages that were shown. One that is not theirs, and nothing is done."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        wanted = {int(value) for value in request.POST.getlist("pk") if value.isdecimal()}
        chosen = list(self.get_queryset(request).filter(pk__in=wanted)[: MOST_AT_ONCE + 1])
        if verb not in actions.TO_ALL or len(chosen) != len(wanted) or len(wanted) > MOST_AT_ONCE:
            raise Http404
        if not all(self.has_send_permission(request, message) for message in chosen):
            raise PermissionDenied
        done, problems = actions.do_to_all(verb, chosen, by=request.user, at=timezone.now())
        if done or not problems:
            messages.success(request, f"{_count(done)}: done.")
        for problem in problems:
            messages.error(request, problem)
        return redirect("admin:messaging_message_changelist")


def _count(number: int) -> str:
    return f"{number} message{'' if number == 1 else 's'}"


def _link(message):
    if message is None:
        return "-"
    address = reverse("admin:messaging_message_change", args=[message.pk])
    return format_html('<a href="{}">Message {}</a>', address, message.pk)
