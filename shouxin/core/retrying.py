"""A request that met another one in the database is done once more: a deadlock, or the same name given twice at once.

The database undid all of it, and every form carries a key, so that a second run doubles nothing. Whatever the other
one wrote is there by then: the form that finds its name taken says so itself, beside the words that were typed.
"""

from django.db import DatabaseError, IntegrityError, InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse
from psycopg import errors

UNDONE = (errors.DeadlockDetected, errors.SerializationFailure)


def is_undone(problem: BaseException) -> bool:
    """Whether the database undid this transaction, perhaps only because others ran at the same time."""
    is_deadlock = isinstance(problem, OperationalError) and isinstance(problem.__cause__, UNDONE)
    return is_deadlock or is_taken(problem)


def is_taken(problem: BaseException) -> bool:
    """Whether something of this name, number or key is there already."""
    return isinstance(problem, IntegrityError) and isinstance(problem.__cause__, errors.UniqueViolation)


def is_away(problem: BaseException | None) -> bool:
    """Whether the database can't be reached, or was shut down under this request."""
    state = getattr(problem.__cause__, "sqlstate", None) if isinstance(problem, DatabaseError | InterfaceError) else ""
    if isinstance(problem, OperationalError | InterfaceError) and state is None:
        return True  # the connection itself failed: the server said nothing of it
    return bool(state) and state.startswith(("08", "57P"))


def run_again(request: HttpRequest) -> HttpResponse:
    """The view of this request once more, with its files from their beginning."""
    if connection.in_atomic_block:
        raise RuntimeError("what was undone is larger than the view")
    for _name, files in request.FILES.lists():
        for file in files:
            file.seek(0)
    match = request.resolver_match
    return match.func(request, *match.args, **match.kwargs)
