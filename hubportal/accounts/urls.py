"""Signing in (allauth's views under our addresses) and the signed-in person's own page.

Only the views that are used here have an address: changing one's own e-mail address does not. Sign-up only says that
it is closed; allauth looks its address up for e-mails.
"""

from allauth.account import views as account
from django.urls import include, path

from . import views

urlpatterns = [
    path("sign-in/", account.login, name="account_login"),
    path("sign-in/code/", account.request_login_code, name="account_request_login_code"),
    path("sign-in/code/confirm/", account.confirm_login_code, name="account_confirm_login_code"),
    path("sign-in/no-account/", account.signup, name="account_signup"),
    path("sign-in/inactive/", account.account_inactive, name="account_inactive"),
    path("sign-out/", account.logout, name="account_logout"),
    path("account/confirm-it-is-you/", account.reauthenticate, name="account_reauthenticate"),
    path("account/password/change/", account.password_change, name="account_change_password"),
    path("account/password/set/", account.password_set, name="account_set_password"),
    path("account/password/reset/", account.password_reset, name="account_reset_password"),
    path(
        "account/password/reset/code/", account.confirm_password_reset_code, name="account_confirm_password_reset_code"
    ),
    path("account/password/reset/new/", account.complete_password_reset, name="account_complete_password_reset"),
    path(
        "account/password/reset/done/",
        account.password_reset_from_key_done,
        name="account_password_reset_completed",
    ),
    path("account/factors/", include("allauth.mfa.urls")),
    path("account/sessions/", include("allauth.usersessions.urls")),
    path("my/", views.my, name="my"),
]
