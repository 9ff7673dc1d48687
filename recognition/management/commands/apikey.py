"""API keys for programs."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError

from recognition.management.errors import as_command_errors
from recognition.models import Gallery, Scope
from recognition.services.api_keys.issue_key import issue_key


class Command(BaseCommand):
    help = "Create an API key and print it, once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        create = parser.add_subparsers(dest="action", required=True).add_parser("create")
        create.add_argument("name")
        create.add_argument("--user", help="Whom it acts as; by default the first superuser.")
        create.add_argument("--scope", action="append", choices=Scope.values, help="Default: all.")
        create.add_argument("--gallery", action="append", default=[], help="Default: all.")

    def handle(self, *args: Any, **options: Any) -> None:
        galleries = Gallery.objects.filter(slug__in=options["gallery"])
        if missing := set(options["gallery"]) - {gallery.slug for gallery in galleries}:
            raise CommandError(f"There is no gallery {', '.join(sorted(missing))}.")
        with as_command_errors():
            _, secret = issue_key(
                user=_user(options["user"]),
                name=options["name"],
                scopes=options["scope"] or Scope.values,
                galleries=galleries,
            )
        self.stdout.write(secret)


def _user(name: str | None) -> User:
    users = User.objects.filter(username=name) if name else User.objects.filter(is_superuser=True)
    if user := users.order_by("pk").first():
        return user
    raise CommandError(f"There is no user {name!r}." if name else "There is no superuser yet.")
