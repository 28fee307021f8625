"""One connection to the mail server, used for many messages, that tells a clear answer from an unclear one.

Django's backend opens and configures the connection; the SMTP conversation is held here, because what went wrong
*before* the text was handed over may be tried again and what went wrong *after* may not.
"""

import smtplib
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum, auto

from django.core.exceptions import ImproperlyConfigured
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends import smtp
from django.core.mail.message import sanitize_address

SERVICE_CLOSING = 421  # RFC 5321: about the server, not about the message


class ServerDown(Exception):
    """No connection to the mail server: it says nothing about any message."""


class Answer(Enum):
    ACCEPTED = auto()
    REFUSED = auto()  # for good (5xx)
    LATER = auto()  # for now (4xx)
    BROKEN = auto()  # the connection broke before the text was handed over: nothing was sent
    UNCLEAR = auto()  # it broke after: nobody can say


@dataclass(frozen=True)
class Outcome:
    """What became of one attempt, and what the server said."""

    answer: Answer
    said: str


class Line:
    """A connection to the mail server, opened when it is first needed."""

    def __init__(self):
        self._backend = None

    def open(self) -> None:
        """Connect, unless connected. Raises ServerDown."""
        if self._backend:
            return
        backend = None
        try:
            backend = get_connection()
            backend.open()
        except (OSError, ImproperlyConfigured) as problem:
            _hang_up(backend)
            raise ServerDown(said(problem)) from problem
        self._backend = backend

    def send(self, email: EmailMessage) -> Outcome:
        """Hand one e-mail over and say what came of it. The line is closed afterwards if it is of no more use."""
        self.open()
        if isinstance(self._backend, smtp.EmailBackend):
            outcome = converse(self._backend.connection, email)
        else:
            outcome = put_down(self._backend, email)
        if outcome.answer in {Answer.BROKEN, Answer.UNCLEAR}:
            self.drop()
        return outcome

    def drop(self) -> None:
        """Close without a word: the other side is not listening."""
        if self._backend:
            _hang_up(self._backend)
            self._backend = None

    def close(self) -> None:
        """Say goodbye and close."""
        if self._backend:
            with suppress(OSError):
                self._backend.close()
            self._backend = None


def _hang_up(backend) -> None:
    """Close the socket of a backend without saying goodbye; Django keeps one that was half opened, too."""
    for name in ("connection", "_partial_connection"):
        connection = getattr(backend, name, None)
        if isinstance(connection, smtplib.SMTP):
            connection.close()
            setattr(backend, name, None)


def converse(server: smtplib.SMTP, email: EmailMessage) -> Outcome:
    """Hold one SMTP conversation."""
    try:
        sender = sanitize_address(email.from_email, "utf-8")
        recipient = sanitize_address(email.to[0], "utf-8")
        text = email.message().as_bytes(linesep="\r\n")
        server.ehlo_or_helo_if_needed()
        for step in (lambda: server.mail(sender), lambda: server.rcpt(recipient)):
            code, reply = step()
            if code not in {250, 251}:
                return _refused(server, code, reply)
    except OSError as problem:  # smtplib's own exceptions are OSErrors too
        return Outcome(Answer.BROKEN, said(problem))
    except ValueError as problem:
        return Outcome(Answer.REFUSED, said(problem))
    return _hand_over(server, text)


def _hand_over(server: smtplib.SMTP, text: bytes) -> Outcome:
    try:
        code, reply = server.data(text)
    except smtplib.SMTPDataError as refusal:  # an answer other than “go ahead” to DATA
        return _refused(server, refusal.smtp_code, refusal.smtp_error)
    except OSError as problem:
        return Outcome(Answer.UNCLEAR, said(problem))
    if code < 400:
        return Outcome(Answer.ACCEPTED if 200 <= code < 300 else Answer.UNCLEAR, _reply(code, reply))
    return _refused(server, code, reply)


def _refused(server: smtplib.SMTP, code: int, reply: bytes) -> Outcome:
    """Return what a refusal means, and make the connection ready for the next message."""
    if code == SERVICE_CLOSING or code < 400:  # below 400: not a refusal, the two sides no longer understand each other
        return Outcome(Answer.BROKEN, _reply(code, reply))
    with suppress(OSError):
        server.rset()
    return Outcome(Answer.REFUSED if code >= 500 else Answer.LATER, _reply(code, reply))


def put_down(backend, email: EmailMessage) -> Outcome:
    """Hand one e-mail to a backend that is no server, such as files."""
    try:
        backend.send_messages([email])
    except OSError as problem:
        return Outcome(Answer.BROKEN, said(problem))
    return Outcome(Answer.ACCEPTED, "")


def _reply(code: int, reply: bytes) -> str:
    return f"{code} {reply.decode(errors='replace')}"


def said(problem: Exception) -> str:
    """Return an exception in words for staff."""
    return f"{type(problem).__name__}: {problem}"
