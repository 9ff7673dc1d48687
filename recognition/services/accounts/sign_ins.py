"""How often a password may be tried, counted in the database: no other caller pushes it out."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.crypto import salted_hmac

from recognition.core.networks import network_of
from recognition.models import AuditAction, SignIn
from recognition.services.audit.trail import record

TRIES = 10
WINDOW = timedelta(minutes=10)
"""Failures of a name from a network: a person mistypes a few times (NIST SP 800-63B, 5.2.2, allows
a hundred in all)."""

NAME_TRIES = 50
NAME_WINDOW = timedelta(hours=1)
"""Failures of a name from networks where it has not signed in before: many attackers at once find
1,200 passwords a day untrue, while whoever signed in lately is not locked out by them."""

NETWORK_TRIES = 60
NETWORK_WINDOW = timedelta(minutes=10)
"""Failures of a network, whatever the names: one password tried with every name."""

KNOWN = timedelta(days=30)
"""How long a network is remembered from which a name has signed in."""


def begin_sign_in(*, name: str, address: str) -> SignIn | None:
    """Note a try before its password is looked at; None where there were too many.

    It counts as a failure until ``end_sign_in``, so that tries at the same time all count. What is
    refused is not kept: it locks nobody out for longer.
    """
    row = SignIn.objects.create(name=_digest(name), network=network_of(address), at=timezone.now())
    if not _is_too_much(row):
        return row
    row.delete()
    return None


@transaction.atomic
def end_sign_in(*, user: User, address: str) -> None:
    """Note that a user has signed in: from this network they may be known for a while."""
    of_both = _of(user.get_username(), address)
    of_both.delete()
    SignIn.objects.create(
        name=_digest(user.get_username()),
        network=network_of(address),
        succeeded=True,
        at=timezone.now(),
    )
    record(AuditAction.SIGN_IN, user, gallery=None, user=user, network=network_of(address))


def take_back_try(*, name: str, address: str) -> None:
    """Forget the last try of somebody who is signed in and has proved again who they are."""
    row = _of(name, address).filter(succeeded=False).order_by("-at", "-pk").first()
    if row is not None:
        row.delete()


def note_failure(*, name: str, address: str, factor: str = "") -> None:
    """Note that a password, or the ``factor`` that comes second, was wrong. Only names that exist
    are written down.
    """
    user = User.objects.filter(username=name).first()
    if user is not None:
        detail: dict[str, Any] = {"factor": factor} if factor else {}
        record(AuditAction.FAIL, user, gallery=None, network=network_of(address), **detail)


def note_lock(*, name: str, address: str) -> None:
    """Note that tries were refused unseen; told once for a name and a network, as long as
    it lasts.
    """
    user = User.objects.filter(username=name).first()
    if user is not None:
        record(AuditAction.LOCK, user, gallery=None, network=network_of(address))


def note_sign_out(*, user: User) -> None:
    record(AuditAction.SIGN_OUT, user, gallery=None, user=user)


def note_ended_sessions(*, user: User, count: int) -> None:
    """Note that a user ended sessions of theirs from elsewhere."""
    record(AuditAction.SIGN_OUT, user, gallery=None, user=user, sessions=count)


@transaction.atomic
def unlock(*, user: User) -> int:
    """Forget the failures of a name, so that its owner may sign in at once. Returns how many."""
    failures = SignIn.objects.filter(name=_digest(user.get_username()), succeeded=False)
    forgotten, _ = failures.delete()
    record(AuditAction.UNLOCK, user, gallery=None, failures=forgotten)
    return forgotten


def forget_sign_ins() -> int:
    """Drop what no limit looks at any more."""
    now = timezone.now()
    failures = SignIn.objects.filter(succeeded=False, at__lt=now - NAME_WINDOW)
    successes = SignIn.objects.filter(succeeded=True, at__lt=now - KNOWN)
    return sum(rows.delete()[0] for rows in (failures, successes))


def _is_too_much(row: SignIn) -> bool:
    """Say whether a try, itself counted, is one too many."""
    failures = SignIn.objects.filter(succeeded=False)
    since = row.at - WINDOW
    if failures.filter(name=row.name, network=row.network, at__gt=since).count() > TRIES:
        return True
    since = row.at - NETWORK_WINDOW
    if failures.filter(network=row.network, at__gt=since).count() > NETWORK_TRIES:
        return True
    known = SignIn.objects.filter(name=row.name, succeeded=True, at__gt=row.at - KNOWN)
    networks = set(known.values_list("network", flat=True).distinct())
    if row.network in networks:
        return False
    strangers = failures.filter(name=row.name, at__gt=row.at - NAME_WINDOW)
    return strangers.exclude(network__in=networks).count() > NAME_TRIES


def _of(name: str, address: str) -> QuerySet[SignIn]:
    return SignIn.objects.filter(name=_digest(name), network=network_of(address))


def _digest(name: str) -> str:
    return salted_hmac("sign-in", name.casefold(), algorithm="sha256").hexdigest()
