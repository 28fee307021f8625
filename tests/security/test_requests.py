"""Requests that no page understands, and what every answer says to the browser."""

import pytest
from django.conf import settings as portal
from django.test import Client
from django.urls import reverse

from tests.accounts import signing
from tests.factories import HubMembershipFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("path", ["/sign-in/%00", "/sign-in/?next=%00", "/sign-in/?q=%ff", "/?%00=1"])
def test_bytes_that_mean_nothing_are_a_400(client, path):
    response = client.get(path)
    assert response.status_code == 400
    assert b"could not be read" in response.content


def test_broken_utf_8_in_a_path_is_a_page_that_does_not_exist(client):
    assert client.get("/%ff/").status_code == 404


@pytest.mark.parametrize("path", ["/sign-in/?next=/my/%C3%A9", "/sign-in/?q=%F0%9F%92%A1"])
def test_accents_and_emoji_are_fine(client, path):
    assert client.get(path).status_code == 200


def test_a_body_that_is_too_long_is_a_413(client):
    data = {"login": "a@hub.example", "password": "x" * (portal.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)}
    body = "&".join(f"{name}={value}" for name, value in data.items())
    response = client.post(reverse("account_login"), body, content_type="application/x-www-form-urlencoded")
    assert response.status_code == 413
    assert b"larger than the portal accepts" in response.content
    in_parts = client.post(reverse("account_login"), data)  # no length is known beforehand of a form with files
    assert (in_parts.status_code, in_parts.content) == (413, response.content)


@pytest.mark.parametrize("value", ["a\0b", "x" * 100_000, "\u202eabc", "a@b.example\r\nBcc: c@d.example"])
@pytest.mark.parametrize("name", ["account_login", "account_request_login_code", "account_reset_password"])
def test_odd_text_in_sign_in_forms_gets_a_page_with_errors(client, name, value):
    response = client.post(reverse(name), {"login": value, "email": value, "password": value})
    assert response.status_code == 200
    assert b"There is a problem" in response.content


REFUSED = [
    ("get", "/sign-in/%00", {}, 400),
    ("get", "/sign-in/", {"HTTP_HOST": "elsewhere.example"}, 400),
    ("get", "/sign-in/", {"HTTP_HOST": "elsewhere.example", "SECURE_SSL_REDIRECT": True}, 400),
    ("post", "/sign-in/", {"CONTENT_TYPE": "multipart/form-data; boundary="}, 400),
    ("put", "/sign-in/", {}, 405),
    ("post", "/sign-in/", {"CONTENT_LENGTH": str(10**9), "CONTENT_TYPE": "text/plain"}, 413),
]


@pytest.mark.parametrize(("method", "url", "extra", "status"), REFUSED)
def test_a_refusal_carries_the_headers_too(client, settings, method, url, extra, status):
    settings.SECURE_SSL_REDIRECT = extra.pop("SECURE_SSL_REDIRECT", False)
    response = client.generic(method.upper(), url, "x", **extra)
    assert response.status_code == status
    carries_the_headers(response)


@pytest.mark.parametrize("url", ["/sign-in/", "/nowhere/", "/admin/"])
def test_every_answer_carries_the_headers(client, url):
    carries_the_headers(client.get(url))


@pytest.mark.parametrize("url", ["/", "/sign-in/", "/admin/", "/nowhere/", "/account/factors/", "/confirm/x/"])
@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE", "BREW"])
def test_a_method_that_no_page_has_is_a_405_and_not_a_question_of_cookies(url, method):
    response = Client(enforce_csrf_checks=True).generic(method, url)
    assert response.status_code == 405
    assert response["Allow"] == "GET, HEAD, POST, OPTIONS"


def carries_the_headers(response):
    policy = response["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["X-Frame-Options"] == "DENY"
    assert "camera=()" in response["Permissions-Policy"]


def test_what_is_private_is_kept_by_no_cache(client, settings):
    settings.REQUIRE_MFA = False
    assert "no-store" not in client.get(reverse("account_inactive")).get("Cache-Control", "")
    assert "no-store" in client.post(reverse("account_login"), {})["Cache-Control"]

    client.force_login(HubMembershipFactory().user)
    for name in ("my", "admin:index", "mfa_index", "account_inactive"):
        assert "no-store" in client.get(reverse(name))["Cache-Control"]


def test_a_form_without_its_token_is_refused():
    user = signing.set_password(UserFactory())
    response = signing.by_password(Client(enforce_csrf_checks=True), user)
    assert response.status_code == 403
