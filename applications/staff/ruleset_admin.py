"""Rules in the admin: our own pages stand where Django's list and form would."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.urls import path

from hubportal.adminsite import SharedReadOnlyAdmin
from programmes.models import RuleSet

from . import rulesets


@admin.register(RuleSet)
class RuleSetPages(SharedReadOnlyAdmin):
    """Read by everybody on the staff, drafted and signed by the hubs' people, never edited once published."""

    def changelist_view(self, request, extra_context=None):
        if not self.has_view_permission(request):
            raise PermissionDenied
        return rulesets.rule_sets(request)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        return rulesets.rule_set(request, object_id)

    def history_view(self, request, object_id, extra_context=None):
        return rulesets.rule_set(request, object_id)

    def get_urls(self):
        view = self.admin_site.admin_view
        pages = {
            "draft": rulesets.draft,
            "edit": rulesets.edit,
            "replay": rulesets.who_differs,
            "sign": rulesets.sign,
            "publish": rulesets.publish,
            "withdraw": rulesets.withdraw_signature,
            "drop": rulesets.drop,
        }
        ours = [
            path(f"<int:pk>/{name}/", view(page), name=f"programmes_ruleset_{name}") for name, page in pages.items()
        ]
        return ours + super().get_urls()
