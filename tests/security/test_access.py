"""Every address by every kind of visitor gets what `tests/access.py` says, and no address is missing there."""

import re

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse

from hubportal.accounts.models import HubMembership
from tests import access_records
from tests.access import ACCESS
from tests.access_records import RECORDS
from tests.access_visitors import ANONYMOUS, OTHER, World

MODEL_PAGES = ("changelist", "add", "history", "delete", "change")
UNNAMED = {"admin/(?P<url>.*)$"}  # the admin's catch-all: a 404 for staff, sign-in for others; tested below


def addresses(patterns=None, prefix="", namespace=""):
    """Yield (name, route) of every address in the URLconf."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        route = prefix + str(pattern.pattern).removeprefix("^")
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from addresses(pattern.url_patterns, route, inner)
        else:
            yield (namespace + pattern.name if pattern.name else ""), route


def model_pages():
    """Return the names of the admin's pages of each registered model."""
    return {
        f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}"
        for model in admin.site._registry
        for page in MODEL_PAGES
    }


def is_model_redirect(route):
    """Return whether this is the admin's old address of a record, which only leads to its change page."""
    return route.endswith("/<path:object_id>/")


def clients(world, monkeypatch_settings):
    monkeypatch_settings.REQUIRE_MFA = False
    for who, user in world.people.items():
        client = Client(raise_request_exception=False)
        if user:
            client.force_login(user)
        yield who, client


def test_every_address_is_in_the_table():
    known = set(ACCESS) | model_pages()
    missing = {
        name or route
        for name, route in addresses()
        if name not in known and not (not name and (is_model_redirect(route) or route in UNNAMED))
    }
    assert missing == set(), "Say in tests/access.py who may open these."


def test_every_row_is_an_address():
    assert set(ACCESS) - {name for name, _ in addresses()} == set()


def test_every_model_in_the_admin_has_a_record_to_try():
    assert set(admin.site._registry) - set(RECORDS) == set(), "Say in tests/access.py how to make one."


@pytest.mark.django_db
@pytest.mark.parametrize("name", ACCESS)
def test_everybody_gets_what_the_table_says(name, settings):
    row, world = ACCESS[name], World()
    answers = {}
    for who, client in clients(world, settings):
        response = getattr(client, row.method)(reverse(name, kwargs=row.args(world)))
        answers[who] = response.status_code

    assert answers == row.expected


@pytest.mark.django_db
@pytest.mark.parametrize("model", admin.site._registry, ids=lambda model: model._meta.label)
def test_the_admin_follows_the_roles(model, settings):
    """Lists and records open to whoever may see them at that hub; another hub's record is a 404."""
    world = World()
    if model not in RECORDS:
        pytest.fail("Say in tests/access.py how to make one.")
    record = RECORDS[model](world.a)
    wrong = []
    for who, client in clients(world, settings):
        for page in MODEL_PAGES:
            args = [] if page in {"changelist", "add"} else [record.pk]
            url = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)
            got, expected = client.get(url).status_code, expected_of(model, page, who, world)
            if got != expected:
                wrong.append(f"{who}: {page} answers {got}, not {expected}")
    assert wrong == []


def expected_of(model, page, who, world):
    """Return the status that the roles give `who` on a page of hub A's record."""
    user = world.people[who]
    if user is None:
        return 302

    def may(verb):
        refused = access_records.FIXED.get(model, {"add", "change"})
        allowed = verb not in refused and (verb != "delete" or model is HubMembership)
        return allowed and user.has_perm(f"{model._meta.app_label}.{verb}_{model._meta.model_name}")

    sees = may("view") or may("change")
    if page == "changelist":
        return 200 if sees else 403
    if page == "add":
        return 200 if may("add") else 403
    if who == OTHER and model not in access_records.SHARED and sees:
        return 404
    wanted = {"history": sees, "change": sees, "delete": may("delete")}[page]
    return 200 if wanted else 403


@pytest.mark.django_db
@pytest.mark.parametrize("model", admin.site._registry, ids=lambda model: model._meta.label)
def test_another_hubs_record_answers_like_one_that_never_was(model, settings):
    settings.REQUIRE_MFA = False
    world = World()
    if model in access_records.SHARED or model not in RECORDS:
        pytest.skip("every hub sees these")
    client = Client()
    client.force_login(world.people[OTHER])
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}_change"
    theirs, nothing = (client.get(reverse(name, args=[pk])) for pk in (RECORDS[model](world.a).pk, 2**40))

    assert theirs.status_code == nothing.status_code
    assert without_token(theirs) == without_token(nothing)


def without_token(response):
    return re.sub(rb'name="csrfmiddlewaretoken" value="\w+"', b"", response.content)


@pytest.mark.django_db
def test_lists_show_no_other_hubs_rows(settings):
    """A marker that stands in hub A's records must not show on any list that hub B's lead opens."""
    settings.REQUIRE_MFA = False
    world = World()
    world.a.name = "Hub marked 7f3a9c"
    world.a.save()
    for make in RECORDS.values():
        make(world.a)
    client = Client()
    client.force_login(world.people[OTHER])
    for model in admin.site._registry:
        page = client.get(reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"))
        assert b"7f3a9c" not in page.content, model


@pytest.mark.django_db
def test_the_admins_catch_all_tells_strangers_nothing(settings):
    for who, client in clients(World(), settings):
        assert client.get("/admin/nothing/here/").status_code == (302 if who == ANONYMOUS else 404)


@pytest.mark.django_db
def test_a_superuser_opens_every_list_of_the_admin(admin_client, settings):
    settings.REQUIRE_MFA = False
    for model in admin.site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"
        assert admin_client.get(reverse(name)).status_code == 200
