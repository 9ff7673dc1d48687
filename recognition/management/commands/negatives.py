"""Photos of things that are not in a gallery, from the command line."""

from __future__ import annotations

from argparse import ArgumentParser
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from django.core.files import File
from django.core.management.base import BaseCommand, CommandError

from recognition.management.errors import as_command_errors
from recognition.models import Gallery
from recognition.selectors.galleries import get_gallery_unchecked
from recognition.selectors.negatives import get_negative, negatives_of
from recognition.services.negatives.add import MAX_FILES, add_negatives
from recognition.services.negatives.remove import remove_all_negatives, remove_negative


class Command(BaseCommand):
    help = "Give a gallery photos of things that are not in it, list them, and remove them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("gallery")
        actions = parser.add_subparsers(dest="action", required=True)
        add = actions.add_parser("add", help="Keep images as photos of other things.")
        add.add_argument("images", nargs="+", type=Path, metavar="image")
        add.add_argument(
            "--force", action="store_true", help="Keep also flawed photos and look-alikes."
        )
        actions.add_parser("list", help="List them.")
        remove = actions.add_parser("remove", help="Remove some.")
        remove.add_argument("ids", nargs="+", metavar="id")
        actions.add_parser("clear", help="Remove all.")

    def handle(self, *args: Any, **options: Any) -> None:
        with as_command_errors():
            gallery = get_gallery_unchecked(options["gallery"])
            match options["action"]:
                case "add":
                    self._add(gallery, options["images"], force=options["force"])
                case "list":
                    for each in negatives_of(gallery):
                        self.stdout.write(f"{each.public_id}  {each.created_at:%Y-%m-%d %H:%M}")
                case "remove":
                    chosen = [get_negative(gallery, each) for each in options["ids"]]
                    for each in chosen:
                        remove_negative(gallery=gallery, negative=each)
                case _:
                    self.stdout.write(f"{remove_all_negatives(gallery=gallery)} removed")

    def _add(self, gallery: Gallery, paths: list[Path], *, force: bool) -> None:
        left_out = 0
        for start in range(0, len(paths), MAX_FILES):
            with ExitStack() as stack:
                files = [_opened(path, stack) for path in paths[start : start + MAX_FILES]]
                added = add_negatives(gallery=gallery, files=files, force=force)
            for kept in added.kept:
                self.stdout.write(f"{kept.name}: {kept.negative.public_id}")
            for refused in added.refused:
                self.stderr.write(f"{refused.name}: {refused.detail} [{refused.code}]")
            for doubtful in added.doubtful:
                self.stderr.write(
                    f"{doubtful.name}: it looks like {doubtful.category.name!r}, so it was not "
                    "kept. If it is something else, give it again with --force."
                )
            left_out += len(added.refused) + len(added.doubtful)
        if left_out:
            raise CommandError(f"{left_out} of {len(paths)} were not kept.")


def _opened(path: Path, stack: ExitStack) -> File[bytes]:
    try:
        return File(stack.enter_context(path.open("rb")), name=str(path))
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}.") from None
