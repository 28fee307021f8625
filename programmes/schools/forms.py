"""What staff decide about a change in the register."""

from django import forms

from . import actions
from .models import SchoolChange

FOLLOW = "follow"


class DecisionForm(forms.Form):
    """One of the successors that the register names to move the school to, or that it goes on, or stays as it was."""

    choice = forms.ChoiceField(
        label="What becomes of the school?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what becomes of the school.", "invalid_choice": "Choose one of the list."},
    )
    note = forms.CharField(
        label="Why",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Who told you, or where it stands. Staff see it; the school does not.",
    )

    def __init__(self, change: SchoolChange, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.change = change
        self.successors = {f"{FOLLOW}-{each.pk}": each for each in change.successors.all()}
        self.fields["choice"].choices = [
            *((value, f"Move it to {each}, {_where(each)}") for value, each in self.successors.items()),
            ("accept", "It goes on as the register now has it"),
            ("ignore", "Leave it as it was: the register is wrong, or it means nothing for us"),
        ]

    def decide(self, *, by, at) -> None:
        """Do what was chosen. Raises Refused or IllegalMove."""
        choice, note = self.cleaned_data["choice"], self.cleaned_data["note"]
        if choice in self.successors:
            actions.follow(self.change, self.successors[choice], by=by, at=at, note=note)
        else:
            {"accept": actions.accept, "ignore": actions.ignore}[choice](self.change, by=by, at=at, note=note)


def _where(establishment) -> str:
    return ", ".join(filter(None, [establishment.type_name, establishment.town, establishment.postcode]))
