"""What the door does behind the customer's back: it mails links that were lost."""

from django.conf import settings
from django.core.mail import send_mail
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from shouxin.cases.models import Case
from shouxin.core.clock import now
from shouxin.portal import queries, rules


def link_of(case: Case) -> str:
    """The address of the case's page, as it is written in a letter."""
    path = reverse("portal:follow", args=[case.number, rules.secret_of(case, queries.present_nonce(case))])
    return settings.SHOUXIN_PUBLIC_URL.rstrip("/") + path


def send_link(*, number: str, email: str) -> None:
    """Mail the link again, if this address is the one the case knows; the asker is told nothing either way."""
    mail_link.defer(number=number.strip().upper(), email=email.strip().lower())


@app.task(name="mail_link", queue="letters")
def mail_link(number: str, email: str) -> None:
    """Sent only to the address on file, at most three times an hour for one case."""
    case = Case.objects.with_people().filter(number=number).first()
    if case is None or rules.is_expired(case, now()) or email not in queries.known_addresses(case):
        return
    if queries.knock(f"link:{case.number}", now()) > 3:
        return
    with translation.override(case.language):
        send_mail(
            _("The link to your case %(number)s") % {"number": case.number},
            _("Here you can follow your case, answer and send papers:\n\n%(link)s\n\nKeep this link to yourself.")
            % {"link": link_of(case)},
            settings.DEFAULT_FROM_EMAIL, [email],
        )  # fmt: skip
