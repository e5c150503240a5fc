"""Personal data as it is shown by default; showing more is an action that is recorded."""

from shouxin.core.phones import FEWEST_DIGITS, written_digits

DOT = "●"


def mask_phone(value: str) -> str:
    """0912-345-417 → 0912-34*-***: enough to recognise. The last four are what the customer's page asks for."""
    text = written_digits(value)
    if len(text) < FEWEST_DIGITS:
        return "***"
    shown = text[: min(6, len(text) - 4)]
    masked = shown + "*" * (len(text) - len(shown))
    return "-".join(filter(None, (masked[:4], masked[4:-3], masked[-3:])))


def mask_id(value: str) -> str:
    """A123456789 → A1*****789."""
    return value[:2] + "*" * max(len(value) - 5, 3) + value[-3:] if len(value) > 5 else "*" * len(value)


def mask_name(value: str) -> str:
    """王雅婷 → 王○婷, 林明 → 林○; words of other scripts keep their first letter."""
    if not value:
        return ""
    if value.isascii():
        return " ".join(f"{word[0]}." for word in value.split())
    if len(value) <= 2:
        return value[0] + "○"
    return value[0] + "○" * (len(value) - 2) + value[-1]


def mask_email(value: str) -> str:
    """ya.ting@example.com → y***@example.com."""
    name, at, domain = value.partition("@")
    return f"{name[:1]}***{at}{domain}"


def mask_address(value: str) -> str:
    """The district stays, the street does not."""
    return value[:6] + "***" if len(value) > 6 else "***"
