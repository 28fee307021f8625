from datetime import date

import pytest

from programmes.schools.register import import_register
from tests.factories import AT

from . import files


@pytest.fixture
def load(tmp_path, db):
    """Import rows, or the file at a path, as the register of a date."""

    def _load(rows_or_path, *, on=date(2026, 10, 1), links=None, dry_run=False, at=AT, **options):
        path = rows_or_path
        if isinstance(rows_or_path, list):
            path = files.write(tmp_path / "register.csv", rows_or_path, **options)
        links_path = files.links(tmp_path / "links.csv", *links) if links is not None else None
        return import_register(path, links_path=links_path, register_on=on, dry_run=dry_run, at=at)

    return _load
