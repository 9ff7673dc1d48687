"""A way in for whoever was locked out by others who tried their name."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError

from recognition.services.accounts.second_factors import drop_second_factors
from recognition.services.accounts.sign_ins import unlock


class Command(BaseCommand):
    help = "Let a user try to sign in again at once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")
        parser.add_argument(
            "--drop-second-factors",
            action="store_true",
            help="Remove their apps, passkeys and recovery codes, too: a password signs them in.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(username=options["username"]).first()
        if user is None:
            raise CommandError(f"There is no user {options['username']!r}.")
        forgotten = unlock(user=user)
        if options["drop_second_factors"]:
            dropped = drop_second_factors(user=user)
            self.stdout.write(f"{user.username} has no second factor any more; {dropped} are gone.")
        self.stdout.write(f"{user.username} may sign in; {forgotten} failures are forgotten.")
