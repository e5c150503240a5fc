"""Where this house is reached: the one address with which every link in a letter begins."""

import ipaddress
from urllib.parse import urlsplit

from django.conf import settings
from django.http.request import validate_host

from shouxin.people.context import shown_company


def public_url() -> str:
    """Scheme and host without a slash at the end: of the environment, of the settings, or where the server listens."""
    company = shown_company()
    return settings.SHOUXIN_PUBLIC_URL or (company.public_url if company else "") or settings.SHOUXIN_SERVED_AT


def link(path: str) -> str:
    return public_url().rstrip("/") + path


def is_only_here(url: str) -> bool:
    """Whether the address leads to the reader's own machine: a link with it is dead in everybody else's letter."""
    host = (urlsplit(url).hostname or "").rstrip(".")
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host in {"", "testserver"} or host == "localhost" or host.endswith(".localhost")
    return address.is_loopback or address.is_unspecified


def is_answered(url: str) -> bool:
    """Whether this installation answers to the host of the address (SHOUXIN_HOSTS)."""
    host = urlsplit(url).hostname or ""
    return validate_host(f"[{host}]" if ":" in host else host, settings.ALLOWED_HOSTS)


def origin(text: str) -> str:
    """`text` as scheme and host; empty where it is no such address."""
    try:
        parts = urlsplit(text.strip())
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return ""
    is_plain = not (parts.path.strip("/") or parts.query or parts.fragment or parts.username)
    if parts.scheme not in {"http", "https"} or not parts.hostname or not is_plain or " " in parts.netloc:
        return ""
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return f"{parts.scheme}://{host}{port}"
