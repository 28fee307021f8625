"""In which state a late link is on a day: pure words for staff."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class LateState:
    """The state of a late link. Codes: waiting, begun, sent, expired, revoked."""

    code: str
    label: str
    tone: str

    @property
    def is_open(self) -> bool:
        """Return whether an application may still be sent by it."""
        return self.code in {"waiting", "begun"}


def late_state(*, until_on: date, revoked: bool, begun: bool, sent: bool, today: date) -> LateState:
    """Return the state: one that let its application through has done its work, whatever came afterwards."""
    if sent:
        return LateState("sent", "Used", "good")
    if revoked:
        return LateState("revoked", "Taken back", "bad")
    if today > until_on:
        return LateState("expired", "Run out", "")
    return LateState("begun", "Form begun", "wait") if begun else LateState("waiting", "Not opened yet", "info")
