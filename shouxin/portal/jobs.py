"""What the door does behind the customer's back: it mails receipts, and links that were lost."""

from typing import Any

from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from shouxin.cases.kit import queue_letter, working_on
from shouxin.cases.models import Case
from shouxin.core.clock import now
from shouxin.core.limits import is_too_often
from shouxin.core.refs import Ref
from shouxin.people.address import link
from shouxin.people.mailing import sender
from shouxin.people.notices import MAIL_RETRY
from shouxin.portal import queries, rules

LINKS_PER_HOUR = 3


def link_of(case: Case) -> str:
    """The address of the case's page, as it is written in a letter."""
    path = reverse("portal:follow", args=[case.number, rules.secret_of(case, queries.present_nonce(case))])
    return link(path)


def link_line(case: Case) -> str:
    """What stands under every letter, in the customer's language."""
    with translation.override(case.language):
        return _("Follow your case, reply and send documents here:\n%(link)s") % {"link": link_of(case)}


def receipt(case: Case) -> str:
    """What a customer reads at once after a request on the web."""
    with translation.override(case.language):
        # No word of the asker: who asks is not known yet, and whoever gets this mail may not have asked at all.
        told = {"number": case.number, "service": case.service.label}
        said = _(
            "Dear customer,\nWe have received your request (%(service)s). Its number is %(number)s.\nThere is "
            "no need to write again: your case page shows who is handling it and by when we will reply."
        )
        return f"{said % told}\n\n{link_line(case)}\n\n" + _("Keep this link to yourself.")


def send_receipt(fact: int, told: dict[str, Any]) -> None:
    """A request on the web is acknowledged by a letter with its link."""
    with working_on(Ref.parse(told["subject"]).id, by=None) as work:
        case = work.case
        if case.channel != "web" or case.opened_by_id or case.letters.filter(touch=None).exists():
            return
        with translation.override(case.language):
            title = _("We have received your request %(number)s") % {"number": case.number}
        queue_letter(case, touch=None, channel="email", title=title, at=work.at)


def send_link(*, number: str, email: str) -> None:
    """Mail the link again, if this address is the one the case knows; the asker is told nothing either way.

    At most three times an hour for one case. The job names the case alone: nothing personal waits in a queue.
    """
    case = Case.objects.with_people().filter(number=number.strip().upper()[:20]).first()
    wanted = email.strip().lower()
    if case is None or wanted not in queries.known_addresses(case):
        return
    # Which of the addresses it is: by its place among them in order, not by itself.
    mail_again(case, place=sorted(queries.known_addresses(case)).index(wanted))


def mail_again(case: Case, *, place: int = 0) -> bool:
    """Let the link be mailed to the address at this place; whether it will be."""
    if rules.is_expired(case, now()) or is_too_often(f"link:{case.number}", now(), most=LINKS_PER_HOUR):
        return False
    mail_link.defer(case=case.pk, place=place)
    return True


@app.task(name="mail_link", queue="letters", retry=MAIL_RETRY)
def mail_link(case: int, place: int) -> None:
    """Sent only to an address on file, again while the mail server is away."""
    found = Case.objects.with_people().filter(pk=case).first()
    addresses = sorted(queries.known_addresses(found)) if found else []
    if found is None or rules.is_expired(found, now()) or place >= len(addresses):
        return
    with translation.override(found.language):
        title = _("The link to your case %(number)s") % {"number": found.number}
        said = _(
            "You can follow your case, reply and send documents here:\n\n%(link)s\n\nPlease keep this link to yourself."
        )
        message = EmailMessage(title, said % {"link": link_of(found)}, from_email=sender(), to=[addresses[place]])
    message.about = found.ref
    message.send()
