"""Forms of accounts in the admin."""

from django import forms

from .models import HubMembership, User
from .roles import Role


class GiveRoleForm(forms.ModelForm):
    """Who gets which role at which hub; the person may not have an account yet."""

    name = forms.CharField(max_length=120)
    email = forms.EmailField(label="E-mail address", max_length=254)
    role = forms.ChoiceField(choices=Role.choices)

    giver: User | None = None  # who gives the role; the admin sets it

    class Meta:
        model = HubMembership
        fields = ["name", "email", "role", "hub"]

    def clean(self):
        data = super().clean()
        user = User.objects.filter(email=data.get("email", "").lower()).first()
        if user and not user.is_active:
            self.add_error("email", "This account is switched off. Whoever runs the portal can switch it on again.")
        if user and user.memberships.filter(hub=data.get("hub"), role=data.get("role")).exists():
            self.add_error("role", "This person has this role already.")
        if user and user == self.giver and not user.is_superuser:
            self.add_error("email", "You cannot give yourself a role. Ask another lead of the hub.")
        return data
