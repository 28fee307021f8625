"""What an import writes: all of a good file, once."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from programmes.models import Establishment, LocalAuthority, RegisterImport, Trust
from programmes.schools.register import date_in_name
from tests.factories import SchoolFactory

from . import files
from .files import COLUMNS_29, COLUMNS_135, COLUMNS_139, row

pytestmark = pytest.mark.django_db

FULL = row(
    100_001,
    "St Thomas à Becket's School",
    opened="01-09-1999",
    closed="31-08-2027",
    EstablishmentNumber="4001",
    Street="1 High Street",
    Easting="533498",
    pupils="612",
    **{
        "EstablishmentStatus (code)": "3",
        "ReligiousCharacter (name)": "Does not apply",
        "County (name)": "Not applicable",
        "Locality": "None",
        "Trusts (code)": "2044",
        "Trusts (name)": "Oak Trust",
        "Section41Approved (name)": "Not approved",
    },
)


@pytest.mark.parametrize("columns", [COLUMNS_29, COLUMNS_135, COLUMNS_139, COLUMNS_135[::-1]])
def test_columns_are_found_by_name_in_any_number_and_order(load, columns):
    outcome = load([FULL, row(100_002)], columns=columns)

    school = Establishment.objects.get(pk=100_001)
    assert (outcome.rows, outcome.added, outcome.changed, outcome.missing) == (2, 2, 0, 0)
    assert (school.name, school.status, school.phase) == ("St Thomas à Becket's School", 3, 4)
    assert (school.opened_on, school.closed_on) == (date(1999, 9, 1), date(2027, 8, 31))
    assert (school.number, school.easting, school.low_age) == ("4001", 533498, 11)
    assert (school.religious_character, school.county, school.locality) == ("", "", "")
    assert school.local_authority == LocalAuthority(code="881", name="Essex")
    if columns is not COLUMNS_29:
        assert (school.pupils, school.section_41, school.trust) == (612, False, Trust(code="2044", name="Oak Trust"))


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8", "utf-8-sig"])
def test_cp1252_and_utf8_with_and_without_its_mark_are_read_alike(load, encoding):
    load([row(1001, "Fierté \u2013 St John\u2019s"), row(1002)], encoding=encoding)

    assert Establishment.objects.get(pk=1001).name == "Fierté \u2013 St John\u2019s"


def test_the_same_file_again_changes_nothing_and_is_recognised(load):
    load([FULL, *files.rows(30, 200_000)], columns=COLUMNS_135)
    before = list(Establishment.objects.values())

    again = load([FULL, *files.rows(30, 200_000)], columns=COLUMNS_135)

    assert again.is_unchanged
    assert again.seen_before is not None
    assert list(Establishment.objects.values()) == before
    assert list(RegisterImport.objects.order_by("pk").values_list("status", flat=True)) == ["applied", "unchanged"]


def test_columns_that_a_file_lacks_leave_what_we_have(load):
    load([FULL, row(100_002)], columns=COLUMNS_135)

    outcome = load([FULL | {"Town": "Chelmsford"}, row(100_002)], columns=COLUMNS_29)

    school = Establishment.objects.get(pk=100_001)
    assert (school.town, school.pupils, school.trust_id, school.section_41) == ("Chelmsford", 612, "2044", False)
    assert "NumberOfPupils" in outcome.warnings[0]


def test_a_dry_run_shows_each_difference_and_saves_nothing(load):
    load([row(1), row(2), row(3), *files.rows(60)])
    before = list(Establishment.objects.values())

    outcome = load([row(1, town="Harwich"), row(2, status="2"), row(4), *files.rows(60)], dry_run=True)

    assert outcome.examples == {
        "added": ["School 4 (URN 4)"],
        "changed": ["School 1 (URN 1): town “Colchester” -> “Harwich”"],
        "closed": ["School 2 (URN 2): status “1” -> “2”"],
        "missing": ["School 3 (URN 3)"],
    }
    assert (outcome.added, outcome.changed, outcome.closed, outcome.missing) == (1, 2, 1, 1)
    assert list(Establishment.objects.values()) == before
    assert RegisterImport.objects.count() == 1


def test_a_dry_run_shows_twenty_examples_and_counts_all(load):
    outcome = load(files.rows(50), dry_run=True)

    assert (outcome.added, len(outcome.examples["added"])) == (50, 20)


def test_a_school_that_the_file_lost_is_kept_and_marked_until_it_is_back(load):
    load(files.rows(60))
    load(files.rows(59), on=date(2026, 10, 2))
    assert Establishment.objects.get(pk=100_059).gone_on == date(2026, 10, 2)

    again = load(files.rows(59), on=date(2026, 10, 3))
    assert (again.missing, Establishment.objects.get(pk=100_059).gone_on) == (0, date(2026, 10, 2))

    back = load(files.rows(60), on=date(2026, 10, 4))
    assert (back.changed, Establishment.objects.get(pk=100_059).gone_on) == (1, None)


def test_a_school_of_ours_is_seen_again_in_each_register_and_others_are_not_written(load):
    load(files.rows(2))
    SchoolFactory(establishment=Establishment.objects.get(pk=100_000))

    outcome = load(files.rows(2), on=date(2026, 10, 20))

    assert outcome.is_unchanged
    assert list(Establishment.objects.order_by("urn").values_list("seen_on", flat=True)) == [
        date(2026, 10, 20),
        date(2026, 10, 1),
    ]


def test_made_up_schools_of_before_do_not_stand_in_the_way_of_the_first_register(load):
    SchoolFactory.create_batch(10)

    outcome = load(files.rows(60))

    assert (outcome.added, outcome.missing) == (60, 10)
    assert "10 open schools of before" in outcome.warnings[-1]


def test_an_authority_is_renamed_and_a_blank_one_has_a_code_of_its_own(load):
    load([row(1), row(2, **{"LA (code)": "000", "LA (name)": "Does not apply"})])
    load([row(1, **{"LA (name)": "Essex County"}), row(2, **{"LA (code)": "", "LA (name)": ""})])

    assert set(LocalAuthority.objects.values_list("code", "name")) == {("881", "Essex County"), ("000", "000")}
    assert Establishment.objects.get(pk=2).local_authority_id == "000"


@pytest.mark.parametrize(
    ("name", "on"),
    [
        ("edubasealldata20250422.csv", date(2025, 4, 22)),
        ("gias_20220425_open.csv", date(2022, 4, 25)),
        ("edubase99999999.csv", None),
        ("edubase123456789.csv", None),
        ("register.csv", None),
    ],
)
def test_the_date_is_read_from_the_file_name(name, on):
    assert date_in_name(name) == on


def test_the_command_says_what_it_did(tmp_path):
    path, out = files.write(tmp_path / "all20250422.csv", files.rows(3)), StringIO()

    call_command("import_register", path, stdout=out)
    call_command("import_register", path, "--dry-run", stdout=out)

    text = out.getvalue()
    assert "all20250422.csv, the register of 22 April 2025: 3 schools." in text
    assert "3 new, 0 changed (0 of them closed), 0 no longer in the file." in text
    assert "Nothing has changed." in text
    assert "This was a dry run: nothing has been saved." in text


def test_the_command_ends_with_the_refusal(tmp_path):
    with pytest.raises(CommandError, match=r"nowhere\.csv cannot be read: No such file"):
        call_command("import_register", tmp_path / "nowhere.csv")

    record = RegisterImport.objects.get()
    assert (record.status, record.file_name) == ("refused", "nowhere.csv")


def test_links_are_stored_replaced_and_counted(load):
    first = load(files.rows(3), links=[(100_000, 7, "Successor"), (7, 100_000, "Predecessor")])
    again = load(files.rows(3), links=[(100_000, 7, "Successor"), (8, 100_000, "Predecessor")])
    third = load(files.rows(3), links=[(100_000, 7, "Successor"), (8, 100_000, "Predecessor")])

    assert (first.links.written, again.links.written, again.links.removed) == (2, 1, 1)
    assert third.is_unchanged
