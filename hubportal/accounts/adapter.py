"""How allauth does things here: no public sign-up, mail through the outbox, secrets encrypted, staff to the admin."""

from datetime import timedelta
from uuid import uuid4

import qrcode
from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from qrcode.image.svg import SvgPathFillImage

from hubportal import ratelimit, wording
from hubportal.messaging import outbox, wakeup

from . import sealed, sessions
from .models import User

CODES = {
    "account/email/login_code": "account/sign_in_code",
    "account/email/password_reset_code": "account/password_code",
    "account/email/unknown_account": "account/sign_in_code",
}
UNKNOWN = "account/email/unknown_account"
NOTICES = {
    "account/email/password_changed": "Your password was changed.",
    "account/email/password_reset": "Your password was reset.",
    "account/email/password_set": "A password was set for your account.",
    "mfa/email/totp_activated": "An authenticator app was added to your account.",
    "mfa/email/totp_deactivated": "The authenticator app was removed from your account.",
    "mfa/email/webauthn_added": "A passkey or security key was added to your account.",
    "mfa/email/webauthn_removed": "A passkey or security key was removed from your account.",
    "mfa/email/recovery_codes_generated": "New recovery codes were made for your account.",
}


class AccountAdapter(DefaultAccountAdapter):
    """allauth's hooks for sign-in."""

    error_messages = DefaultAccountAdapter.error_messages | wording.SIGN_IN

    def is_open_for_signup(self, request):
        return False

    def get_login_redirect_url(self, request):
        return reverse("admin:index") if request.user.is_staff else reverse("my")

    def get_client_ip(self, request):
        return ratelimit.address(request)

    def get_password_change_redirect_url(self, request):
        return reverse("my")

    def login(self, request, user):
        super().login(request, user)
        sessions.begin(request.session, at=timezone.now())

    def send_mail(self, template_prefix, email, context):
        if template_prefix in CODES:
            _send_code(template_prefix, email, context.get("code") or self.generate_login_code())
        elif template_prefix in NOTICES:
            _queue("account/notice", email, "Something about the security of the account changed.",
                   {"what": NOTICES[template_prefix], "portal_url": settings.PORTAL_URL})  # fmt: skip
        else:
            raise LookupError(f"No e-mail is written for {template_prefix}.")


class FactorAdapter(DefaultMFAAdapter):
    """allauth's hooks for second factors: their seeds are encrypted in the database."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": "This code is not right. Enter the one that your app shows now, or a recovery code.",
    }

    def encrypt(self, text):
        return sealed.close(text)

    def decrypt(self, encrypted_text):
        return sealed.reveal(encrypted_text)

    def build_totp_svg(self, url):
        """Draw the picture for the app on white: on a dark page it could not be scanned otherwise."""
        return qrcode.make(url, image_factory=SvgPathFillImage).to_string(encoding="unicode")

    def _get_site_name(self):
        return settings.PORTAL_NAME


LONGEST = User._meta.get_field("email").max_length


def _send_code(template_prefix: str, email: str, code: str) -> None:
    """Queue a code; for an unknown address do the same work and save nothing, so that both take as long.

    The code is sealed in the text that is kept, and the message is worth nothing after the code's own time-out.
    """
    with transaction.atomic():
        _queue(
            CODES[template_prefix],
            email[:LONGEST],  # allauth lets longer ones through; nobody of ours has one
            "Somebody asked for a code with this address.",
            {"code": sealed.mark(code), "minutes": settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT // 60},
            lives=timedelta(seconds=settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT),
        )
        transaction.set_rollback(template_prefix == UNKNOWN)
    if template_prefix == UNKNOWN:
        wakeup.poke("hubportal.messaging.tasks.deliver_due")


def _queue(template: str, email: str, reason: str, context: dict, lives: timedelta | None = None) -> None:
    now = timezone.now()
    outbox.queue(
        template,
        to=email,
        key=f"{template}:{uuid4()}",
        reason=reason,
        context=context,
        at=now,
        expires_at=now + lives if lives else None,
    )
