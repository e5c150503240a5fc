"""Mail, by the mail server of the settings; into files in the home until one is configured."""

import smtplib
import socket
from email import message_from_bytes, policy
from email.utils import parseaddr, parsedate_to_datetime
from typing import Any

from django.core.mail import EmailMessage
from django.utils.translation import gettext_lazy as _

from shouxin.cases.channels import Channel, Inbound, NotSent, Outbound
from shouxin.people.mailing import leaves, sender

# Raised before the server has the message: nothing can have left.
SURELY_NOT_SENT = (ConnectionRefusedError, socket.gaierror, smtplib.SMTPConnectError, smtplib.SMTPAuthenticationError)
SAMPLE = {
    "raw": "From: Wang Ya-ting <ya.ting@example.com>\nTo: service@shouxin.example\nSubject: Claim\n"
    "Date: Tue, 24 Nov 2026 14:40:00 +0800\nContent-Type: text/plain; charset=utf-8\n\nWhere is it?\n"
}


def parse(payload: dict[str, Any]) -> Inbound:
    """A message as it came over the wire, in `raw`."""
    raw = payload["raw"]
    message = message_from_bytes(raw.encode() if isinstance(raw, str) else raw, policy=policy.default)
    name, address = parseaddr(str(message["From"] or ""))
    body = message.get_body(preferencelist=("plain", "html"))
    return Inbound(
        subject=str(message["Subject"] or "").strip(),
        body=body.get_content().strip() if body else "",
        name=name,
        email=address,
        at=parsedate_to_datetime(message["Date"]) if message["Date"] else None,
        files=tuple(
            (part.get_filename() or "", part.get_payload(decode=True) or b"") for part in message.iter_attachments()
        ),
    )


def send(out: Outbound) -> bool:
    """One message to one person; whether it left this machine."""
    has_left = leaves()
    headers = {"Message-ID": out.message_id}
    message = EmailMessage(out.title, out.body, from_email=sender(), to=[out.to], headers=headers)
    message.about = out.about
    for name, media_type, content in out.files:
        message.attach(name, content, media_type)
    try:
        message.send(fail_silently=False)
    except SURELY_NOT_SENT as problem:
        raise NotSent(type(problem).__name__) from problem
    return has_left


CHANNEL = Channel(
    code="email", label=_("E-mail"), icon="mail", order=60, is_taken_down=True, parse=parse, send=send, sample=SAMPLE
)
