"""A way in for whoever was locked out by others who tried their name."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError

from recognition.services.accounts.sign_ins import unlock


class Command(BaseCommand):
    help = "Let a user try to sign in again at once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(username=options["username"]).first()
        if user is None:
            raise CommandError(f"There is no user {options['username']!r}.")
        forgotten = unlock(user=user)
        self.stdout.write(f"{user.username} may sign in; {forgotten} failures are forgotten.")
