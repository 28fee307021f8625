"""Logs without secrets: Django writes the path of every refused request, and a private link is a path."""

import copy
import logging
import re

# The segment after these is the token of a private link. Numbers of records, as in the admin's paths, are too short.
TOKEN = re.compile(r"(/(?:application|confirm|apply/continue)/)[\w-]{20,}")


def hide_tokens(text: str) -> str:
    """Return `text` with the token of every private link in it replaced."""
    return TOKEN.sub(r"\1[token]", text)


class PlainFormatter(logging.Formatter):
    """Hides tokens in the finished line, so in messages, arguments and tracebacks alike.

    A request that was refused is one line: its traceback would show only how Django reads requests.
    """

    def __init__(self):
        super().__init__("{asctime} {levelname} {name} {message}", style="{")

    def format(self, record):
        if 400 <= getattr(record, "status_code", 500) < 500:
            record = copy.copy(record)
            record.exc_info = record.exc_text = None
        return hide_tokens(super().format(record))
