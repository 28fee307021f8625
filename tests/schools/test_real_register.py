"""The real register of 2022 with the real links of 2025, when they lie beside the clone."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.conf import settings

from programmes.models import Establishment, EstablishmentLink, SchoolChange
from programmes.schools.actions import register_school
from programmes.schools.reading import RegisterRefused
from programmes.schools.register import import_register
from tests.factories import AT

from . import files

FOLDER = Path(settings.BASE_DIR).parent / "shared" / "register"
REGISTER = FOLDER / "gias_state_mainstream_open_20220425.csv"
LINKS = FOLDER / "links_edubasealldata20250422.csv"
THEN = datetime(2022, 4, 26, 9, tzinfo=UTC)

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.slow,
    pytest.mark.skipif(not REGISTER.exists(), reason=f"THE REAL REGISTER IS NOT THERE: {REGISTER}"),
]


def test_the_real_files_load_once_and_then_change_nothing():
    first = import_register(REGISTER, links_path=LINKS, at=THEN)
    again = import_register(REGISTER, links_path=LINKS, at=THEN)

    assert (first.register_on, first.rows, first.added, first.links.written) == (
        date(2022, 4, 25),
        20_185,
        20_185,
        33_801,
    )
    assert again.is_unchanged
    assert again.seen_before is not None
    assert Establishment.objects.filter(phase__in=[4, 5, 7]).count() == 3_404
    assert EstablishmentLink.objects.get(urn=100006, link_urn=134643).link_type == "Predecessor - merged"
    assert [warning.split(" has no column ")[0] for warning in first.warnings] == [REGISTER.name]


def test_a_real_file_that_lost_a_fifteenth_of_its_schools_is_refused(tmp_path):
    import_register(REGISTER, at=THEN)
    lines = REGISTER.read_bytes().split(b"\r\n")
    short = tmp_path / "short20220426.csv"
    short.write_bytes(b"\r\n".join([line for n, line in enumerate(lines) if n % 15 or n == 0 or not line]))

    with pytest.raises(RegisterRefused, match=r"has lost 1,345 of the 20,185 open schools of the register \(6\.7%"):
        import_register(short, at=THEN)

    assert not Establishment.objects.exclude(gone_on=None).exists()


def test_what_became_of_the_schools_that_were_to_close_in_2022():
    """Three years on, 128 schools of the file have closed; their successors are in no file of ours."""
    import_register(REGISTER, at=THEN)
    for establishment in Establishment.objects.filter(status=3, phase=4):
        register_school(establishment, at=THEN)

    outcome = import_register(REGISTER, links_path=LINKS, at=AT)

    waiting = SchoolChange.objects.waiting()
    assert (
        len(outcome.followed) + waiting.count()
        == Establishment.objects.filter(school__isnull=False, closed_on__isnull=False).count()
    )
    assert all(
        "(not in the register)" in text or "names no" in text or "leads to" in text for text in outcome.for_staff
    )
    with REGISTER.open(encoding="cp1252") as file:
        assert file.readline().rstrip().split(",") == files.COLUMNS_29
