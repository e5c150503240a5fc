"""A form knows the version it was read at: who saves second is told what somebody else has changed meanwhile.

Without its version a form is refused as well: nobody could tell what it would overwrite. The row is locked before it
is compared, until the transaction of the form (`core.submissions`) ends, so that of two at once exactly one is saved.
"""

from typing import Any

from django import forms
from django.forms.models import model_to_dict
from django.utils.choices import flatten_choices
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
            without_id = forms.HiddenInput({"id": False})  # there may be several on one page
            self.fields[SEEN] = forms.CharField(widget=without_id, required=False)
            self.initial[SEEN] = self.version

    @property
    def version(self) -> str:
        return digest_of(type(self).__name__, self.stands)

    def standing(self) -> dict[str, Any]:
        """What is kept now; nothing for what is new."""
        row = self.instance
        return model_to_dict(row, fields=self._meta.fields) if row.pk else {}

    def hold(self) -> None:
        """Lock what stands and read it anew."""
        rows = type(self.instance)._base_manager.select_for_update(no_key=True, of=("self",))
        list(rows.filter(pk=self.instance.pk).values_list("pk"))
        self.instance.refresh_from_db()

    @property
    def changed_data(self) -> list[str]:
        return [name for name in super().changed_data if name != SEEN]

    def clean(self) -> dict[str, Any]:
        told = super().clean()
        if not self.stands:
            return told
        self.hold()
        self.stands = self.standing()
        seen = told.pop(SEEN, "")
        if seen != self.version:
            self.add_error(None, self._overtaken(told) if seen else self._unread(told))
            self.data = self.data.copy()
            self.data[self.add_prefix(SEEN)] = self.version
        return told

    def _overtaken(self, told: dict[str, Any]) -> str:
        text = _("Somebody saved this meanwhile. It now says: %(what)s. Save again to overwrite it.")
        return text % {"what": self._differing(told)}

    def shown(self, name: str, value: Any) -> Any:
        """What stands, as the form would say it."""
        return value

    def _unread(self, told: dict[str, Any]) -> str:
        text = _("Not saved: the form does not say which version was read. It now says: %(what)s. Save again to "
                 "overwrite it.")  # fmt: skip
        return text % {"what": self._differing(told)}

    def _differing(self, told: dict[str, Any]) -> str:
        parts = [self._differs(name, told) for name in self.stands if name in self.fields and name in told]
        return "；".join(filter(None, parts)) or "–"

    def _differs(self, name: str, told: dict[str, Any]) -> str:
        """The field with what it says now, where that is not what was filled in."""
        now, mine = self.stands[name], told[name]
        mine = [getattr(each, "pk", each) for each in mine] if isinstance(mine, list) else getattr(mine, "pk", mine)
        if str(now) == str(mine) or (not now and not mine):
            return ""
        label = str(self.fields[name].label)
        offered = flatten_choices(getattr(self.fields[name], "choices", ()))
        choices = {str(code): str(text) for code, text in offered}
        shown = self.shown(name, now)
        words = [choices.get(str(each), str(each)) for each in (shown if isinstance(shown, list) else [shown])]
        return label if name in self.MASKED else f"{label} {'、'.join(words) or '–'}"
