"""The form of every import: a file, and what can be said about it."""

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from shouxin.tables.importers import Importer
from shouxin.tables.reading import Choices

ENCODINGS = [
    ("", _("find out")), ("utf-8", "UTF-8"), ("utf-16", "UTF-16"), ("big5", _("Big5 (Taiwan)")),
    ("big5-hkscs", _("Big5 (Hong Kong)")), ("gb18030", _("GB18030 (Mainland)")), ("windows-1252", "Windows-1252"),
]  # fmt: skip
DATES = [
    ("", _("find out")), ("republic", _("year of the Republic first (69/05/17)")),
    ("day-first", _("day first (31/12/2024)")), ("month-first", _("month first (12/31/2024)")),
]  # fmt: skip


class TableForm(forms.Form):
    file = forms.FileField(label=_("File"), help_text=_("CSV, XLSX, XLS, ODS or Parquet"))
    encoding = forms.ChoiceField(label=_("Encoding of a text file"), choices=ENCODINGS, required=False)
    dates = forms.ChoiceField(label=_("How dates are written"), choices=DATES, required=False)
    sheet = forms.CharField(
        label=_("Sheet"), required=False, max_length=60, help_text=_("Only where several sheets have these columns.")
    )
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, importer: Importer, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"key": uuid4()})
        super().__init__(*args, **kwargs)
        self.importer = importer
        if importer.form is not None:
            self.fields |= importer.form().fields
            self.order_fields(["file", *importer.form.base_fields])

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > self.importer.most_bytes:
            most = {"most": self.importer.most_bytes >> 20}
            raise forms.ValidationError(_("The file is larger than %(most)s MB. Please split it.") % most)
        return file

    def choices(self) -> Choices:
        given = self.cleaned_data
        return Choices(given["encoding"], given["dates"], given["sheet"].strip())

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        # What the importer's own form says, as it is kept with the run.
        self.more = self.importer.form.options(self) if self.importer.form is not None else {}
        return cleaned
