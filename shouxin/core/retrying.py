"""A request whose transaction was chosen as the victim of a deadlock is done once more.

The database undid all of it, and every form carries a key, so that a second run doubles nothing.
"""

from django.db import OperationalError, connection
from django.http import HttpRequest, HttpResponse
from psycopg import errors

UNDONE = (errors.DeadlockDetected, errors.SerializationFailure)


def is_undone(problem: BaseException) -> bool:
    """Whether the database undid this transaction only because others ran at the same time."""
    return isinstance(problem, OperationalError) and isinstance(problem.__cause__, UNDONE)


def run_again(request: HttpRequest) -> HttpResponse:
    """The view of this request once more, with its files from their beginning."""
    if connection.in_atomic_block:
        raise RuntimeError("what was undone is larger than the view")
    for _name, files in request.FILES.lists():
        for file in files:
            file.seek(0)
    match = request.resolver_match
    return match.func(request, *match.args, **match.kwargs)
