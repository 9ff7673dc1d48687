"""Indexes: how they are, made anew, compared with the database, moved to another backend."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Sequence
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from recognition.management.errors import as_command_errors
from recognition.models import Gallery
from recognition.selectors.galleries import all_galleries, get_gallery_unchecked
from recognition.services.indexes.index_status import IndexStatus, index_status
from recognition.services.indexes.migrate_index import GRACE, migrate_index
from recognition.services.indexes.rebuild_index import rebuild_index
from recognition.services.indexes.verify_index import Verification, verify_index


class Command(BaseCommand):
    help = "Show, rebuild, verify or move the indexes of galleries."

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        for name, text in (
            ("status", "Backend, kind, snapshots and how far they lag."),
            ("rebuild", "Make indexes anew from the database, and their snapshots."),
            ("verify", "Compare indexes with the database; exit status 1 on a difference."),
        ):
            action = actions.add_parser(name, help=text)
            action.add_argument("galleries", nargs="*", metavar="gallery", help="All by default.")
        migrate = actions.add_parser("migrate", help="Move a gallery's index while it is searched.")
        migrate.add_argument("gallery")
        migrate.add_argument("backend", help="As ONESHOT_INDEX is written.")
        migrate.add_argument(
            "--grace", type=float, default=GRACE, help="Seconds until the old index is dropped."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        with as_command_errors():
            getattr(self, f"_{options['action']}")(**options)

    def _status(self, galleries: Sequence[str], **_: Any) -> None:
        for gallery in _chosen(galleries):
            self._say_status(index_status(gallery))

    def _rebuild(self, galleries: Sequence[str], **_: Any) -> None:
        for gallery in _chosen(galleries):
            report = rebuild_index(gallery)
            built = (
                f": {report.kind}, width {report.widths}, recall {report.recall:.4f} on a sample, "
                f"{report.seconds:.1f} s"
                if report
                else ""
            )
            self.stdout.write(f"{gallery.slug}: rebuilt{built}")

    def _verify(self, galleries: Sequence[str], **_: Any) -> None:
        different = []
        for gallery in _chosen(galleries):
            found = verify_index(gallery)
            self.stdout.write(f"{gallery.slug}: {_told(found)}")
            if not found.is_clean:
                different.append(gallery.slug)
        if different:
            raise CommandError(f"Indexes that differ from the database: {', '.join(different)}")

    def _migrate(self, gallery: str, backend: str, grace: float, **_: Any) -> None:
        chosen = get_gallery_unchecked(gallery)
        found = migrate_index(chosen, backend, grace=grace)
        self.stdout.write(f"{gallery}: moved to {backend}; {_told(found)}")

    def _say_status(self, status: IndexStatus) -> None:
        behind = "" if status.behind is None else f", {status.behind} changes to replay"
        self.stdout.write(
            f"{status.gallery}: {status.backend}, {status.kind}, {status.vectors} vectors, "
            f"generation {status.generation}{behind}"
        )
        for snapshot in status.snapshots:
            self.stdout.write(
                f"  snapshot at generation {snapshot.generation}: {snapshot.kind}, "
                f"{snapshot.count} vectors, {snapshot.size / 2**20:.1f} MiB"
            )


def _chosen(slugs: Sequence[str]) -> list[Gallery]:
    if slugs:
        return [get_gallery_unchecked(slug) for slug in slugs]
    return list(all_galleries())


def _told(found: Verification) -> str:
    if found.is_clean:
        return f"{found.compared} vectors equal the database's at generation {found.generation}"
    return (
        f"{len(found.missing)} vectors missing, {len(found.extra)} that should not be there, "
        f"{len(found.different)} different, of {found.compared} at generation {found.generation}"
    )
