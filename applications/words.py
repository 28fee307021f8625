"""What a form and the people in it are called: one row for each way into a programme, so that no page asks which."""

from dataclasses import dataclass, replace

from programmes.cohorts.models import Programme


@dataclass(frozen=True)
class Words:
    """Words for pages and e-mails of one kind of application. `asks` is a sentence for the headteacher."""

    form: str
    a_form: str
    begin: str
    sent: str
    person: str
    short: str
    asks: str
    told: str
    leads: str
    needed: tuple[str, ...]

    @property
    def people(self) -> str:
        return f"{self.person}s"

    @property
    def shorts(self) -> str:
        return f"{self.short}s"

    def put_in(self, sentence: str) -> str:
        """Return a sentence with the people's name where it says so."""
        return sentence.format(people=self.people, shorts=self.shorts)


INTEREST = Words(
    form="expression of interest",
    a_form="an expression of interest",
    begin="Express interest",
    sent="Expression of interest sent",
    person="Mastery Advocate",
    short="Advocate",
    asks="Two maths teachers would take part.",
    told="Two maths teachers would take part for a year.",
    leads=(
        "At least one of them should be the head of department, the second in department, the Key Stage 3 lead or have "
        "a similar role."
    ),
    needed=("the names of two maths teachers, or one, or none: you can name them later",),
)
LOCAL = replace(  # a hub's own programme: nobody in it need be an Advocate
    INTEREST,
    person="teacher",
    short="teacher",
    asks="Two teachers would take part.",
    told="Two teachers would take part.",
    leads="",
    needed=("the names of two teachers, or one, or none: you can name them later",),
)
SIGN_UP = Words(
    form="sign-up",
    a_form="a sign-up",
    begin="Sign up",
    sent="Sign-up sent",
    person="lead participant",
    short="lead participant",
    asks="The maths department would go on taking part, with two people who lead for it.",
    told="The maths department would take part for another year, with two people who lead for it.",
    leads="",
    needed=(
        "the year in which your department took part, or the cohort of its Mastery Specialist",
        "the names of two people who lead for the school, or one, or none: you can name them later",
        "your department's development plan, as text or as a file: you can send it later",
    ),
)
WORDS = {
    Programme.Entry.APPLY: INTEREST,
    Programme.Entry.CONTINUE: SIGN_UP,
    Programme.Entry.OFFERED: SIGN_UP,
    Programme.Entry.TEACHER: INTEREST,
}


def words_of(programme: Programme) -> Words:
    """Return what the form of a programme and its people are called."""
    found = WORDS[programme.entry]
    return LOCAL if found is INTEREST and programme.hub_id else found
