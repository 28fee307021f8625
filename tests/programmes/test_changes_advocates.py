"""An Advocate is replaced: history is kept, the grant stays one, and what cannot be is refused at its field."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from applications import emails
from applications.models import Application
from applications.place_changes import replace_advocates
from hubportal.accounts import links
from hubportal.history.actions import IllegalMove
from hubportal.history.models import Event
from hubportal.messaging.models import Message
from hubportal.rules import Refused
from programmes.models import Advocate, Grant, GrantEnd
from tests.applications.stages import accepted, kinds_of, notes_of
from tests.factories import AT, PlaceFactory, UserFactory

from .changing import LEFT, NEW, NEXT, OTHER, active, advocates, as_it_is, confirmed_place, replace

pytestmark = pytest.mark.django_db


def codes(refused) -> list[str]:
    return [each.code.partition(":")[0] for each in refused.value.findings]


def test_who_leaves_keeps_the_row_and_who_follows_names_whom():
    place = confirmed_place()
    first, second = advocates(place)

    (new,) = replace(place)

    first.refresh_from_db()
    assert (first.until_on, first.reason) == (LEFT, "Has left the school.")
    assert (new.person.name, new.role, new.from_on, new.until_on, new.replaces) == (
        "Nadia Petrov", "second", NEXT, None, first,
    )  # fmt: skip
    assert Advocate.objects.get(pk=second.pk).until_on is None


def test_a_replacement_never_brings_a_second_grant():
    place = confirmed_place()
    before = list(Grant.objects.values_list("pk", "amount"))

    replace(place)

    assert list(Grant.objects.values_list("pk", "amount")) == before
    assert not GrantEnd.objects.exists()


def test_the_event_names_nobody_and_says_that_there_is_no_second_grant():
    place = confirmed_place()

    replace(place)

    assert kinds_of(place) == ["advocate replaced"]
    assert "No second grant" in notes_of(place)[-1]
    told = Event.objects.filter(kind="advocate replaced").values_list("note", flat=True)
    assert not any("Nadia" in note or "left the school" in note for note in told)


def test_the_contact_is_told_once():
    place = confirmed_place()

    for _ in range(2):
        replace(place, {advocates(place)[0].pk: NEW})

    told = Message.objects.filter(template="advocates_replaced")
    assert told.count() == 1
    assert "Nadia Petrov" in told.get().text
    assert "Nothing more is paid" in told.get().text


def test_the_schools_private_page_names_who_takes_part_now(client):
    place = confirmed_place()
    first, second = advocates(place)
    follower = replace(place, {first.pk: NEW})[0]
    Advocate.objects.filter(pk=first.pk).update(from_on=date(2020, 9, 1), until_on=date(2020, 12, 18))
    link = links.address(emails.manage_link(Application.objects.get(place=place), at=timezone.now()))

    page = client.get(link).text

    assert follower.person.name in page and second.person.name in page
    assert first.person.name not in page


def test_the_same_replacement_sent_twice_is_done_once():
    place = confirmed_place()
    first, _ = advocates(place)

    made = [replace(place, {first.pk: NEW}) for _ in range(2)]

    assert made[0] == made[1]
    assert place.advocates.count() == 3


def test_both_are_replaced_at_once():
    place = confirmed_place()
    first, second = advocates(place)

    replace(place, {first.pk: NEW, second.pk: OTHER})

    now = place.advocates.filter(until_on=None).values_list("person__name", flat=True)
    assert sorted(now) == ["Ben Cole", "Nadia Petrov"]


def test_another_colleague_has_replaced_them_already():
    place = confirmed_place()
    first, _ = advocates(place)
    replace(place, {first.pk: NEW})

    with pytest.raises(IllegalMove, match="just replaced"):
        replace(place, {first.pk: OTHER})


def test_somebody_who_takes_part_already_cannot_follow():
    place = confirmed_place()
    first, second = advocates(place)
    named = NEW | {"name": second.person.name, "email": second.person.emails.get().email}

    with pytest.raises(Refused, match="takes part for this place already") as refused:
        replace(place, {first.pk: named})

    assert refused.value.findings[0].code == f"on_place:{first.pk}"
    assert place.advocates.count() == 2


def test_who_leaves_cannot_follow_themselves():
    place = confirmed_place()
    first, _ = advocates(place)
    named = NEW | {"name": first.person.name, "email": first.person.emails.get().email}

    with pytest.raises(Refused, match="who leaves"):
        replace(place, {first.pk: named})


def test_one_person_cannot_follow_both():
    place = confirmed_place()
    first, second = advocates(place)

    with pytest.raises(Refused) as refused:
        replace(place, {first.pk: NEW, second.pk: NEW})

    assert codes(refused) == ["one_person"]
    assert place.advocates.filter(until_on=None).count() == 2


def test_an_address_of_somebody_else_is_refused_at_its_field():
    place, another = confirmed_place(), confirmed_place()
    address = advocates(another)[0].person.emails.get().email

    with pytest.raises(Refused) as refused:
        replace(place, {advocates(place)[0].pk: NEW | {"email": address}})

    assert codes(refused) == ["another_name"]


@pytest.mark.parametrize(
    ("until_on", "from_on", "code"),
    [
        (date(2026, 9, 1), NEXT, "ends_before"),
        (LEFT, LEFT - timedelta(1), "begins_before"),
        (date(2027, 9, 1), date(2027, 9, 1), "ends_late"),
        (LEFT, date(2027, 9, 1), "begins_late"),
    ],
)
def test_dates_that_cannot_be_are_refused(until_on, from_on, code):
    place = confirmed_place()

    with pytest.raises(Refused) as refused:
        replace(place, until_on=until_on, from_on=from_on)

    assert code in codes(refused)
    assert place.advocates.filter(until_on=None).count() == 2


def test_the_last_day_of_the_year_is_a_day_of_the_place():
    place = confirmed_place()

    replace(place, until_on=date(2027, 8, 31), from_on=date(2027, 8, 31))

    assert place.advocates.count() == 3


def test_a_reason_is_asked_for():
    with pytest.raises(Refused) as refused:
        replace(confirmed_place(), reason=" ")

    assert codes(refused) == ["no_reason"]


@pytest.mark.parametrize(
    ("role", "judged", "code"), [("teacher", True, "no_leading_advocate"), ("slt", False, "judge")]
)
def test_somebody_has_to_lead(role, judged, code):
    place = confirmed_place()

    with pytest.raises(Refused) as refused:
        replace(place, {advocates(place)[0].pk: NEW | {"role": role}}, judged=judged)

    assert codes(refused) == [code]


def test_a_role_can_be_judged_to_be_similar():
    place = confirmed_place()

    replace(place, {advocates(place)[0].pk: NEW | {"role": "slt"}}, judged=True)

    assert "judged to be similar" in notes_of(place)[-1]


def test_an_advocate_of_another_place_is_not_replaced_here():
    place, another = confirmed_place(), confirmed_place()

    with pytest.raises(IllegalMove):
        replace(place, {advocates(another)[0].pk: NEW})


def test_nobody_is_replaced_before_the_place_is_confirmed_or_after_it_has_ended():
    waiting = accepted(nominees=()).place
    assert waiting.status == "accepted"

    for place in (waiting, PlaceFactory(status="withdrawn")):
        with pytest.raises(IllegalMove):
            replace_any(place)


def replace_any(place):
    return replace_advocates(
        place, {1: NEW}, until_on=LEFT, from_on=NEXT, reason="x", judged=False, by=UserFactory(), at=AT
    )


def test_a_place_that_is_taking_part_has_replacements_too():
    place = active(confirmed_place())

    replace(place)

    assert as_it_is(place).status == "active"
