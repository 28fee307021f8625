"""Accounts in the admin: people (superusers only), hubs, and who has which role where."""

from django.contrib import admin, messages
from django.utils import timezone

from hubportal.adminsite import HubModelAdmin

from . import actions
from .forms import GiveRoleForm
from .models import Hub, HubMembership, User


@admin.register(User)
class UserAdmin(admin.ModelAdmin):
    """Accounts, for superusers. They are switched off, not deleted."""

    list_display = ["name", "email", "is_active", "is_national", "is_superuser", "last_login"]
    list_filter = ["is_active", "is_national", "is_superuser"]
    search_fields = ["name", "email"]
    fields = ["name", "email", "is_active", "is_national", "is_superuser", "last_login", "date_joined"]
    readonly_fields = ["last_login", "date_joined"]
    actions = ["remove_second_factor"]

    def has_module_permission(self, request):
        return request.user.is_superuser

    has_view_permission = has_change_permission = has_add_permission = lambda self, request, obj=None: (
        request.user.is_superuser
    )

    def has_delete_permission(self, request, obj=None):
        return False

    def save_model(self, request, obj, form, change):
        if not change:
            obj.set_unusable_password()
        actions.save_account(obj, form.changed_data, by=request.user, at=timezone.now())

    @admin.action(description="Remove second factor (phone or key lost)", permissions=["change"])
    def remove_second_factor(self, request, queryset):
        for user in queryset:
            actions.remove_second_factor(user, by=request.user, at=timezone.now())
        messages.success(request, "They set up a new second factor when they next sign in.")


@admin.register(Hub)
class HubAdmin(HubModelAdmin):
    """A hub's contact and privacy notice; its lead changes them."""

    list_display = ["name", "contact_email", "contact_phone"]
    search_fields = ["name"]
    fields = ["name", "slug", "contact_email", "contact_phone", "controller", "privacy_version", "privacy_text"]

    def get_readonly_fields(self, request, obj=None):
        return [] if request.user.is_superuser else ["name", "slug"]


@admin.register(HubMembership)
class HubMembershipAdmin(HubModelAdmin):
    """Who has which role at a hub. A hub's lead gives and takes roles there, never their own."""

    list_display = ["user", "email", "role", "hub"]
    list_filter = [("hub", admin.RelatedOnlyFieldListFilter), "role"]
    search_fields = ["user__name", "user__email"]
    form = GiveRoleForm

    def get_queryset(self, request):
        return super().get_queryset(request).with_details()

    @admin.display(description="e-mail address", ordering="user__email")
    def email(self, membership):
        return membership.user.email

    def get_fields(self, request, obj=None):
        return ["user", "role", "hub"] if obj else ["name", "email", "role", "hub"]

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        own = obj is not None and obj.user_id == request.user.pk
        return not own and self._may(request, "delete", obj)

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)
        form.giver = request.user
        return form

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "hub" and not request.user.is_superuser:
            kwargs["queryset"] = Hub.objects.filter(pk__in=request.user.hubs_where("accounts.add_hubmembership"))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_form(self, request, form, change):
        data = form.cleaned_data
        form.save_m2m = lambda: None
        return actions.give_role(
            data["email"], data["name"], data["hub"], data["role"], by=request.user, at=timezone.now()
        )

    def save_model(self, request, obj, form, change):
        """Nothing is left to do: `save_form` gave the role."""

    def delete_model(self, request, obj):
        actions.take_role(obj, by=request.user, at=timezone.now())
