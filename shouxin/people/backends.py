"""Who is signed in: read on every page, so by statements that are worked out once."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.contrib.sessions.backends.db import SessionStore as DatabaseSessions
from django.contrib.sessions.models import Session
from django.utils import timezone

from shouxin.core.statements import stated
from shouxin.people.models import Staff


@stated
def _session(key, at):
    return Session.objects.filter(session_key=key, expire_date__gt=at)


@stated
def _staff(key):
    return Staff.objects.filter(pk=key)


class SessionStore(DatabaseSessions):
    """Sessions in the database, so that signing out and leaving the company end them at once."""

    def _get_session_from_db(self) -> Session | None:
        found = _session.first(key=self.session_key, at=timezone.now())
        if found is None:
            self._session_key = None
        return found


class StaffBackend(ModelBackend):
    """Account and password; the row of whoever is signed in."""

    def get_user(self, user_id: Any) -> Staff | None:
        found = _staff.first(key=user_id)
        return found if found is not None and self.user_can_authenticate(found) else None
