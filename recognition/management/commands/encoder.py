"""Encoders: what is here, and which one new galleries get."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from recognition.core.durable import replacing
from recognition.core.program import PROGRAM
from recognition.encoders import registry
from recognition.encoders.multi_view import multi_view_spec
from recognition.management.errors import as_command_errors
from recognition.management.training import add_training_arguments, train_drawings
from recognition.matching.prior import to_json
from recognition.selectors.encoder_changes import open_change
from recognition.selectors.encoders import known_encoders
from recognition.selectors.galleries import get_gallery_unchecked
from recognition.services.encoder_changes.answer import change_answer
from recognition.services.encoder_changes.end import cancel_change, finish_change
from recognition.services.encoder_changes.start import start_encoder_change
from recognition.services.encoder_changes.switch import roll_back, switch_encoder
from recognition.services.encoders.background import embed_cohort, measured_path
from recognition.services.encoders.encoder_menu import encoder_menu
from recognition.services.encoders.gallery_encoders import (
    default_encoder,
    load_bulk_encoder,
    models_dir,
    use_encoder,
)
from recognition.services.encoders.prepare_encoder import prepare_domains, prepare_encoder
from recognition.services.evaluations.measure_chance import measure_chance
from recognition.services.recognition.answer import Answer

PREPARE_SECONDS = 600.0

ENDINGS = {
    "switch": (switch_encoder, "Search with the new encoder from now on."),
    "roll-back": (roll_back, "Search with the old encoder again."),
    "finish": (finish_change, "Drop the old encoder's embeddings."),
    "cancel": (cancel_change, "Leave the gallery as it is."),
}


class Command(BaseCommand):
    help = "List, prepare or choose encoders, and give a gallery another one."

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        listing = actions.add_parser(
            "list", help="What is prepared on this machine and what galleries use."
        )
        listing.add_argument(
            "--available", action="store_true", help="Also what could be prepared, to choose from."
        )
        prepare = actions.add_parser("prepare", help="Fetch or assemble an encoder's weights.")
        prepare.add_argument("name", nargs="?", help="By default what ONESHOT_ENCODER says.")
        prepare.add_argument(
            "--domains", action="store_true", help="Also the encoders of faces and drawings."
        )
        prepare.add_argument(
            "--timeout", type=float, default=600.0, help="Seconds that a download may take."
        )
        use = actions.add_parser("use", help="Give an encoder to new galleries.")
        use.add_argument("name")
        measure = actions.add_parser(
            "measure", help="Measure what chance looks like to an encoder, for small galleries."
        )
        measure.add_argument("folder", type=Path, help="A folder a kind, a picture a thing.")
        measure.add_argument("name", nargs="?", help="By default what new galleries get.")
        measure.add_argument("--source", required=True, help="Where the pictures are from.")
        measure.add_argument(
            "--output", type=Path, help="Where the numbers go. [where this installation uses them]"
        )
        train = actions.add_parser("train", help="Make an encoder's weights anew, from a seed.")
        add_training_arguments(train)
        migrate = actions.add_parser("migrate", help="Give a gallery another encoder.")
        migrate.add_argument("gallery")
        migrate.add_argument(
            "name", nargs="?", help="The encoder; left out, tell how far the change is."
        )
        step = migrate.add_mutually_exclusive_group()
        for flag, (_, text) in ENDINGS.items():
            step.add_argument(f"--{flag}", dest="step", action="store_const", const=flag, help=text)

    def handle(self, *args: Any, **options: Any) -> None:
        with as_command_errors():
            getattr(self, f"_{options['action']}")(**options)

    def _list(self, *, available: bool, **_: Any) -> None:
        if available:
            self._list_available()
            return
        for known in known_encoders(
            [multi_view_spec(spec) for spec in registry.installed(models_dir())]
        ):
            mark = "*" if known.is_default else " "
            state = "prepared" if known.prepared else "not on this machine"
            self.stdout.write(
                f"{mark} {known.spec.name}  {known.spec.fingerprint[:12]}  "
                f"{known.spec.dimension}-d  {state}, {known.galleries} galleries"
            )
        self.stdout.write("* is given to new galleries.")

    def _list_available(self) -> None:
        for choice in encoder_menu():
            offer = choice.offer
            texts = "images and texts" if offer.reads_texts else "images alone"
            here = "prepared" if choice.prepared else "from the hub" if offer.hub else "at hand"
            cost = f", {choice.milliseconds:.0f} ms an image here" if choice.milliseconds else ""
            self.stdout.write(f"{offer.name}  ({here}{cost})")
            self.stdout.write(
                f"    {offer.domain}, {texts}, {offer.size} MB, {offer.licence}; {offer.accuracy} "
                f"({offer.source})"
            )
        self.stdout.write(f"“{PROGRAM} encoder prepare NAME” prepares one.")

    def _prepare(self, name: str | None, timeout: float, domains: bool, **_: Any) -> None:
        prepared = prepare_encoder(name, timeout=timeout, say=self.stdout.write)
        self.stdout.write(f"{prepared.name} is ready ({prepared.fingerprint[:12]}).")
        if reason := registry.why_not_onnx(prepared.name, models_dir=models_dir()):
            self.stdout.write(f"It runs on torch, not on ONNX Runtime: {reason}.")
        if kept := registry.kept_by_precision(prepared.name, models_dir=models_dir()):
            self.stdout.write(
                f"Its embeddings of photos and texts keep a cosine of {kept:.3f} or more to the "
                "whole encoder's. Evaluate both on your images before you change a gallery to it."
            )
        if domains:
            for spec in prepare_domains(timeout=timeout, say=self.stdout.write):
                self.stdout.write(f"{spec.name} is ready ({spec.fingerprint[:12]}).")

    def _measure(
        self, folder: Path, name: str | None, source: str, output: Path | None, **_: Any
    ) -> None:
        encoder = load_bulk_encoder(name or default_encoder().name)
        embed_cohort(encoder, models_dir())
        found = measure_chance(encoder=encoder, folder=folder, source=source)
        path = output or measured_path(encoder.spec)
        with replacing(path) as file:
            file.write(f"{json.dumps(to_json(found), indent=1)}\n".encode())
        self.stdout.write(
            f"{len(found.kinds)} kinds: an only category's impostors score {found.first_mean:.2f} "
            f"± {found.first_deviation:.2f} (Fisher's z). Written to {path}; processes that run "
            "take it up when they start again."
        )

    def _train(
        self,
        name: str,
        output: Path | None,
        seed: int | None,
        steps: int | None,
        tiny: bool,
        verbosity: int,
        **_: Any,
    ) -> None:
        folder = output or models_dir() / "trained" / name
        judged = train_drawings(
            output=folder, seed=seed, steps=steps, tiny=tiny, quiet=verbosity == 0
        )
        self.stdout.write(
            f"Of made-up characters that it has not seen, {judged.characters:.1%} are named "
            "rightly among twenty by one reference each; made-up signatures against other signers "
            f"have an equal error rate of {judged.signatures:.1%}. Written to {folder}."
        )

    def _migrate(self, gallery: str, name: str | None, step: str | None, **_: Any) -> None:
        chosen = get_gallery_unchecked(gallery)
        if name is not None:
            prepared = prepare_encoder(name, timeout=PREPARE_SECONDS, say=self.stdout.write)
            change = start_encoder_change(gallery=chosen, encoder=prepared.name)
            self.stdout.write(f"{change.public_id}: the worker embeds {gallery} by {name}.")
            return
        opened = open_change(chosen)
        if opened is None:
            raise CommandError(f"No change of encoder is open in {gallery}.")
        change = ENDINGS[step][0](change=opened) if step else opened
        for line in _told(change_answer(change)):
            self.stdout.write(line)

    def _use(self, name: str, **_: Any) -> None:
        prepare_encoder(name, timeout=PREPARE_SECONDS, say=self.stdout.write)
        record = use_encoder(name)
        self.stdout.write(f"New galleries get {record}; the existing ones keep theirs.")


def _told(change: Answer) -> list[str]:
    """How far a change is, and what its comparison found."""
    lines = [
        f"{change['id']}: {change['state']}, from {change['source']['name']} to "
        f"{change['target']['name']}, {change['embedded']} of {change['total']} embedded"
    ]
    if change["detail"]:
        lines.append(change["detail"])
    if found := change["comparison"]:
        one_out = found["leave_one_out"]
        lines += [
            f"{found['alike']} of {found['compared']} past queries are answered alike",
            f"of {found['judged']} that somebody judged, {found['right_before']} were right and "
            f"{found['right_after']} would be",
            f"nearest neighbour right for {one_out['before']} of {one_out['references']} "
            f"references now, {one_out['after']} then",
        ]
    return lines
