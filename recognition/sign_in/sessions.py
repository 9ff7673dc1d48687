"""Sessions are ended with a trace."""

from __future__ import annotations

from collections.abc import Iterable

from allauth.usersessions.adapter import DefaultUserSessionsAdapter
from allauth.usersessions.models import UserSession

from recognition.services.accounts.sign_ins import note_ended_sessions


class SessionsAdapter(DefaultUserSessionsAdapter):
    """Ends sessions of one user at a time."""

    def end_sessions(self, sessions: Iterable[UserSession]) -> None:
        ended = list(sessions)
        super().end_sessions(ended)
        if ended:
            note_ended_sessions(user=ended[0].user, count=len(ended))
