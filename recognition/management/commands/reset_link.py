"""A way in for whoever forgot their password, where no mail is sent."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError

from recognition.management.errors import as_command_errors
from recognition.services.accounts.reset_links import make_reset_link


class Command(BaseCommand):
    help = "Print a link by which a user sets another password. It works once, for three days."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")
        parser.add_argument(
            "--address", default="http://127.0.0.1:8000", help="Where people reach the service."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(username=options["username"]).first()
        if user is None:
            raise CommandError(f"There is no user {options['username']!r}.")
        with as_command_errors():
            path = make_reset_link(user=user)
        self.stdout.write(options["address"].rstrip("/") + path)
