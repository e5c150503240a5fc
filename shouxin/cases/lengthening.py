"""What may be lengthened in a case now, by which step of its rule: what the form offers."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from shouxin.cases.models import Case
from shouxin.jurisdictions.labels import UNITS
from shouxin.jurisdictions.rule import ExtensionStep
from shouxin.promises.clocks import Clock
from shouxin.promises.models import OPEN, Promise
from shouxin.promises.queries import clocks_of
from shouxin.promises.terms import terms_of


@dataclass(frozen=True)
class Lengthening:
    """One step that the rule of a promise allows now."""

    clock: Clock
    step: ExtensionStep

    @property
    def value(self) -> str:
        return f"{self.clock.promise} {self.step.code}"

    @property
    def label(self) -> str:
        about = {"limit": self.step.limit, "unit": _(UNITS[str(self.step.unit)])}
        length = _("%(limit)s %(unit)s from today") if self.step.from_notice else _("%(limit)s %(unit)s in all")
        parts = [self.clock.title, _("due %(due)s") % {"due": self.clock.due_on_wall}, length % about]
        if self.step.approver:
            parts.append(_("approved by: %(who)s") % {"who": self.step.approver})
        return " · ".join(parts)


def lengthenings(case: Case, at: datetime) -> list[Lengthening]:
    """Each open promise with the next steps its rule allows: in time, each step once, and after the one before it."""
    owed = Promise.objects.about(case.ref).filter(state__in=OPEN).exclude(terms__extensions=[])
    in_time = [each for each in owed.order_by("due_at", "pk") if each.state == "paused" or each.due_at >= at]
    used = {each.pk: set(each.extensions.values_list("step", flat=True)) for each in in_time}
    return [
        Lengthening(clock, step)
        for clock in clocks_of(in_time, at)
        for step in terms_of(clock.reading.promise).extensions
        if step.code not in used[clock.promise] and (not step.after or step.after in used[clock.promise])
    ]
