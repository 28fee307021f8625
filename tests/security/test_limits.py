"""Limits on public forms: counted in PostgreSQL, by network, with an answer that says when to come back."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.http import HttpResponse

from hubportal import ratelimit
from hubportal.accounts.models import RateCount

AT = datetime(2026, 11, 3, 10, 0, tzinfo=UTC)


def waits(times, who="192.0.2.1", rate="3/h", at=AT, group="start"):
    return [ratelimit.wait(group, who, rate, at=at) for _ in range(times)]


@pytest.mark.django_db
def test_the_fourth_of_three_waits_until_the_window_ends():
    assert waits(4) == [0, 0, 0, 3600]
    assert waits(1, at=AT + timedelta(minutes=59)) == [60]
    assert waits(1, at=AT + timedelta(hours=1)) == [0]


@pytest.mark.django_db
def test_other_networks_and_other_forms_are_counted_apart():
    waits(4)
    assert waits(1, who="192.0.2.2") == waits(1, group="link") == [0]


@pytest.mark.django_db
def test_no_address_is_kept():
    waits(1)
    assert "192.0.2" not in RateCount.objects.get().key


@pytest.mark.django_db
def test_windows_that_ended_are_swept():
    for who in "abc":
        waits(1, who=who)
    waits(1, who="d", at=AT + timedelta(days=1))
    assert RateCount.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_forty_at_once_are_counted_exactly():
    results = []

    def visit():
        results.append(ratelimit.wait("race", "one", "10/h", at=AT))
        connection.close()

    threads = [threading.Thread(target=visit) for _ in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert results.count(0) == 10
    assert RateCount.objects.get().count == 40


@pytest.mark.django_db
def test_a_limited_view_answers_429_with_a_time_and_counts_posts_only(rf):
    view = ratelimit.limit("form", "1/10m")(lambda request: HttpResponse("in"))

    assert [view(rf.get("/")).status_code for _ in range(3)] == [200] * 3
    assert view(rf.post("/")).status_code == 200
    refused = view(rf.post("/"))
    assert (refused.status_code, refused["Retry-After"]) == (429, "600")
    assert b"Please wait" in refused.content


@pytest.mark.parametrize(
    ("proxies", "forwarded", "seen"),
    [
        (0, "198.51.100.9", "192.0.2.1"),  # nobody in front: the header is the visitor's own words
        (1, "198.51.100.9", "198.51.100.9"),
        (1, "203.0.113.5, 198.51.100.9", "198.51.100.9"),
        (2, "6.6.6.6, 203.0.113.5, 198.51.100.9", "203.0.113.5"),
        (2, "203.0.113.5", "192.0.2.1"),  # came past a proxy
        (1, "198.51.100.9:4711", "198.51.100.9"),
        (1, "[2001:db8::1]:4711", "2001:db8::1"),
        (1, "<script>", "192.0.2.1"),
        (1, "", "192.0.2.1"),
    ],
)
def test_the_address_is_what_the_nearest_trusted_proxies_saw(rf, settings, proxies, forwarded, seen):
    settings.TRUSTED_PROXIES = proxies
    assert ratelimit.address(rf.get("/", REMOTE_ADDR="192.0.2.1", headers={"X-Forwarded-For": forwarded})) == seen


def test_an_ipv6_network_counts_as_one_client(rf):
    one, two = (ratelimit.client(rf.get("/", REMOTE_ADDR=f"2001:db8:1:2::{n}")) for n in (1, 2))
    assert one == two == "2001:db8:1:2::/64"


def test_a_socket_without_an_address_still_gets_a_client(rf):
    assert ratelimit.client(rf.get("/", REMOTE_ADDR="")) == "0.0.0.0"
