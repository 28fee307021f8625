"""What stands in the logs: enough to find a fault, never a private link."""

import io
import logging
from datetime import timedelta

import pytest
from django.conf import settings as portal

from hubportal.accounts import links
from hubportal.logs import PlainFormatter, hide_tokens
from tests.factories import AT

pytestmark = pytest.mark.django_db


@pytest.fixture
def log():
    """What the portal's own handler would write: its formatter is the one in the settings."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(PlainFormatter())
    logging.getLogger().addHandler(handler)
    yield stream
    logging.getLogger().removeHandler(handler)


@pytest.mark.parametrize("path", ["/application/{}/", "/application/{}/place/", "/confirm/{}/", "/apply/continue/{}/"])
@pytest.mark.parametrize("method", ["get", "put"])
def test_no_token_of_a_private_link_is_logged(client, log, path, method):
    link = links.make("applications:manage", "applications.application:1", at=AT, lives=timedelta(days=1))
    token = links.address(link).split("/")[-2]
    response = getattr(client, method)(path.format(token))

    assert response.status_code >= 400
    assert token not in log.getvalue()
    assert path.format("[token]") in log.getvalue()


def test_a_refused_form_logs_no_token(log):
    from django.test import Client

    token = "Ab-_" * 11
    response = Client(enforce_csrf_checks=True).post(f"/application/{token}/withdraw/", {})

    assert response.status_code == 403
    assert "/application/[token]/withdraw/" in log.getvalue()
    assert token not in log.getvalue()


def test_a_traceback_hides_tokens_and_numbers_of_records_stay(log):
    token = "x" * 43
    try:
        raise LookupError(f"/confirm/{token}/")
    except LookupError:
        logging.getLogger("hubportal").exception("Bad %s", f"/application/{token}/")

    assert token not in log.getvalue()
    assert "/confirm/[token]/" in log.getvalue()
    assert hide_tokens("/admin/applications/application/12/change/") == "/admin/applications/application/12/change/"


def test_a_request_that_is_refused_is_one_line_and_a_fault_keeps_its_traceback(client, log):
    from django.conf import settings

    long = {"login": "x" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)}
    assert client.post("/sign-in/", long).status_code == 413  # in parts
    assert client.post("/sign-in/", "x", content_type="multipart/form-data; boundary=").status_code == 400
    assert client.get("/sign-in/", headers={"host": "elsewhere.example"}).status_code == 400
    lines = log.getvalue().splitlines()
    assert len(lines) == 3, lines
    assert all(" ERROR " in line or " WARNING " in line for line in lines)

    try:
        raise LookupError("a fault")
    except LookupError:
        logging.getLogger("django.request").exception("Server error", extra={"status_code": 500})
    assert "Traceback" in log.getvalue()


def test_every_line_goes_through_the_formatter_that_hides_tokens():
    logs = portal.LOGGING
    assert logs["formatters"]["plain"] == {"()": "hubportal.logs.PlainFormatter"}
    assert {handler["formatter"] for handler in logs["handlers"].values()} == {"plain"}
    assert {name: logging.getLogger(name).handlers for name in ("django", "django.server")} == {
        "django": [],
        "django.server": [],
    }
    assert logging.getLogger("django.server").propagate
