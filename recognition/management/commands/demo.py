"""The demo gallery."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from recognition.core.program import TYPED
from recognition.management.errors import as_command_errors
from recognition.services.demo.seed_demo import seed_demo


class Command(BaseCommand):
    help = "Seed the demo gallery, once, and say how to try it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", default="8000", help="Of the address that is printed.")

    def handle(self, *args: Any, **options: Any) -> None:
        with as_command_errors():
            demo = seed_demo()
        self.stdout.write(
            f"\n  Open      http://127.0.0.1:{options['port']}/\n"
            f"  Sign in   {demo.login}, password in {demo.password}\n"
            f"  Try       {TYPED} identify {demo.gallery} {demo.queries}/*\n"
        )
