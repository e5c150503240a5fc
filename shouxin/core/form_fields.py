"""Fields that take text and dates as people type them: any width of letters, and only years that make sense."""

from datetime import date, datetime
from typing import Any, NamedTuple

from django import forms
from django.utils.translation import gettext_lazy as _

from shouxin.core.clock import local, now
from shouxin.core.fields import DayInput, MomentInput
from shouxin.core.incoming import normal
from shouxin.core.phones import FEWEST_DIGITS, phone_digits


class CodeField(forms.CharField):
    """An identifier: a number of a case, a policy or a customer, in whatever width it was typed."""

    def to_python(self, value: Any) -> Any:
        return super().to_python(normal(value) if isinstance(value, str) else value)


class PhoneField(CodeField):
    """A telephone number as it is written, perhaps with an extension; one that is too short is no number."""

    def clean(self, value: Any) -> str:
        phone = super().clean(value)
        if phone and len(phone_digits(phone)) < FEWEST_DIGITS:
            raise forms.ValidationError(_("This telephone number seems too short. Please check it."))
        return phone


class MailField(forms.EmailField):
    """An e-mail address, in whatever width it was typed."""

    def to_python(self, value: Any) -> Any:
        return super().to_python(normal(value) if isinstance(value, str) else value)


class Window(NamedTuple):
    """Between which days a date makes sense: as years before and after today."""

    years_back: int
    years_ahead: int

    def days(self) -> tuple[date, date]:
        today = local(now()).date()
        return date(today.year - self.years_back, 1, 1), date(today.year + self.years_ahead, 12, 31)

    def check(self, day: date | None) -> None:
        first, last = self.days()
        if day is not None and not first <= day <= last:
            raise forms.ValidationError(
                _("Please check the year: the day lies between %(first)s and %(last)s.")
                % {"first": f"{first:%Y-%m-%d}", "last": f"{last:%Y-%m-%d}"},
                code="window",
            )


BIRTH, COMING, USUAL, LASTING = Window(130, 0), Window(0, 3), Window(75, 3), Window(75, 75)


class DayField(forms.DateField):
    """A day within a window: a mistyped year is told, not kept."""

    widget = DayInput
    window = USUAL

    def validate(self, value: date | None) -> None:
        super().validate(value)
        self.window.check(value)


class BirthField(DayField):
    window = BIRTH


class LastDayField(DayField):
    """The last day of something that may last for a lifetime, such as an authority."""

    window = LASTING


class MomentField(forms.DateTimeField):
    """A day and an hour within a window."""

    widget = MomentInput
    window = USUAL

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"input_formats": ["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"], **kwargs})

    def to_python(self, value: Any) -> datetime | None:
        try:
            return super().to_python(value)
        except OverflowError:  # the first and the last day there are, in a zone where they begin earlier
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from None

    def validate(self, value: datetime | None) -> None:
        super().validate(value)
        self.window.check(value.date() if value else None)


class ComingField(MomentField):
    """An instant that is still to come, such as when a promise is due."""

    window = COMING
