"""Finding a school by what a person types."""

import pytest

from programmes.models import Establishment, EstablishmentLink
from programmes.schools.answers import as_answers
from tests.factories import EstablishmentFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def schools():
    rows = {
        101001: ("St Thomas à Becket Catholic School", "Wakefield", "WF2 6EQ"),
        101002: ("Saint Mary & Saint Joseph's Academy", "Leeds", "LS1 4AB"),
        101003: ("Bishop Stopford\u2019s Church of England School", "Kettering", "NN15 6BJ"),
        101004: ("Stratford-upon-Avon School", "Stratford-upon-Avon", "CV37 9DH"),
        101005: ("Oakwood High School", "Rotherham", "S60 2UH"),
        101006: ("King Edward VI School", "Lichfield", "WS14 9EE"),
        101007: ("Fierté Academy", "Tamworth", "B77 2NE"),
        101008: ("The JCB Academy", "Rocester", "ST14 5JX"),
    }
    for urn, (name, town, postcode) in rows.items():
        EstablishmentFactory(urn=urn, name=name, town=town, postcode=postcode)


def found(q, **options):
    return [each.pk for each in Establishment.objects.search(q, **options)]


@pytest.mark.parametrize(
    ("q", "urn"),
    [
        ("St Thomas à Becket", 101001),
        ("st thomas a becket", 101001),
        ("ST. THOMAS A BECKET", 101001),
        ("Saint Thomas", 101001),
        ("sain thom", 101001),
        ("becket st wakefield", 101001),
        ("St Mary and St Joseph", 101002),
        ("st marys", 101002),
        ("saint mary & saint josephs", 101002),
        ("St. Mary & St. Joseph's", 101002),
        ("st mary joseph\u2019s academy leeds", 101002),
        ("st joseph`s", 101002),
        ("bishop stopford's", 101003),
        ("bishop stopfords c of e", 101003),
        ("stopford cofe", 101003),
        ("stopford church of e", 101003),
        ("stratford upon avon", 101004),
        ("Stratford-upon", 101004),
        ("oakwood", 101005),
        ("oak", 101005),
        ("o", 101005),
        ("Okawood high", 101005),
        ("oakwod", 101005),
        ("oakwoood school", 101005),
        ("oskwood high schol", 101005),
        ("aokwood", 101005),
        ("kakwood", 101005),
        ("oak wood high", 101005),
        ("high rotheram", 101005),
        ("king edward 6", None),
        ("edward vi litchfield", 101006),
        ("fierte", 101007),
        ("FIERTÉ ACADEMY", 101007),
        ("fiert\u0065\u0301", 101007),
        ("jcb", 101008),
        ("ls1 4ab", 101002),
        ("LS14AB", 101002),
        ("ls14a", 101002),
        ("ls1", 101002),
        ("S60", 101005),
        ("101005", 101005),
        ("URN 101005", 101005),
        ("Oakwood High School, Rotherham, S60 2UH (URN 101005)", 101005),
    ],
)
def test_a_school_is_found_by_what_people_type(schools, q, urn):
    assert found(q)[:1] == ([urn] if urn else [])


def test_a_part_of_a_urn_finds_those_that_begin_so(schools):
    assert found("10100") == [*range(101001, 101009)]


@pytest.mark.parametrize(
    "q",
    ["", " ", "\0", "a\0b", "'; DROP TABLE x; --", "%", "_", "%%%", "\\", "😀", "مدرسة", "א" * 500, "x" * 10_000,
     "a " * 5_000, "(((", "&&&", "\u2019", "\u202eloohcs", "0" * 50, "²³", "1" * 7, "a|b", "''", "\ud7ff"],
)  # fmt: skip
def test_any_text_is_harmless(schools, q):
    assert len(found(q)) <= 10


def test_open_secondaries_come_first_then_open_then_proposed_then_closed():
    make = EstablishmentFactory
    closed = make(name="Oak A", status=2)
    proposed = make(name="Oak B", status=4)
    primary = make(name="Oak C", phase=2)
    closing = make(name="Oak D", status=3)
    all_through = make(name="Oak E", phase=7)

    assert found("oak") == [each.pk for each in (closing, all_through, primary, proposed, closed)]
    assert found("oak", limit=2) == [closing.pk, all_through.pk]


def test_names_that_begin_so_come_before_names_that_hold_the_word():
    inside, beginning = EstablishmentFactory(name="Great Oak"), EstablishmentFactory(name="Oakham")

    assert found("oak") == [beginning.pk, inside.pk]


def test_what_was_found_is_a_queryset():
    school = EstablishmentFactory(name="Oakham")

    assert list(Establishment.objects.search("oak").values_list("name", flat=True)) == [school.name]
    assert not Establishment.objects.search("nothing like it").exists()


def test_a_closed_school_says_when_and_names_its_successor():
    closed = EstablishmentFactory(name="Oak School", status=2, closed_on="2026-08-31")
    new = EstablishmentFactory(name="Oak Academy")
    EstablishmentLink.objects.create(urn=closed.pk, link_urn=new.pk, link_type="Successor")

    first, second = as_answers(Establishment.objects.search("oak"))

    assert (first["urn"], first["status"]) == (new.pk, "Open")
    assert second == {
        "urn": closed.pk,
        "name": "Oak School",
        "town": "Colchester",
        "postcode": "CO1 1AA",
        "la": "Essex",
        "phase": "Secondary",
        "type": "Community school",
        "status": "Closed",
        "label": f"Oak School, Colchester, CO1 1AA (URN {closed.pk}): closed on 31 August 2026, "
        f"now Oak Academy (URN {new.pk})",
        "successor": f"Oak Academy (URN {new.pk})",
    }


def test_the_address_answers_anybody_in_json_and_may_be_kept_for_a_minute(client, schools):
    response = client.get("/schools/search/", {"q": "oakwod"})

    assert [each["urn"] for each in response.json()] == [101005]
    assert response["Cache-Control"] == "public, max-age=60"
    assert client.get("/schools/search/").json() == []
    assert client.post("/schools/search/").status_code == 405


def test_the_address_asks_the_same_number_of_questions_for_one_school_and_for_ten(client, django_assert_num_queries):
    EstablishmentFactory.create_batch(12, name="Oakham School")
    EstablishmentFactory(name="Elm School")

    for q in ("elm", "oakham"):
        with django_assert_num_queries(3):
            client.get("/schools/search/", {"q": q})
