"""A form knows the version it was read at: who saves second is told what somebody else has changed meanwhile."""

from typing import Any

from django import forms
from django.forms.models import model_to_dict
from django.utils.translation import gettext as _

from shouxin.core.submissions import digest_of

SEEN = "seen"


class Versioned:
    """Put before a form that changes something which stands: ``class TeamForm(Versioned, forms.ModelForm)``."""

    MASKED: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.stands = self.standing()
        if self.stands:
            self.fields[SEEN] = forms.CharField(widget=forms.HiddenInput, required=False)
            self.initial[SEEN] = self.version = digest_of(type(self).__name__, self.stands)

    def standing(self) -> dict[str, Any]:
        """What is kept now; nothing for what is new."""
        row = self.instance
        return model_to_dict(row, fields=self._meta.fields) if row.pk else {}

    @property
    def changed_data(self) -> list[str]:
        return [name for name in super().changed_data if name != SEEN]

    def clean(self) -> dict[str, Any]:
        told = super().clean()
        seen = told.pop(SEEN, "")
        if seen and seen != self.version:
            differing = [self._differs(name, told) for name in self.stands if name in self.fields and name in told]
            self.add_error(None, _("Somebody saved this meanwhile. It now says: %(what)s. Save again to overwrite it.")
                           % {"what": "；".join(filter(None, differing)) or "–"})  # fmt: skip
            self.data = self.data.copy()
            self.data[self.add_prefix(SEEN)] = self.version
        return told

    def _differs(self, name: str, told: dict[str, Any]) -> str:
        """The field with what it says now, where that is not what was filled in."""
        now, mine = self.stands[name], told[name]
        mine = [getattr(each, "pk", each) for each in mine] if isinstance(mine, list) else getattr(mine, "pk", mine)
        if str(now) == str(mine) or (not now and not mine):
            return ""
        label = str(self.fields[name].label)
        choices = {str(code): str(text) for code, text in getattr(self.fields[name], "choices", ())}
        words = [choices.get(str(each), str(each)) for each in (now if isinstance(now, list) else [now])]
        return label if name in self.MASKED else f"{label} {'、'.join(words) or '–'}"
