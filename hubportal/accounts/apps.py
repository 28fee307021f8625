from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "hubportal.accounts"
    label = "accounts"

    def ready(self):
        # allauth tells of changed factors and passwords by signals only.
        from allauth.account import signals as account
        from allauth.mfa import signals as factors

        from . import sessions

        factors.authenticator_added.connect(sessions.factor_added)
        factors.authenticator_removed.connect(sessions.factor_changed)
        factors.authenticator_reset.connect(sessions.factor_changed)
        for changed in (account.password_changed, account.password_set, account.password_reset):
            changed.connect(sessions.password_changed)
