"""What a form says of input that Django's own sentences would say badly, in one table, for every form of the portal.

Forms of ours give their own sentences where they know better. These defaults also reach the forms that are not ours:
sign-in, the admin and its filters. A sentence says how to mend it and never repeats what was sent.
"""

from allauth.account.fields import PasswordField
from django.core import validators
from django.forms import fields, models

CHOOSE = "Choose one of the answers on the page. If there are none, reload it first."
CHOOSE_SOME = "Choose from the answers on the page. If there are none, reload it first."
HIDDEN = "This has a hidden character in it, perhaps from a copied text. Delete all of it and type it again."
EMAIL = "Enter an e-mail address in the correct format, like name@school.sch.uk."

FIELDS = {
    fields.Field: {"required": "Fill this in."},
    fields.EmailField: {"required": "Enter an e-mail address."},
    PasswordField: {"required": "Enter your password."},
    fields.ChoiceField: {"invalid_choice": CHOOSE},
    fields.MultipleChoiceField: {"invalid_choice": CHOOSE_SOME, "invalid_list": CHOOSE_SOME},
    fields.DateField: {"invalid": "Enter a date that exists, like 31/12/2026."},
    models.ModelChoiceField: {"invalid_choice": CHOOSE},
    models.ModelMultipleChoiceField: {
        "invalid_choice": CHOOSE_SOME,
        "invalid_list": CHOOSE_SOME,
        "invalid_pk_value": CHOOSE_SOME,
    },
}
VALIDATORS = {
    validators.ProhibitNullCharactersValidator: HIDDEN,
    validators.EmailValidator: EMAIL,
    validators.MaxLengthValidator: "Shorten this to %(limit_value)d characters at the most: it has %(show_value)d.",
}
# What allauth's sign-in says: the adapter takes these over its own.
SIGN_IN = {
    "account_inactive": "This account is switched off. Ask your hub lead.",
    "email_password_mismatch": (
        "The e-mail address or the password is not right. Check both, or ask for a code by e-mail instead."
    ),
    "enter_current_password": "Enter the password that you have now.",
    "incorrect_code": "This code is not right. Enter the newest one that you have, or ask for another.",
    "incorrect_password": "This password is not right. Try again.",
    "too_many_login_attempts": "There have been too many tries for this address. Wait ten minutes and try again.",
    "unknown_email": "No account has this e-mail address. Check it, or ask your hub lead for one.",
    "rate_limited": "There have been too many tries. Wait a few minutes and try again.",
}


def install() -> None:
    """Make these the defaults; fields take them when they are made, so this comes before any form is imported."""
    for field, sentences in FIELDS.items():
        field.default_error_messages = field.__dict__.get("default_error_messages", {}) | sentences
    for validator, sentence in VALIDATORS.items():
        validator.message = sentence
