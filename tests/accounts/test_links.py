"""Private links."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.urls import resolve
from hypothesis import given
from hypothesis import strategies as st

from hubportal.accounts import links, sealed
from hubportal.accounts.models import PrivateLink

AT = datetime(2026, 11, 3, 10, 0, tzinfo=UTC)
PAGE = "admin:messaging_message_history"  # any page that takes one argument will do
OTHER = "admin:messaging_message_delete"


def make(subject="x:1", purpose=PAGE, lives=timedelta(days=7)):
    return links.make(purpose, subject, at=AT, lives=lives)


def token_of(link):
    return resolve(links.address(link).removeprefix("http://127.0.0.1:8000")).kwargs["object_id"]


@pytest.fixture(autouse=True)
def portal_address(settings):
    settings.PORTAL_URL = "http://127.0.0.1:8000"


@pytest.mark.django_db
def test_the_address_opens_the_record_and_the_table_does_not_know_it():
    link = make()
    token = token_of(link)
    assert links.find(token, PAGE) == link
    assert len(token) >= 43
    assert token not in str(PrivateLink.objects.values().get())
    assert links.find(link.token_hash, PAGE) is None, "what is stored opens nothing"
    assert links.find(str(link.pk), PAGE) is None


@pytest.mark.django_db
def test_a_token_opens_its_own_page_only():
    link = make()
    assert links.find(token_of(link), OTHER) is None


@pytest.mark.django_db
@pytest.mark.parametrize("spoil", [lambda t: t[:-1], lambda t: t + "A", lambda t: "", str.swapcase, str.upper])
def test_a_token_that_was_tampered_with_opens_nothing(spoil):
    assert links.find(spoil(token_of(make())), PAGE) is None


@pytest.mark.django_db
@pytest.mark.parametrize("token", ["\x00", "é" * 500, "a" * 100_000, "' OR 1=1 --", "../..", "🎉"])
def test_nonsense_for_a_token_opens_nothing(token):
    assert links.find(token, PAGE) is None


@pytest.mark.django_db
def test_a_link_is_open_until_the_moment_it_expires():
    link = make(lives=timedelta(days=7))
    assert links.is_open(link, AT)
    assert links.is_open(link, AT + timedelta(days=7, seconds=-1))
    assert not links.is_open(link, AT + timedelta(days=7))
    assert links.find(token_of(link), PAGE) == link, "found, so that the page can say what happened"


@pytest.mark.django_db
def test_revoking_closes_the_links_of_one_purpose_and_record_and_may_be_done_twice():
    link, same, another_page, another = make(), make(), make(purpose=OTHER), make("x:2")
    assert links.revoke("x:1", PAGE, at=AT) == 2
    assert links.revoke("x:1", PAGE, at=AT) == 0
    for one in (link, same, another_page, another):
        one.refresh_from_db()
    assert [links.is_open(one, AT) for one in (link, same, another_page, another)] == [False, False, True, True]


@pytest.mark.django_db
def test_two_links_to_one_record_have_different_addresses():
    assert links.address(make()) != links.address(make())


@pytest.mark.django_db
def test_a_key_that_was_retired_still_makes_the_address_and_a_lost_one_does_not(settings):
    link, old_key = make(), settings.SECRET_KEY
    address = links.address(link)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "a new key " * 6, [old_key]
    assert links.address(link) == address
    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(LookupError):
        links.address(link)


@pytest.mark.django_db
def test_every_mark_in_a_text_is_filled_in_one_query(django_assert_num_queries):
    one, two = make(), make("x:2")
    text = f"First {links.mark(one)}, then {links.mark(two)}, and {links.mark(one)} again."
    with django_assert_num_queries(1):
        filled = links.fill(text)
    first, second = links.address(one), links.address(two)
    assert filled == f"First {first}, then {second}, and {first} again."


@pytest.mark.django_db
def test_codes_that_were_sealed_are_filled_in_too_and_hidden_from_staff():
    text = f"Your code: {sealed.mark('ABCD-EFGH')} and {links.mark(make())}"
    assert links.fill(text).startswith("Your code: ABCD-EFGH and http")
    assert links.hide(text) == "Your code: [a secret code] and [a private link]"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "typed",
    [
        f"[[private link {uuid.UUID(int=0)}]]",
        f"[[private link {'-' * 36}]]",
        "[[private link ]]",
        "[[sealed AAAA]]",
        "[[sealed ====]]",
    ],
)
def test_what_somebody_typed_to_look_like_a_mark_stays_as_it_is(typed):
    assert links.fill(f"Dear {typed}, hello") == f"Dear {typed}, hello"


@pytest.mark.django_db
@given(st.text())
def test_a_text_without_marks_is_left_alone(text):
    assert links.fill(text) == text
    assert links.hide(text) == text
