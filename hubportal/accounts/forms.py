"""Forms of accounts in the admin."""

from django import forms

from .models import HubMembership, User
from .roles import Role


class GiveRoleForm(forms.ModelForm):
    """Who gets which role at which hub; the person may not have an account yet."""

    name = forms.CharField(max_length=120)
    email = forms.EmailField(label="E-mail address", max_length=254)
    role = forms.ChoiceField(choices=Role.choices)

    class Meta:
        model = HubMembership
        fields = ["name", "email", "role", "hub"]

    def clean(self):
        data = super().clean()
        user = User.objects.filter(email=data.get("email", "").lower()).first()
        if user and not user.is_active:
            self.add_error("email", "This account has been switched off. Ask the national team to switch it on again.")
        if user and user.memberships.filter(hub=data.get("hub"), role=data.get("role")).exists():
            self.add_error("role", "This person has this role already.")
        return data
