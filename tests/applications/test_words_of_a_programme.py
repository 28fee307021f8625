"""What only fits Development stands on no page and in no e-mail of another programme, and the other way round."""

from types import SimpleNamespace

import pytest
from django.template import Context
from django.template.loader import get_template

from applications import actions, interests, place_emails
from applications.pages import page_of
from applications.people_forms import AdvocatesForm, form_of
from hubportal.messaging.models import Message
from tests.applications.sustaining import signed_up, sustaining_cohort
from tests.factories import AT, CohortFactory, DraftFactory, HubFactory, PlaceFactory, ProgrammeFactory, ProjectFactory

pytestmark = pytest.mark.django_db


def test_a_pasted_list_of_advocates_is_not_told_of_single_sessions():
    form = AdvocatesForm({"name_1": "A\nB\nC"})

    assert form.errors["name_1"] == ["Enter one person here. Two people are named, one in each part of this page."]


def test_a_lead_participant_who_follows_is_called_so_and_no_grant_is_promised():
    application = signed_up(sustaining_cohort())

    place_emails.advocates_replaced(application, [SimpleNamespace(pk=1)], at=AT)

    told = Message.objects.get(template="advocates_replaced")
    assert told.subject.startswith("Your lead participants have changed")
    assert "Mastery Advocates" not in told.text and "grant" not in told.text


def test_a_place_without_a_grant_that_moves_or_waits_is_promised_none():
    application = signed_up(sustaining_cohort())
    place = PlaceFactory(cohort=application.cohort, put_off_to=2027)

    place_emails.place_deferred(application, place, at=AT)

    assert "If a grant comes with the place of the later year" in Message.objects.get(template="place_deferred").text
    context = {"application": application, "old": application, "hub": application.hub, "place": place}
    moved = get_template("emails/place_moved.txt").template.render(Context(context))
    assert "comes without a grant" in moved and "lead participants" in moved and "£" not in moved


def test_who_waits_for_a_teachers_programme_hears_that_teachers_can_apply():
    programme = ProgrammeFactory(family="sec-specialist", entry="teacher")
    cohort = CohortFactory(project=ProjectFactory(programme=programme))
    waiting = {"hub": cohort.hub, "school_name": "Harwich School", "name": "Zoë", "email": "zoe@school.example"}
    interest = actions.register_interest(programme, at=AT, **waiting)

    message = interests.window_open(interest, cohort, "Until May.", at=AT)

    assert "Teachers at Harwich School can apply" in message.text


def test_a_hubs_own_programme_asks_for_teachers_and_not_for_advocates():
    hub = HubFactory()
    programme = ProgrammeFactory(family="local-sea", slug="sea", title="Maths and the sea", hub=hub)
    draft = DraftFactory(cohort=CohortFactory(hub=hub, project=ProjectFactory(programme=programme)))

    form = form_of(draft)({"unknown_1": "on"})

    assert page_of(draft, "advocates").title == "The teachers who take part"
    assert form.errors["name_2"] == ["Enter the second teacher's name, or tick that you do not know yet."]
    assert (draft.words.people, draft.words.leads, draft.words.told) == (
        "teachers", "", "Two teachers would take part.",
    )  # fmt: skip
