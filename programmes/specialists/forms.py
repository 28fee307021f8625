"""What staff fill in about a specialist: launch, days, pauses, moves, accreditations."""

from datetime import date

from crispy_forms_gds.helper import FormHelper
from crispy_forms_gds.layout import Button, Field, Layout
from django import forms

from programmes.people.models import Accreditation
from programmes.schools.models import Establishment

from .models import ProgrammeDay

DATE_FORMATS = ["%d/%m/%Y", "%d %B %Y", "%Y-%m-%d"]
LONGEST = 200


class DayField(forms.DateField):
    """A date in one box, as people write it: the widget is a plain text field, which the layout pack knows."""

    widget = forms.TextInput

    def prepare_value(self, value):
        return f"{value:%d/%m/%Y}" if isinstance(value, date) else value


def date_field(label: str, **more) -> DayField:
    return DayField(
        label=label,
        input_formats=DATE_FORMATS,
        help_text=more.pop("help_text", "Like 27/3/2027."),
        error_messages={"required": "Give the date.", "invalid": "Enter a date, like 27/3/2027."},
        **more,
    )


def line(label: str, missing: str = "", **more) -> forms.CharField:
    errors = {"required": missing, "max_length": f"Please keep it to {LONGEST} characters."}
    return forms.CharField(label=label, max_length=LONGEST, error_messages=errors, **more)


def choice(label: str, choices, missing: str) -> forms.ChoiceField:
    errors = {"required": missing, "invalid_choice": missing}
    return forms.ChoiceField(label=label, choices=choices, widget=forms.RadioSelect, error_messages=errors)


class ActForm(forms.Form):
    """A form about one specialist."""

    def __init__(self, data=None, *, specialist, button: str):
        super().__init__(data)
        self.specialist = specialist
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True  # the page's own form tag has the token
        self.helper.layout = Layout(*(self._laid_out(name) for name in self.fields), Button.primary("save", button))

    def _laid_out(self, name: str):
        field = self.fields[name]
        if isinstance(field, forms.DateField):
            return Field.text(name, field_width=10)
        return Field.radios(name, small=True) if isinstance(field.widget, forms.RadioSelect) else Field.text(name)


class ConfirmForm(ActForm):
    """Nothing to fill in."""


class ReasonForm(ActForm):
    reason = line("Reason", "Give the reason.")


class LaunchForm(ActForm):
    on = date_field("Date of the launch")
    with_whom = line("Who came from the school's leadership?", "Say who came; write “nobody” if nobody did.")


class DayForm(ActForm):
    on = date_field("Date", help_text="A date ahead is a planned day.")
    kind = choice("What kind of day?", ProgrammeDay.Kind.choices, "Choose the kind of day.")
    half_days = choice("How long?", [("2", "A day"), ("1", "Half a day")], "Choose how long.")
    note = line("What was it? (optional; name no pupil)", required=False)

    def clean_half_days(self):
        return int(self.cleaned_data["half_days"])


class DeferForm(ActForm):
    back_on = date_field("When do they come back?")
    reason = line("Reason", "Give the reason.")


class MoveSchoolForm(ActForm):
    """The new school by its URN, which tells schools of one name apart."""

    urn = forms.IntegerField(
        label="URN of the new school",
        widget=forms.TextInput,
        error_messages={"required": "Enter the URN.", "invalid": "A URN has six digits, like 123456."},
    )
    on = date_field("When did they move?")
    department_stays = choice(
        "Does the old school stay a specialist department?",
        [("yes", "Yes: the department goes on with what it has begun"), ("no", "No")],
        "Choose whether the old school stays in.",
    )

    def clean_urn(self):
        found = Establishment.objects.filter(urn=self.cleaned_data["urn"]).first()
        if found is None:
            raise forms.ValidationError("The register has no school with this URN. Check the six digits.")
        self.establishment = found
        return found.urn


class AccreditForm(ActForm):
    kind = choice("Accredited as", Accreditation.Kind.choices, "Choose what it is.")
    from_on = date_field("From")
    until_on = date_field("To be renewed by, or ended on (optional)", required=False)
    note = line("Note (optional)", required=False)
