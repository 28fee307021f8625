"""What every template must keep to, and the error pages, which must not need what may be broken."""

import re

import pytest
from django.conf import settings
from django.core.paginator import Paginator
from django.template.loader import render_to_string
from django.test import RequestFactory, override_settings

TEMPLATES = settings.BASE_DIR / "templates"
PAGES = sorted(TEMPLATES.rglob("*.html"))
ERRORS = ["400.html", "403_csrf.html", "413.html", "429.html", "500.html"]
plain_static = override_settings(
    STORAGES={"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_no_template_has_a_style_a_handler_or_a_script_of_its_own(path):
    source = path.read_text()

    assert not re.search(r"\sstyle=|<style|\son\w+=\"|href=\"javascript:", source)
    assert not re.search(r"<script(?![^>]*\ssrc=)(?![^>]*type=\"application/json\")", source)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_no_page_claims_to_be_the_governments(path):
    assert "GOV.UK" not in re.sub(r"{#.*?#}", "", path.read_text())


@plain_static
@pytest.mark.parametrize("name", ERRORS)
def test_an_error_page_needs_no_request_no_user_and_no_database(name):
    html = render_to_string(name)

    assert html.count("<h1>") == 1
    assert "<title>" in html
    assert "Sign in" not in html


@plain_static
def test_page_links_keep_the_filters():
    request = RequestFactory().get("/", {"status": "eligible", "page": "2"})
    page = Paginator(range(150), 50).page(2)

    html = render_to_string("components/pagination.html", {"page": page}, request=request)

    assert 'href="?status=eligible&amp;page=3"' in html
    assert 'aria-label="Page 2" aria-current="page"' in html


def test_a_finding_says_its_effect_in_words_and_where_the_fact_is_from():
    finding = {
        "code": "type",
        "text": "Your school is a special school.",
        "effect": "refer",
        "fact": "Type: Community special school",
        "source": "register of schools",
        "as_of": "2026-03-01",
    }

    html = render_to_string("components/findings.html", {"findings": [finding]})

    assert "A person will look at this" in html
    assert "We saw: Type: Community special school (register of schools, 1 March 2026)" in html


def test_coordinates_that_the_register_lacks_are_said_to_be_lacking():
    assert "Not in the register" in render_to_string("components/coordinates.html", {"easting": None, "northing": 1})
    assert "E 412345 N 298765" in render_to_string(
        "components/coordinates.html", {"easting": 412345, "northing": 298765}
    )
