"""Mail as files, where there is no mail server."""

from email import message_from_bytes, policy

import pytest

from hubportal.messaging import delivery

from .rows import AT, MessageFactory, statuses


@pytest.mark.django_db
def test_each_message_is_one_readable_file_with_a_telling_name(settings, tmp_path):
    settings.EMAIL_BACKEND = "hubportal.messaging.backends.EmailFiles"
    settings.EMAIL_FILE_PATH = tmp_path
    place = {"to": "jo.reid@school.example", "subject": "Your place on the programme"}
    MessageFactory(**place, text="Dear Jo,\n£2,000 for you.\n")
    MessageFactory(**place)

    delivery.deliver_due(AT)

    first, second = sorted(tmp_path.iterdir())
    assert first.name != second.name
    assert first.name.endswith("-jo-reid-at-school-example-your-place-on-the-programme.eml")
    assert "£2,000 for you." in first.read_text()
    email = message_from_bytes(first.read_bytes(), policy=policy.default)
    assert (email["To"], email["Subject"]) == ("jo.reid@school.example", "Your place on the programme")


@pytest.mark.django_db
def test_a_directory_that_cannot_be_written_keeps_mail_in_the_queue(settings, tmp_path):
    settings.EMAIL_BACKEND = "hubportal.messaging.backends.EmailFiles"
    settings.EMAIL_FILE_PATH = tmp_path / "a-file"
    (tmp_path / "a-file").write_text("not a directory")
    MessageFactory()
    delivery.deliver_due(AT)
    assert statuses() == {"queued": 1}


def test_a_long_or_hostile_name_stays_a_plain_file_name(settings, tmp_path):
    from django.core.mail import EmailMessage

    from hubportal.messaging.backends import file_name

    name = file_name(EmailMessage(subject="../../etc/passwd " * 30, to=["../x@y.example"]))
    assert "/" not in name
    assert len(name) < 200
