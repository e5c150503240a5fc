"""Work for two cores: the same function for many places, each in one of two processes, answers in order."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing import get_all_start_methods, get_context
from multiprocessing.connection import Connection
from sys import platform
from typing import Any, TypeVar

from django.db import connection

Answer = TypeVar("Answer")
HANDS = 2


@contextmanager
def side_by_side(make: Callable[[int], Answer], count: int) -> Iterator[Iterator[Answer]]:
    """`make(place)` for every place. The processes are copies of this one and end with it; none of them asks the
    database anything. Where a process cannot be copied, or there is one core, it is done here.
    """
    if platform != "linux" or "fork" not in get_all_start_methods() or (os.cpu_count() or 1) < HANDS:
        yield (make(place) for place in range(count))
        return
    context, readers, hands = get_context("fork"), [], []
    for first in range(HANDS):
        reader, writer = context.Pipe(duplex=False)
        readers.append(reader)
        hand = context.Process(
            target=_serve, args=(make, range(first, count, HANDS), writer, list(readers)), daemon=True
        )
        hand.start()
        writer.close()
        hands.append(hand)
    try:
        yield (_received(readers[place % HANDS]) for place in range(count))
    finally:
        for hand in hands:
            hand.terminate()
            hand.join()


def _received(reader: Connection) -> Any:
    answer = reader.recv()
    if isinstance(answer, Exception):
        raise answer
    return answer


def _serve(make: Callable[[int], Any], places: range, writer: Connection, readers: list[Connection]) -> None:
    """Nobody but the first process holds the reading ends: when it is gone, the next answer finds no reader."""
    for reader in readers:
        reader.close()
    try:
        with connection.execute_wrapper(_asks_nothing):
            for place in places:
                writer.send(make(place))
    except BrokenPipeError:
        return
    except Exception as problem:
        writer.send(problem)


def _asks_nothing(*args: Any) -> None:
    raise RuntimeError("the database belongs to the process that holds the transaction")
