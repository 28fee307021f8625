"""Odd input gets our own sentences on every form: how to mend it, in plain English, without what was sent."""

import pytest
from django import forms
from django.urls import reverse

from hubportal.accounts.forms import GiveRoleForm
from hubportal.accounts.models import Hub
from programmes.cohorts.forms import CohortForm
from tests.accounts import signing
from tests.factories import HubMembershipFactory, UserFactory

pytestmark = pytest.mark.django_db

DJANGOS = [
    "Null characters",
    "Select a valid choice",
    "available choices",
    "valid email",
    "email address",
    "This field",
]


class Anything(forms.Form):
    text = forms.CharField(max_length=3)
    email = forms.EmailField()
    one = forms.ChoiceField(choices=[("a", "A")])
    some = forms.MultipleChoiceField(choices=[("a", "A")])
    hub = forms.ModelChoiceField(Hub.objects.all())
    hubs = forms.ModelMultipleChoiceField(Hub.objects.all())


def said(form) -> list[str]:
    return [str(error) for errors in form.errors.values() for error in errors]


@pytest.mark.parametrize("value", ["<forged>\0", "forged", "forged\ud800", "", "9" * 40])
def test_no_sentence_is_djangos_and_none_repeats_what_was_sent(value):
    sentences = said(Anything({name: value for name in Anything.base_fields}))
    assert len(sentences) >= 6
    for sentence in sentences:
        assert not any(words in sentence for words in DJANGOS), sentence
        assert not value or value not in sentence


def test_a_long_answer_is_said_with_both_numbers():
    assert "Shorten this to 3 characters at the most: it has 4." in said(Anything({"text": "abcd"}))


@pytest.mark.parametrize("name", ["account_login", "account_request_login_code", "account_reset_password"])
@pytest.mark.parametrize("value", ["a\0b@c.example", "no address", ""])
def test_the_pages_of_sign_in_speak_the_same_way(client, name, value):
    text = client.post(reverse(name), {"login": value, "email": value, "password": "x\0"}).content.decode()
    assert "There is a problem" in text
    assert not any(words in text for words in DJANGOS)


def test_a_wrong_password_says_e_mail_and_what_else_can_be_done(client):
    user = signing.set_password(UserFactory())
    text = client.post(reverse("account_login"), {"login": user.email, "password": "wrong"}).content.decode()
    assert "The e-mail address or the password is not right." in text


def test_the_forms_of_the_admin_do_too(client, settings):
    settings.REQUIRE_MFA = False
    lead = HubMembershipFactory(role="lead")
    client.force_login(lead.user)
    data = {"name": "A\0", "email": "x", "role": "forged", "hub": "forged"}
    text = client.post(reverse("admin:accounts_hubmembership_add"), data).content.decode()
    assert "Enter an e-mail address in the correct format" in text
    assert "hidden character" in text
    assert not any(words in text for words in DJANGOS)
    for form in (GiveRoleForm, CohortForm):  # made when their modules were read, after the sentences were there
        for field in form.base_fields.values():
            assert not any(words in str(each) for words in DJANGOS for each in field.error_messages.values())
