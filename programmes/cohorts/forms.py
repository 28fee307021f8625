"""The form of a cohort."""

from django import forms

from .models import Cohort


class CohortForm(forms.ModelForm):
    class Meta:
        model = Cohort
        fields = ["hub", "project", "capacity", "opens_on", "closes_on", "contact_name", "contact_email"]

    def clean_capacity(self):
        """Refuse fewer places than are taken. The row is locked until the page is saved, so that no offer slips in."""
        capacity = self.cleaned_data["capacity"]
        if self.instance.pk:
            locked = Cohort.objects.select_for_update().get(pk=self.instance.pk)
            taken = locked.places.live().count()
            if capacity < taken:
                raise forms.ValidationError(f"{taken} places are taken or offered, so there cannot be fewer.")
        return capacity

    def clean(self):
        data = super().clean()
        opens_on, closes_on = data.get("opens_on"), data.get("closes_on")
        if opens_on and closes_on and closes_on < opens_on:
            self.add_error("closes_on", "The last day cannot come before the first.")
        return data
