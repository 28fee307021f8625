"""The school's own page by its private link: looking answers nothing, errors say how to mend them, answers change."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from applications.models import Proposal
from applications.rollover import emails, settling
from hubportal.accounts import links
from hubportal.messaging.models import Message

from .world import AT, EMB, SUS, phase


@pytest.fixture
def asked(world):
    proposal = world.ask(world.place())
    Proposal.objects.update(answer_by=date(2199, 1, 1))
    proposal.refresh_from_db()
    return proposal


def link(proposal):
    return links.address(emails.private_link(proposal, at=timezone.now())).removeprefix("http://127.0.0.1:8000")


def form(proposal, *, emb="yes", sus="yes", **more):
    return {
        f"phase_{phase(proposal, EMB).pk}": emb,
        f"phase_{phase(proposal, SUS).pk}": sus,
        "answered_name": "Amina Okafor",
        "team": "same",
    } | more


def test_looking_answers_nothing(asked, client, settings):
    settings.PORTAL_URL = "http://127.0.0.1:8000"
    address = link(asked)
    for _ in range(2):
        page = client.get(address)
    words = page.content.decode()
    assert page.status_code == 200
    assert "Your move: please say whether your school goes on." in words
    assert "A grant of £1,000 for the department" in words
    asked.refresh_from_db()
    assert (asked.status, asked.answered_at) == ("asked", None)


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"emb": ""}, "Say yes, maybe or not now to Secondary Teaching for Mastery: Embedding 2026/27."),
        ({"sus": "no"}, "goes together with"),
        ({"team": ""}, "Say who will take part."),
        ({"answered_name": ""}, "Enter your name."),
        ({"emb": "no", "sus": "no"}, "Choose the main reason."),
        ({"emb": "no", "sus": "no", "reason": "time"}, "Say when we shall ask you again"),
        ({"emb": "no", "sus": "maybe", "reason": "time", "again": "never"}, "You said maybe"),
        ({"emb": "no", "sus": "no", "reason": "time", "again": "2020-01-01"}, "Choose one of these."),
        ({"emb": "perhaps"}, "Choose one of these."),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_kept(asked, client, settings, values, error):
    settings.PORTAL_URL = "http://127.0.0.1:8000"
    page = client.post(link(asked), form(asked, **values))
    assert error in page.content.decode()
    asked.refresh_from_db()
    assert asked.status == "asked"


def test_a_school_answers_changes_its_mind_and_is_told_when_it_is_too_late(asked, client, settings, world):
    settings.PORTAL_URL = "http://127.0.0.1:8000"
    address = link(asked)
    assert "your hub has your answer" in client.post(address, form(asked), follow=True).content.decode()
    choices = client.get(address).context["form"].fields["again"].choices
    client.post(address, form(asked, emb="no", sus="no", reason="people", again=choices[-2][0]))
    asked.refresh_from_db()
    assert (asked.status, asked.reason, asked.ask_again_on.month) == ("answered", "people", 9)
    client.post(address, form(asked))
    asked.refresh_from_db()
    settling.settle(asked, by=world.lead, at=timezone.now())
    late = client.post(address, form(asked, emb="no", sus="no"), follow=True).content.decode()
    assert "taken up your answers" in late
    assert "your places are made" in late


def test_after_the_day_the_page_says_so(asked, client, settings):
    settings.PORTAL_URL = "http://127.0.0.1:8000"
    Proposal.objects.update(answer_by=date(2026, 1, 1))
    address = link(asked)
    assert "Send our answer" not in client.get(address).content.decode()
    assert "has passed" in client.post(address, form(asked), follow=True).content.decode()


def test_a_new_contact_closes_the_link(asked, client, settings):
    settings.PORTAL_URL = "http://127.0.0.1:8000"
    Message.objects.update(status="sent", sent_at=AT)
    address = link(asked)
    page = client.post(f"{address}contact/", {"name": "Bo Ek", "email": "bo@school.example"})
    assert "bo@school.example" in page.content.decode()
    assert client.get(address).status_code == 410


def test_names_that_were_left_for_later_are_given(asked, client, settings, world):
    settings.PORTAL_URL = "http://127.0.0.1:8000"
    address = link(asked)
    assert client.get(f"{address}advocates/").status_code == 302
    client.post(address, form(asked, team="later"))
    settling.settle(asked, by=world.lead, at=timezone.now())
    assert "Name who takes part" in client.get(address).content.decode()
    people = {f"{part}_{n}": f"{word} {n}" for n in (1, 2) for part, word in [("name", "Teacher New")]}
    people |= {f"email_{n}": f"t{n}@school.example" for n in (1, 2)} | {f"role_{n}": "teacher" for n in (1, 2)}
    wrong = client.post(f"{address}advocates/", people | {"email_2": "t1@school.example"})
    assert "must be two people" in wrong.content.decode()
    missing = client.post(f"{address}advocates/", people | {"name_1": "", "role_2": ""}).content.decode()
    assert "Enter the full name." in missing
    done = client.post(f"{address}advocates/", people, follow=True).content.decode()
    assert "your places are confirmed" in done


def test_a_dead_link_says_whom_to_ask(client, asked):
    page = client.get(reverse("applications:next_year", args=["x" * 43]))
    assert page.status_code == 410
