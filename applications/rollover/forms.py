"""What a school answers about next year, and what staff fill in for it."""

from datetime import date

from crispy_forms_gds.layout import Field, Size
from django import forms

from applications.forms import Page, TidyField, email_field, name_field, text_field
from applications.people_forms import AdvocatesForm

from . import rules
from .actions import Said
from .models import Proposal
from .states import Answer, Reason, Team

NEVER = "never"
LONGEST_AHEAD = 120
CHOOSE = "Choose one of these."


class AnswerForm(Page):
    """Yes, maybe or not now to each phase; who takes part; and when to ask again where nothing is a yes."""

    button = "Send our answer"

    team = forms.ChoiceField(
        label="If yes: who will take part for your school?",
        choices=Team.choices,
        widget=forms.RadioSelect,
        required=False,
        error_messages={"invalid_choice": CHOOSE},
    )
    reason = forms.ChoiceField(
        label="If not now, or maybe: what is the main reason?", choices=[("", "Choose a reason"), *Reason.choices],
        required=False, error_messages={"invalid_choice": CHOOSE},
    )  # fmt: skip
    words = text_field("Anything else that your hub should know (optional)", required=False)
    again = forms.ChoiceField(
        label="If not now, or maybe: when shall we ask you again?",
        required=False,
        error_messages={"invalid_choice": CHOOSE},
    )
    answered_name = name_field("Your full name", "Enter your name.")

    def __init__(self, data=None, *, proposal: Proposal, today: date, team: list[str] = (), initial=None):
        self.proposal, self.today, self.team_names = proposal, today, team
        self.phases = list(proposal.phases.all())
        super().__init__(data, initial=(self.initial_from(proposal) if initial is None else initial))

    @staticmethod
    def initial_from(proposal: Proposal) -> dict:
        answered = proposal.answered_at is not None
        return {
            "team": proposal.team,
            "reason": proposal.reason,
            "words": proposal.words,
            "again": proposal.ask_again_on.isoformat() if proposal.ask_again_on else "",
            "answered_name": proposal.answered_name if answered else proposal.contact_name,
        } | {f"phase_{phase.pk}": phase.answer for phase in proposal.phases.all()}

    def layout(self):
        for phase in self.phases:
            self.fields[f"phase_{phase.pk}"] = forms.ChoiceField(
                label=f"{phase.project}: will your school take part?",
                choices=Answer.choices,
                widget=forms.RadioSelect,
                error_messages={"required": f"Say yes, maybe or not now to {phase.project}.", "invalid_choice": CHOOSE},
            )
        self._name_the_team()
        kept = self.initial.get("again")
        choices = rules.ask_again_choices(self.today)
        if kept and kept not in dict(choices):
            day = date.fromisoformat(kept)
            choices = [(kept, f"{day:%B %Y}"), *choices]
        self.fields["again"].choices = [("", "Choose when"), *choices, (NEVER, "Please do not ask us again")]
        asked = [Field.radios(f"phase_{phase.pk}", small=True, legend_size=Size.MEDIUM) for phase in self.phases]
        return [
            *asked,
            Field.radios("team", small=True),
            Field.select("reason"),
            Field.select("again"),
            Field.textarea("words", rows=4),
            Field.text("answered_name", autocomplete="name"),
        ]

    def _name_the_team(self):
        same = f"{Team.SAME.label}: {' and '.join(self.team_names)}" if len(self.team_names) > 1 else ""
        choices = [(Team.SAME, same)] if same else []
        self.fields["team"].choices = [*choices, (Team.LATER, "Others, or not sure: we will name them later")]

    def clean(self):
        data = super().clean()
        answers = self.answers(data)
        if Answer.YES in answers.values():
            if not data.get("team") and "team" not in self.errors:
                self.add_error("team", "Say who will take part.")
            self._alone(answers)
        elif len(answers) == len(self.phases):
            self._not_now(data, answers)
        return data

    def _alone(self, answers: dict[int, str]) -> None:
        """A phase that goes with another cannot be the only yes."""
        for phase in self.phases:
            partner = partner_of(phase, self.phases)
            if answers.get(phase.pk) == Answer.YES and partner and answers.get(partner.pk) != Answer.YES:
                text = f"{phase.project} goes together with {partner.project}: say yes to both, or to the second alone."
                self.add_error(f"phase_{phase.pk}", text)

    def _not_now(self, data: dict, answers: dict[int, str]) -> None:
        if not data.get("reason") and "reason" not in self.errors:
            self.add_error("reason", "Choose the main reason.")
        again = data.get("again")
        if not again and "again" not in self.errors:
            self.add_error("again", "Say when we shall ask you again, or that we shall not.")
        elif again == NEVER and Answer.MAYBE in answers.values():
            self.add_error("again", "You said maybe: say when we shall ask you again.")

    def answers(self, data: dict) -> dict[int, str]:
        found = {phase.pk: data.get(f"phase_{phase.pk}") for phase in self.phases}
        return {pk: answer for pk, answer in found.items() if answer}

    @property
    def said(self) -> Said:
        data = self.cleaned_data
        answers = self.answers(data)
        yes = Answer.YES in answers.values()
        again = data["again"] if not yes and data["again"] not in {"", NEVER} else ""
        return Said(
            answers=answers,
            name=data["answered_name"],
            team=data["team"],
            reason="" if set(answers.values()) == {Answer.YES} else data["reason"],
            words=data["words"],
            ask_again_on=date.fromisoformat(again) if again else None,
        )


def partner_of(phase, phases):
    """Return the phase of `phases` beside which this one goes, as the place that it follows says, or None."""
    following = phase.follows.project.next_phases if phase.follows else []
    beside = next((row.get("with") for row in following if row["family"] == phase.project.programme_id), "")
    return next((each for each in phases if each.project.programme_id == beside), None)


class ContactForm(Page):
    button = "Save the contact"
    name = name_field("Full name", "Enter the name.")
    email = email_field("Work e-mail address", "Enter the e-mail address.", help_text="We send the private link to it.")

    def layout(self):
        return [Field.text("name", autocomplete="name"), Field.text("email", autocomplete="email", spellcheck="false")]


class TeamForm(AdvocatesForm):
    """Both Advocates: here none can be left for later."""

    button = "Save the names"

    def layout(self):
        rows = super().layout()
        for n, _ in self.ORDINALS:
            del self.fields[f"unknown_{n}"]
            self.fields[f"name_{n}"].required = self.fields[f"email_{n}"].required = True
            self.fields[f"role_{n}"].required = True
            self.fields[f"name_{n}"].error_messages["required"] = "Enter the full name."
            self.fields[f"email_{n}"].error_messages["required"] = "Enter the e-mail address."
            self.fields[f"role_{n}"].error_messages["required"] = "Choose the role."
        for fieldset in rows:
            fieldset.fields = fieldset.fields[:3]
        return rows

    def people(self) -> list[dict]:
        data = self.cleaned_data
        return [{part: data[f"{part}_{n}"] for part in ("name", "email", "role")} for n, _ in self.ORDINALS]


class PhoneForm(AnswerForm):
    """What a school said on the telephone: who, and when."""

    button = "Write the answer down"
    said_on = forms.DateField(
        label="When did they say it?",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": "Enter the day.", "invalid": "Enter a day such as 2026-03-27."},
    )

    def layout(self):
        self.fields["answered_name"].label = "Who at the school said so?"
        self.fields["answered_name"].error_messages["required"] = "Say who it was."
        return [Field.text("said_on"), *super().layout()]

    def clean_said_on(self):
        on = self.cleaned_data["said_on"]
        if on > self.today:
            raise forms.ValidationError("This day lies ahead.")
        if (self.today - on).days > LONGEST_AHEAD:
            raise forms.ValidationError("That is long ago: check the day.")
        return on


class ReasonForm(Page):
    button = "Take it back"
    reason = text_field("Why? (the school is not written to)", "Say why.")

    def layout(self):
        return [Field.textarea("reason", rows=3)]


class SettleForm(Page):
    button = "Take up the answer"
    note = text_field("What have you looked at? (needed where the rules ask for a person to look)", required=False)

    def layout(self):
        return [Field.textarea("note", rows=3)]


class AnswerByForm(Page):
    """The day by which the schools of a batch answer."""

    answer_by = forms.DateField(
        label="Answer by",
        error_messages={"required": "Enter the last day to answer.", "invalid": "Enter a day such as 2027-03-27."},
    )

    def __init__(self, data=None, *, today: date, initial=None):
        self.today = today
        super().__init__(data, initial=initial)

    def clean_answer_by(self):
        on = self.cleaned_data["answer_by"]
        if on <= self.today:
            raise forms.ValidationError("The last day to answer has to lie ahead.")
        if (on - self.today).days > LONGEST_AHEAD:
            raise forms.ValidationError("Give a day within four months.")
        return on


class DayForm(Page):
    """When the places of a cohort began or ended, and what was not completed."""

    on = forms.DateField(
        label="On which day?",
        error_messages={"required": "Enter the day.", "invalid": "Enter a day such as 2026-07-17."},
    )
    note = TidyField(
        label="What was not completed?", required=False, max_length=200,
        error_messages={"max_length": "Please keep it to 200 characters."},
    )  # fmt: skip
