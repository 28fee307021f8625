"""The two people who take part for a school, named by it or by staff."""

from crispy_forms_gds.layout import Field, Fieldset, Size
from django import forms

from programmes.cohorts.models import Programme
from programmes.models import PostRole

from .forms import NAME, Page, TidyField, email_field, tidy
from .models import Application


class OnePersonField(TidyField):
    """The name of one person: a list that somebody has pasted gets a sentence, not a cut."""

    def __init__(self, *args, a_list: str, **kwargs):
        self.a_list = a_list
        super().__init__(*args, **kwargs)

    def to_python(self, value):
        text = tidy(str(value or ""))
        if "\n" in text or text.count(";") + text.count(",") > 2:
            raise forms.ValidationError(self.a_list)
        if len(text) > NAME:
            raise forms.ValidationError(f"The name can have {NAME} characters at the most. {self.a_list}")
        return super().to_python(value)


class AdvocatesForm(Page):
    """Two Advocates, each of whom may be not yet known. What they are called is the programme's to say."""

    ORDINALS = ((1, "First"), (2, "Second"))
    title, person = "Mastery Advocate", "Advocate"
    a_list = "Enter one person here. Two people are named, one in each part of this page."

    def _add_fields(self):
        for n, _ in self.ORDINALS:
            self.fields[f"unknown_{n}"] = forms.BooleanField(label="We do not know yet", required=False)
            self.fields[f"name_{n}"] = OnePersonField(label="Full name", required=False, a_list=self.a_list)
            self.fields[f"email_{n}"] = email_field("Work e-mail address", "", required=False)
            self.fields[f"role_{n}"] = forms.ChoiceField(
                label="Role", choices=[("", "Choose a role"), *PostRole.choices], required=False
            )

    def layout(self):
        self._add_fields()
        return [
            Fieldset(
                Field.text(f"name_{n}"),
                Field.text(f"email_{n}", spellcheck="false"),
                Field.select(f"role_{n}"),
                Field.checkbox(f"unknown_{n}", small=True),
                legend=f"{word} {self.title}",
                legend_size=Size.MEDIUM,
            )
            for n, word in self.ORDINALS
        ]

    def clean(self):
        data = super().clean()
        for n, word in self.ORDINALS:
            given = [data.get(f"{part}_{n}") for part in ("name", "email", "role")]
            if data.get(f"unknown_{n}"):
                if any(given):
                    self.add_error(f"unknown_{n}", "Either give the person or tick that you do not know yet.")
            else:
                self._require_whole(n, word, data)
        first, second = ((data.get(f"email_{n}") or "").lower() for n in (1, 2))
        if first and first == second:
            self.add_error("email_2", f"The two {self.person}s must be two people: this is the first one's address.")
        return data

    def _require_whole(self, n: int, word: str, data: dict) -> None:
        wanted = {
            "name": f"Enter the {word.lower()} {self.person}'s name, or tick that you do not know yet.",
            "email": f"Enter the {word.lower()} {self.person}'s e-mail address.",
            "role": f"Choose the {word.lower()} {self.person}'s role.",
        }
        for part, missing in wanted.items():
            field = f"{part}_{n}"
            if not data.get(field) and field not in self.errors:
                self.add_error(field, missing)

    def people(self) -> list[dict]:
        """Return the Advocates who are known."""
        data = self.cleaned_data
        return [
            {"position": n, "name": data[f"name_{n}"], "email": data[f"email_{n}"], "role": data[f"role_{n}"]}
            for n, _ in self.ORDINALS
            if not data[f"unknown_{n}"]
        ]

    @staticmethod
    def initial_from(application: Application) -> dict:
        """Return what the form shows of an application's nominees; who is missing was not known."""
        found = {nominee.position: nominee for nominee in application.nominees.all()}
        values = {}
        for n in (1, 2):
            if nominee := found.get(n):
                values |= {f"name_{n}": nominee.name, f"email_{n}": nominee.email, f"role_{n}": nominee.role}
            else:
                values[f"unknown_{n}"] = "advocates" in application.answers
        return values


class TeachersForm(AdvocatesForm):
    """The two who take part in a hub's own programme."""

    title = person = "teacher"


class ParticipantsForm(AdvocatesForm):
    """The two who lead for a department that goes on, in any role."""

    title = person = "lead participant"
    a_list = "Enter one person here. Two people are named; colleagues can join single sessions without being named."


NAMED_BY = {Programme.Entry.CONTINUE: ParticipantsForm}


def form_of(application: Application) -> type[AdvocatesForm]:
    """Return the form that asks for the people of this programme."""
    programme = application.project.programme
    return NAMED_BY.get(programme.entry, TeachersForm if programme.hub_id else AdvocatesForm)
