"""Rules of the customer's door: how often, how long, and what one must know."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

from shouxin.cases.models import Case
from shouxin.core.incoming import normal
from shouxin.core.phones import phone_digits

# A link stays open this long after the case was closed: longer than the term to go to the ombudsman.
OPEN_AFTER_CLOSING = timedelta(days=120)
WRONG_ANSWERS = 8
# In an hour. A customer with ten papers sends two messages; a family behind one address a few more.
MESSAGES_PER_CASE, FILES_PER_CASE, MESSAGES_PER_ADDRESS, LOST_LINKS_PER_ADDRESS = 30, 40, 60, 20
UNLOCKED_FOR = timedelta(hours=12)


def intake_per_hour() -> int:
    """How many requests one address may send in an hour."""
    return settings.SHOUXIN_INTAKE_PER_HOUR


def secret_of(case: Case, nonce: str = "") -> str:
    """The secret of the case's present link; `nonce` is that of its last renewal. Nothing of it is stored."""
    salt, about = ("shouxin.portal.link", f":{nonce}") if nonce else ("shouxin.cases.secret", "")
    return salted_hmac(salt, f"{case.number}:{case.key}{about}", algorithm="sha256").hexdigest()[:32]


def is_expired(case: Case, at: datetime) -> bool:
    """Whether the link no longer opens: the case has been closed for long."""
    return case.closed_at is not None and at > case.closed_at + OPEN_AFTER_CLOSING


@dataclass(frozen=True)
class Datum:
    """One thing the customer knows and a stranger with the link does not."""

    kind: str  # phone | email | birth | name
    value: str

    def is_met_by(self, answer: str) -> bool:
        return bool(self.value) and constant_time_compare(_plain(answer), self.value)


def _plain(text: str) -> str:
    return re.sub(r"[^0-9a-z@.\u3400-\u9fff]", "", normal(text).lower())


def datum_of(case: Case, phone: str, email: str, birth: str = "") -> Datum:
    """Which datum is asked: the last four digits of the telephone, else the mail address, birth or name."""
    digits = phone_digits(phone)
    if len(digits) >= 4:
        return Datum("phone", digits[-4:])
    if email:
        return Datum("email", _plain(email))
    if birth:
        return Datum("birth", re.sub(r"\D", "", birth))
    return Datum("name", _plain(case.claimed_name))
