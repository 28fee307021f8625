"""A season at the Three Rivers Maths Hub: every place is taken, so there is a waiting list."""

from applications import actions, decisions

from . import people
from .chapters import BOTH, accepted, advocates, confirmed_by_head, filled_in, offered, question, sent
from .story import Here, Story


def stories(here: Here) -> list[Story]:
    return [
        filled_in_but_not_sent(here),
        sent(here, "Sandal Grange School", 4),
        sent(here, "Micklegate Steps Primary School", 19),
        sent(here, "Hambleton Independent Special School", 8),
        sent(here, "Holderness Middle School", 9),
        confirmed_by_head(here, "The Junction Alternative Provision Academy", 14),
        confirmed_by_head(here, "Don Valley Meadows School", 12),
        confirmed_by_head(here, "Nidd Gorge School", 15),
        open_question(here),
        accepted(here, "Three Peaks School", 35),
        accepted(here, "Minster Fields School", 33),
        accepted(here, "Valley Gardens High School", 31, roles=("ks3_lead", "second")),
        accepted(here, "Roundhay Rise School", 24, after=10, roles=()),
        offered(here, "Ousefleet Academy", 13, after=8),
        offered(here, "St Aelred of Rievaulx Catholic School", 12, after=8),
        waiting_list(here, "Knavesmire Academy", 11),
        waiting_list(here, "Brontë Lane Academy", 10),
        declined_by_school(here),
        withdrawn_after_accepting(here),
        new_head(here),
    ]


def filled_in_but_not_sent(here: Here) -> Story:
    yield from filled_in(here, "Saint Hilda's Church of England School", 2)


def open_question(here: Here) -> Story:
    application = yield from sent(here, "Haw Hill All-Through School", 7)
    yield from question(here, application, 3, "Is the head of department to be one of the two Advocates?")


def waiting_list(here: Here, name: str, day: int) -> Story:
    application = yield from confirmed_by_head(here, name, day)
    at = yield here.at(day - 6, "15:20")
    decisions.waitlist(application, by=here.lead, at=at, note="Every place is taken.")


def declined_by_school(here: Here) -> Story:
    application = yield from offered(here, "Whitby Abbey School", 30)
    at = yield here.at(21, "10:15")
    actions.decline_offer(application, at=at, note="It is two hours each way to the meetings.")


def withdrawn_after_accepting(here: Here) -> Story:
    application = yield from accepted(here, "Castle Headland School", 32)
    at = yield here.at(16, "12:10")
    actions.withdraw(application, by=here.administrator, at=at, note="Told by telephone: both Advocates have left.")


def new_head(here: Here) -> Story:
    """A new head has come: the school says so, and the new one is asked. Later the two Advocates change places."""
    application = yield from sent(here, "Malham Cove School", 13)
    establishment = here.school("Malham Cove School")
    head = people.of(establishment)[people.ANOTHER]
    at = yield here.at(11, "09:25")
    actions.correct_head(application, name=head.name, email=head.email, at=at)
    at = yield here.at(8, "14:45")
    actions.name_advocates(application, advocates(establishment, BOTH[::-1]), at=at)
