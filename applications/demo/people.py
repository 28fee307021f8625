"""The demo's people: made-up names, addresses that belong to nobody."""

import unicodedata
from dataclasses import dataclass
from random import Random

from programmes.models import Establishment

from .register import domain, words

FIRST = words(
    """
    Aaliyah Adam Ailsa Amina Anjali Ben Bronwen Carys Chidi Claire Daniel Dermot Deepa Elif Emeka Farah Fergus Grace
    Hannah Idris Ines Jo Kasia Kwame Laszlo Leila Malachy Marek Mei Nadia Nia Oluwaseun Owen Priya Rachel René Rosa
    Samir Siobhán Tariq Tomos Ursula Vikram Wiktor Yusuf Zoë
    """
)
LAST = words(
    """
    Abara Ashdown Banerjee Brannigan Chaudhry Chen Cole D'Souza Dacosta Edevane Eriksson Farrow Fitzgerald-Amadi
    Gill Grzelak Hadley Hussain Iqbal Jarvis Kaplan Kaur Lindqvist Llewellyn Marchetti Mbeki McAllister Mensah Nowak
    O'Connor Okafor Oyelaran Patel Petrov Quigley Reid Sato Sørensen Tandy Udall Varga Whitlock Yilmaz Zając
    """
)
PEOPLE_OF_A_SCHOOL = 7
HEAD, LEADS_MATHS, TEACHES_MATHS, COLLEAGUE, ANOTHER, DEPUTY, TRUST = range(PEOPLE_OF_A_SCHOOL)


@dataclass(frozen=True)
class MadeUp:
    name: str
    email: str


def of(establishment: Establishment) -> list[MadeUp]:
    """Return the people of a school, the same on every run: HEAD, LEADS_MATHS, TEACHES_MATHS and so on."""
    random = Random(establishment.urn)
    names = zip(random.sample(FIRST, PEOPLE_OF_A_SCHOOL), random.sample(LAST, PEOPLE_OF_A_SCHOOL), strict=True)
    at = domain(establishment.name, establishment.town)
    return [MadeUp(f"{first} {last}", f"{local_part(first, last)}@{at}") for first, last in names]


def local_part(first: str, last: str) -> str:
    return f"{_plain(first)}.{_plain(last)}"


def _plain(name: str) -> str:
    decomposed = unicodedata.normalize("NFKD", name.lower().replace("ø", "o").replace("ł", "l"))
    return "".join(letter for letter in decomposed if letter.isascii() and letter.isalpha())
