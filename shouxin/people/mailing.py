"""Outgoing mail: the server and sender of the settings page, or of the environment where it names one."""

import contextlib
import os
import smtplib
import socket
import ssl
from dataclasses import dataclass
from email.header import decode_header, make_header
from email.utils import formataddr, parseaddr
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend as Smtp
from django.utils.translation import gettext as _

from shouxin.core.mailing import EmailBackend as Files
from shouxin.people.context import shown_company
from shouxin.people.models import MailSecurity


@dataclass(frozen=True)
class Server:
    host: str
    port: int
    user: str
    password: str
    security: str
    is_given: bool = False  # by the environment: the settings page only shows it

    def backend(self, timeout: float) -> Smtp:
        return Smtp(
            host=self.host, port=self.port, username=self.user, password=self.password, timeout=timeout,
            use_tls=self.security == MailSecurity.STARTTLS, use_ssl=self.security == MailSecurity.TLS,
        )  # fmt: skip


def server() -> Server | None:
    """None while letters lie as files in the home."""
    if settings.EMAIL_HOST:
        security = MailSecurity.STARTTLS if settings.EMAIL_USE_TLS else MailSecurity.NONE
        user, password = settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD
        return Server(settings.EMAIL_HOST, settings.EMAIL_PORT, user, password, security, is_given=True)
    company = shown_company()
    if company is None or not company.mail_host:
        return None
    return Server(company.mail_host, company.mail_port, company.mail_user, _password(), company.mail_security)


def sender() -> str:
    """Whom our mail is from: the company by name, at the address of its service; encoded as a header of a message."""
    company = shown_company()
    if settings.SHOUXIN_MAIL_FROM or company is None or not company.email:
        return settings.DEFAULT_FROM_EMAIL
    return formataddr((company.name, company.email))


def shown_sender() -> str:
    """The same for people to read: name and address, nothing encoded."""
    name, address = parseaddr(str(make_header(decode_header(sender()))))
    return f"{name} <{address}>" if name else address


def leaves() -> bool:
    """Whether what is sent leaves this machine; without a mail server it lies here as files, and nobody gets it."""
    is_ours = f"{HouseMail.__module__}.{HouseMail.__name__}" == settings.EMAIL_BACKEND
    return not is_ours or server() is not None


class HouseMail(BaseEmailBackend):
    """What Django calls. The server is looked up for every sending: a change on the page holds at once."""

    def send_messages(self, messages: list[EmailMessage]) -> int:
        for message in messages:
            if message.from_email == settings.DEFAULT_FROM_EMAIL:
                message.from_email = sender()
        place = server()
        backend = place.backend(settings.EMAIL_TIMEOUT) if place else Files()
        return backend.send_messages(messages) or 0


def password_path() -> Path:
    return Path(settings.HOME) / "secrets" / "smtp-password"


def _password() -> str:
    with contextlib.suppress(OSError):
        return password_path().read_text()
    return ""


def keep_password(password: str) -> None:
    """In the home beside the other secrets, not in the database; readable by its owner alone."""
    path = password_path()
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    new = path.with_suffix(f".{os.getpid()}")
    with os.fdopen(os.open(new, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "w") as file:
        file.write(password)
    new.replace(path)


def try_mail(to: str) -> str:
    """Send a test mail; empty when the server took it, else why not, in words."""
    place = server()
    body = _("This is a test mail. Whoever reads it knows that outgoing mail works.")
    message = EmailMessage(_("Test mail"), body, from_email=sender(), to=[to])
    try:
        (place.backend(10) if place else Files()).send_messages([message])
    except (OSError, smtplib.SMTPException) as problem:
        return reason_of(problem)
    return ""


def reason_of(problem: Exception) -> str:
    said = {
        socket.gaierror: _("There is no mail server of this name."),
        ConnectionRefusedError: _("The server does not answer at this port."),
        TimeoutError: _("The server does not answer in time. Check the name, the port and the firewall."),
        smtplib.SMTPAuthenticationError: _("The server does not accept this user and password."),
        smtplib.SMTPSenderRefused: _("The server does not accept our sender address."),
        smtplib.SMTPRecipientsRefused: _("The server does not accept the recipient."),
        smtplib.SMTPNotSupportedError: _("The server does not speak the encryption that was chosen."),
        ssl.SSLError: _("The encryption does not fit the port, or the server's certificate is not valid."),
    }
    text = next((text for kind, text in said.items() if isinstance(problem, kind)), "")
    code = getattr(problem, "smtp_code", "")
    return text or _("The server refused the mail (%(why)s).") % {"why": code or type(problem).__name__}
