"""The admin: signed in to through allauth, open to staff only, without deletion in bulk."""

from django.contrib import admin
from django.contrib.admin.apps import AdminConfig
from django.http import Http404
from django.shortcuts import redirect

# Pages of other people's apps that would go round ours: groups give nothing here, factors and sessions are secrets.
NOT_SHOWN = {"auth", "account", "mfa", "usersessions"}


class HubAdminConfig(AdminConfig):
    default_site = "hubportal.adminsite.HubAdminSite"


class HubAdminSite(admin.AdminSite):
    """Django's admin; signing in and out and passwords are allauth's pages, with their limits and second factors."""

    site_header = "Hub portal"
    site_title = "Hub portal"
    index_title = "Today"
    enable_nav_sidebar = False

    def __init__(self, name="admin"):
        super().__init__(name)
        self.disable_action("delete_selected")

    def register(self, model_or_iterable, admin_class=None, **options):
        given = [model_or_iterable] if isinstance(model_or_iterable, type) else list(model_or_iterable)
        super().register([model for model in given if model._meta.app_label not in NOT_SHOWN], admin_class, **options)

    def has_permission(self, request):
        return request.user.is_active and request.user.is_staff

    def login(self, request, extra_context=None):
        from allauth.account.decorators import secure_admin_login  # needs the models

        return secure_admin_login(super().login)(request, extra_context)

    login.login_required = False

    def logout(self, request, extra_context=None):
        from allauth.account.views import logout

        return logout(request)

    def password_change(self, request, extra_context=None):
        return redirect("account_change_password")


class HubModelAdmin(admin.ModelAdmin):
    """An admin page of records that belong to a hub: only rows that the person may see, and rights at the row's hub.

    Nothing is deleted unless a subclass says so.
    """

    def get_queryset(self, request):
        return super().get_queryset(request).visible_to(request.user)

    def get_object(self, request, object_id, from_field=None):
        """Return the record; another hub's is as missing as one that never was."""
        found = super().get_object(request, object_id, from_field)
        if found is None:
            raise Http404
        return found

    def get_fieldsets(self, request, obj=None):
        """Return the fieldsets; on a page to read, a record whose own page is closed to this person is plain text."""
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None or self.has_change_permission(request, obj):
            return fieldsets
        return [
            (title, options | {"fields": [self._openable(request, obj, name) for name in options["fields"]]})
            for title, options in fieldsets
        ]

    def _openable(self, request, obj, name):
        """Return the name of a field, or a column of text in its place where Django's link would be refused."""
        related = getattr(obj, name, None) if isinstance(name, str) else None
        page = self.admin_site._registry.get(type(related))
        return name if page is None or page.has_view_permission(request, related) else _text_of(self.opts, name)

    def has_view_permission(self, request, obj=None):
        return self._may(request, "view", obj) or self.has_change_permission(request, obj)

    def has_change_permission(self, request, obj=None):
        return self._may(request, "change", obj)

    def has_delete_permission(self, request, obj=None):
        return False

    def _may(self, request, verb, obj):
        return request.user.has_perm(f"{self.opts.app_label}.{verb}_{self.opts.model_name}", obj)


def _text_of(opts, name: str):
    """Return a column of the admin that shows a related record by its name alone."""

    @admin.display(description=opts.get_field(name).verbose_name)
    def text(obj):
        return str(getattr(obj, name))

    text.__name__ = name
    return text


class ReadOnlyAdmin(HubModelAdmin):
    """Records of a hub to look at: nothing is added, changed or deleted by hand."""

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False


class SharedReadOnlyAdmin(ReadOnlyAdmin):
    """Records that are the same for every hub, such as the register's, to look at for whoever may view their kind."""

    show_full_result_count = False

    def get_queryset(self, request):
        return admin.ModelAdmin.get_queryset(self, request)
