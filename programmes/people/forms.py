"""What staff fill in about a person."""

from django import forms
from django.core.validators import RegexValidator

WHY = "How you know, in a sentence. Staff see it; the school does not."


class NameForm(forms.Form):
    name = forms.CharField(
        label="Name",
        max_length=120,
        error_messages={"required": "Enter the name.", "max_length": "The name can have 120 characters at the most."},
        help_text="The name before is kept, and whoever searches by it finds the person.",
    )
    trn = forms.CharField(
        label="Teacher reference number",
        required=False,
        max_length=7,
        validators=[RegexValidator(r"^\d{7}$", "A teacher reference number has seven digits.")],
        error_messages={"max_length": "A teacher reference number has seven digits."},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "size": 9}),
        help_text="Seven digits, if known.",
    )

    def clean_name(self):
        return " ".join(self.cleaned_data["name"].split())


class AddressForm(forms.Form):
    email = forms.EmailField(
        label="E-mail address",
        max_length=254,
        error_messages={"required": "Enter the address.", "max_length": "The e-mail address is too long: check it."},
        widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


class FindForm(forms.Form):
    q = forms.CharField(
        label="Name or e-mail address of the other record",
        max_length=120,
        error_messages={"required": "Enter a name or an address.", "max_length": "Shorten this: it is no name."},
    )


class JoinForm(forms.Form):
    reason = forms.CharField(
        label="Why they are one person",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=WHY,
        error_messages={
            "required": "Say how you know that they are one person.",
            "max_length": "Please keep it to 500 characters.",
        },
    )
