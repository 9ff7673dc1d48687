"""Encoders: what is here, and which one new galleries get."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from recognition.encoders import registry
from recognition.management.errors import as_command_errors
from recognition.selectors.encoders import known_encoders
from recognition.services.encoders import models_dir, use_encoder
from recognition.services.looks import looking
from recognition.services.prepare_encoder import prepare_encoder


class Command(BaseCommand):
    help = "List encoders, prepare one (fetch or assemble it), or choose the one for new galleries."

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        actions.add_parser("list", help="What is prepared on this machine and what galleries use.")
        prepare = actions.add_parser("prepare", help="Fetch or assemble an encoder's weights.")
        prepare.add_argument("name", nargs="?", help="By default what ONESHOT_ENCODER says.")
        prepare.add_argument(
            "--timeout", type=float, default=600.0, help="Seconds that a download may take."
        )
        use = actions.add_parser("use", help="Give an encoder to new galleries.")
        use.add_argument("name")

    def handle(self, *args: Any, **options: Any) -> None:
        with as_command_errors():
            getattr(self, f"_{options['action']}")(**options)

    def _list(self, **_: Any) -> None:
        for known in known_encoders([looking(spec) for spec in registry.installed(models_dir())]):
            mark = "*" if known.is_default else " "
            state = "prepared" if known.prepared else "not on this machine"
            self.stdout.write(
                f"{mark} {known.spec.name}  {known.spec.fingerprint[:12]}  "
                f"{known.spec.dimension}-d  {state}, {known.galleries} galleries"
            )
        self.stdout.write("* is given to new galleries.")

    def _prepare(self, name: str | None, timeout: float, **_: Any) -> None:
        prepared = prepare_encoder(name, timeout=timeout, say=self.stdout.write)
        self.stdout.write(f"{prepared.name} is ready ({prepared.fingerprint[:12]}).")
        if reason := registry.why_not_onnx(prepared.name, models_dir=models_dir()):
            self.stdout.write(f"It runs on torch, not on ONNX Runtime: {reason}.")

    def _use(self, name: str, **_: Any) -> None:
        record = use_encoder(name)
        self.stdout.write(f"New galleries get {record}; the existing ones keep theirs.")
