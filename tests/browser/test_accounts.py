"""Signing in in a browser: by code, app, password and passkey; and the account pages, at both widths."""

import pytest

from hubportal.accounts.models import User
from hubportal.accounts.roles import Role
from tests.accounts import signing
from tests.factories import HubMembershipFactory, UserFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def lead(settings):
    settings.REQUIRE_MFA = True
    user = HubMembershipFactory(role=Role.LEAD, user__name="Sam Okoro", user__email="sam@hub.example").user
    user.set_unusable_password()
    user.save()
    return user


def ask_for_code(page, email):
    page.goto("/sign-in/")
    page.get_by_role("link", name="Send me a code instead").click()
    page.get_by_label("E-mail address").fill(email)
    page.get_by_role("button", name="Send me a code").click()


def sign_out(page):
    page.goto("/sign-out/")
    page.get_by_role("main").get_by_role("button", name="Sign out").click()


def arrives(page, heading):
    page.get_by_role("heading", level=1, name=heading).wait_for()


@pytest.mark.parametrize(("width", "js"), [(1280, True), (320, False)])
def test_an_invited_lead_signs_in_sets_up_an_app_and_reaches_the_staff_pages(looker, lead, width, js):
    page = looker.window(width=width, js=js)
    page.goto("/sign-in/")
    looker.look(page, "sign-in")
    page.get_by_role("button", name="Sign in", exact=True).click()
    looker.look(page, "sign-in-errors")

    ask_for_code(page, "SAM@hub.example")
    looker.look(page, "code")
    page.get_by_label("Code").fill(signing.code_in_last_message())
    page.get_by_role("button", name="Continue").click()
    arrives(page, "Second factor")
    looker.look(page, "second-factor")

    page.get_by_role("link", name="Set up an app").click()
    looker.look(page, "app")
    page.locator("input[name=code]").fill(signing.app_code(seed=page.locator("code").inner_text()))
    page.get_by_role("button", name="Continue").click()
    arrives(page, "Recovery codes")
    looker.look(page, "recovery-codes")
    page.get_by_role("link", name="I have kept them").click()
    page.get_by_role("link", name="Open the staff pages").click()
    assert page.url.endswith("/admin/")

    for path in ("/my/", "/account/sessions/", "/account/password/set/", "/account/factors/totp/deactivate/"):
        page.goto(path)
        looker.look(page, path.strip("/").replace("/", "-"))
    sign_out(page)
    page.goto("/my/")
    arrives(page, "Sign in")


def test_staff_and_teachers_sign_in_by_a_code_without_javascript(looker, lead):
    signing.give_app(lead)
    teacher = UserFactory(email="teacher@school.example")
    for user, path in ((lead, "/admin/"), (teacher, "/my/")):
        page = looker.window(width=320, js=False)
        ask_for_code(page, user.email)
        page.get_by_label("Code").fill("WRNG-CODE")
        page.get_by_role("button", name="Continue").click()
        page.get_by_role("heading", name="There is a problem").wait_for()
        page.get_by_label("Code").fill(signing.code_in_last_message())
        page.get_by_role("button", name="Continue").click()
        if user == lead:
            page.locator("input[name=code]").fill(signing.app_code())
            page.get_by_role("button", name="Continue").click()
        page.wait_for_url(f"**{path}")
        assert user.name in page.goto("/my/").text()


def test_a_passkey_signs_in_by_itself(looker, lead):
    page = looker.window()
    keys = page.context.new_cdp_session(page)
    keys.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    keys.send(
        "WebAuthn.addVirtualAuthenticator",
        {"options": options | {"isUserVerified": True, "automaticPresenceSimulation": True}},
    )

    ask_for_code(page, lead.email)
    page.get_by_label("Code").fill(signing.code_in_last_message())
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("link", name="Add a passkey or key").click()
    looker.look(page, "passkey-add")
    page.get_by_label("Passwordless").check()
    page.get_by_role("button", name="Add").click()
    page.wait_for_url("**/recovery-codes/")
    page.goto("/account/factors/webauthn/")
    looker.look(page, "passkeys")

    sign_out(page)
    page.goto("/sign-in/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url("**/admin/")


def test_the_admin_of_accounts_is_quiet_under_the_policy(looker, lead, settings, client):
    settings.REQUIRE_MFA = False
    boss = User.objects.create_superuser("boss@hub.example", name="Boss")
    client.force_login(boss)
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": client.cookies[settings.SESSION_COOKIE_NAME].value}
    page = looker.window(cookies=[cookie])
    pages = ["user/", "user/add/", f"user/{lead.pk}/change/", f"user/{lead.pk}/history/"]
    for path in ["", *(f"accounts/{page}" for page in [*pages, "hubmembership/", "hubmembership/add/"])]:
        assert page.goto(f"/admin/{path}").status == 200
        page.wait_for_load_state("networkidle")
