"""What a person at the terminal is told: trouble ends a command with a sentence, never with a traceback."""

import contextlib
import signal
import sys
from collections.abc import Callable
from types import FrameType
from typing import NoReturn


class Trouble(Exception):
    """Something the person who started the command can mend; the text says what and how."""


class Stopping(BaseException):
    """Ctrl-C or SIGTERM: everything that was started is stopped on the way out."""


def say(text: str) -> None:
    """Progress goes to standard error: standard output belongs to answers."""
    # Where the terminal is a file on a full disk, nothing is said, but everything goes on.
    with contextlib.suppress(OSError):
        print(text, file=sys.stderr, flush=True)


def _raise_stopping(number: int, frame: FrameType | None) -> NoReturn:
    # A second Ctrl-C does not disturb the stopping.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise Stopping(number)


def catch_stop_signals() -> None:
    """From here on Ctrl-C, SIGTERM and a closed terminal raise Stopping."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _raise_stopping)


def command(main: Callable[[list[str]], int | None]) -> NoReturn:
    """Run the command; trouble is told in a sentence and ends with 1."""
    catch_stop_signals()
    try:
        status = main(sys.argv[1:]) or 0
    except Trouble as trouble:
        say(f"\n{trouble}")
        status = 1
    except Stopping as stopping:
        number = stopping.args[0]
        status = 0 if number == signal.SIGTERM else 128 + number
    except BrokenPipeError:
        status = 1
    sys.exit(status)
