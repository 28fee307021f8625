"""What staff decide about a change in the register, and about two schools that are one."""

from django import forms

from hubportal.rules import Finding

from . import actions, joining
from .actions import school_for_urn
from .models import School, SchoolChange

FOLLOW, JOIN = "follow", "join"
KEEP = "ignore"
WHY = "Who told you, or where it stands. Staff see it; the school does not."


def why(**options) -> forms.CharField:
    """Return the field for the reason of a decision."""
    area = forms.Textarea(attrs={"rows": 3})
    return forms.CharField(label="Why", max_length=2000, widget=area, help_text=WHY, **options)


class DecisionForm(forms.Form):
    """One of the successors that the register names, to move to or to be joined into; or that the school stays."""

    choice = forms.ChoiceField(
        label="What becomes of the school?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what becomes of the school.", "invalid_choice": "Choose one of the list."},
    )
    note = why(required=False)

    def __init__(self, change: SchoolChange, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.change = change
        self.successors, self.joins = {}, {}
        for each in change.successors.all():
            ours = school_for_urn(each.pk)
            if ours is None or ours.pk == change.school_id:
                self.successors[f"{FOLLOW}-{each.pk}"] = each
            else:
                self.joins[f"{JOIN}-{each.pk}"] = (each, ours)
        self.fields["choice"].choices = [
            *((value, f"Move it to {each}, {_where(each)}") for value, each in self.successors.items()),
            *(
                (value, f"Join it into {each}, {_where(each)}, which is a school of ours already")
                for value, (each, _) in self.joins.items()
            ),
            ("accept", "It goes on as the register now has it"),
            (KEEP, "Leave it as it was: the register is wrong, or it means nothing for us"),
        ]

    def clean(self):
        choice = self.cleaned_data.get("choice")
        if (choice == KEEP or choice in self.joins) and not self.cleaned_data.get("note"):
            self.add_error("note", "Say why: whoever asks later finds it here.")
        return self.cleaned_data

    def chosen(self, value: str) -> str | None:
        """Return the words of a choice, or None for one that is not on the list."""
        return dict(self.fields["choice"].choices).get(value)

    def school_to_join(self, value: str) -> School | None:
        """Return the school of ours into which a choice joins the change's."""
        return self.joins[value][1] if value in self.joins else None

    def title(self, value: str) -> str:
        """Return what a choice does, short enough for a heading."""
        school = self.change.school
        if into := self.school_to_join(value):
            return f"Join {school} into {into}"
        if value in self.successors:
            return f"Move {school} to {self.successors[value].name}"
        return f"Leave {school} as it was" if value == KEEP else f"{school} goes on as the register now has it"

    def means(self, value: str) -> list[str]:
        """Return in sentences what a choice will do."""
        school, note = self.change.school, "Nothing is moved, and no application or place changes."
        if into := self.school_to_join(value):
            return joining.consequences(school, into)
        if value in self.successors:
            return actions.consequences_of_following(school, self.successors[value])
        return [f"{school} (URN {school.urn}) keeps its URN. {note}", "The question is closed with your reason."]

    def against(self, value: str, *, today) -> list[Finding]:
        """Return what keeps a choice from being made now."""
        school = self.change.school
        if into := self.school_to_join(value):
            return list(joining.against(school, into, today=today))
        if successor := self.successors.get(value):
            return list(actions.against_following(self.change, school, successor, today=today))
        return []

    def decide(self, *, by, at) -> None:
        """Do what was chosen. Raises Refused or IllegalMove."""
        choice, note = self.cleaned_data["choice"], self.cleaned_data["note"]
        if choice in self.successors:
            actions.follow(self.change, self.successors[choice], by=by, at=at, note=note)
        elif choice in self.joins:
            joining.join_successor(self.change, self.joins[choice][0], by=by, at=at, note=note)
        else:
            {"accept": actions.accept, KEEP: actions.ignore}[choice](self.change, by=by, at=at, note=note)


def _where(establishment) -> str:
    return ", ".join(filter(None, [establishment.type_name, establishment.town, establishment.postcode]))


class OtherSchoolForm(forms.Form):
    """The URN, present or past, of the school of ours that is the same as this one."""

    urn = forms.IntegerField(
        label="URN of the other school",
        min_value=100_000,
        max_value=999_999,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "size": 8}),
        error_messages=dict.fromkeys(["invalid", "min_value", "max_value"], "A URN is a number of six digits.")
        | {"required": "Give the URN of the other school."},
        help_text="Six digits, as in the register. One that the school had earlier does as well.",
    )

    def __init__(self, school: School, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.school = school

    def clean_urn(self):
        other = school_for_urn(self.cleaned_data["urn"])
        if other is None:
            raise forms.ValidationError("No school of ours has or had this URN, so there is nothing to join.")
        if other.pk == self.school.pk:
            raise forms.ValidationError("This is the very school, under one of its URNs.")
        self.other = other
        return self.cleaned_data["urn"]


class ReasonForm(forms.Form):
    note = why(error_messages={"required": "Say why: whoever asks later finds it here."})
