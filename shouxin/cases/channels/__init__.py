"""The channels: by which way a customer reaches us and we reach the customer. One module each; adding one is a file.

A room above (mail, calls, counter) registers more in its door, by the same `register`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from django.utils.functional import Promise as LazyText

from shouxin.core.refs import Ref


@dataclass(frozen=True, kw_only=True)
class Inbound:
    """What came in, as any channel understands it."""

    subject: str
    body: str
    name: str = ""
    phone: str = ""
    email: str = ""
    at: datetime | None = None
    files: tuple[tuple[str, bytes], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Outbound:
    """What is to leave the house, once: the same `message_id` is the same message."""

    to: str
    title: str
    body: str
    message_id: str
    files: Sequence[tuple[str, str, bytes]] = ()  # name, media type, content
    about: Ref | None = None  # the case, by which a copy is found again


class NotSent(Exception):
    """It did certainly not leave the house; to try again is safe."""


@dataclass(frozen=True, kw_only=True)
class Channel:
    """`parse` reads a payload of this channel (see `sample`); `send` delivers or raises, NotSent when surely not."""

    code: str
    label: str | LazyText
    icon: str
    order: int = 50
    is_taken_down: bool = False  # staff write down what the customer said
    is_spoken: bool = False  # by word of mouth: nothing written reaches the customer
    parse: Callable[[dict[str, Any]], Inbound] | None = None
    send: Callable[[Outbound], None] | None = None
    sample: dict[str, Any] = field(default_factory=dict)


CHANNELS: dict[str, Channel] = {}


def register(channel: Channel) -> Channel:
    """Make a channel known. ValueError when the code is taken by another."""
    if CHANNELS.setdefault(channel.code, channel) is not channel:
        raise ValueError(f"two channels are called {channel.code}")
    return channel


def in_order() -> list[Channel]:
    return sorted(CHANNELS.values(), key=lambda channel: (channel.order, channel.code))


def taken_down_by_staff() -> list[Channel]:
    """What staff may choose when they take a request in."""
    return [channel for channel in in_order() if channel.is_taken_down]


def is_spoken(code: str) -> bool:
    """Whether what is said by this way is said by word of mouth."""
    return code in CHANNELS and CHANNELS[code].is_spoken


def label_of(code: str) -> str:
    """The channel's name; an unknown one (imported) is shown by its code."""
    return str(CHANNELS[code].label) if code in CHANNELS else code


for module in iter_modules(__path__):
    register(import_module(f"{__name__}.{module.name}").CHANNEL)
