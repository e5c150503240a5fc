"""The one form of this room: a file of the core system."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

MOST_BYTES = 5 * 1024 * 1024


class PoliciesFileForm(forms.Form):
    file = forms.FileField(label=_("Policies and their people (CSV or XLSX)"))

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(_("The file is larger than 5 MB. Please split it."))
        return file
