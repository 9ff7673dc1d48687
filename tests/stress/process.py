"""What a process of the stress tests does: `python -m tests.stress.process ROLE ...`."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import django
import numpy as np

from recognition.core.types import Matrix

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "oneshot_site.settings")
CHECKED = 16
"""Acknowledged enrolments, and as many removals, that a reader looks for at a time."""


def write(notes: Path, gallery: Any, name: str, enrolments: int, removals: int, first: int) -> None:
    """Enrol and remove in random order, noting what is acknowledged."""
    from recognition.services.removal import remove_reference
    from tests.stress.acknowledged import Notes
    from tests.vectors import embedding_of, enrol_vectors

    told, rng = Notes(notes, name), generator(name)
    ready(notes, name)
    kept: list[tuple[Any, int, int]] = []
    row, end = first, first + enrolments
    while row < end or removals:
        share = removals / (removals + end - row)
        if kept and rng.random() < share:
            reference, embedding, at = kept.pop(rng.integers(len(kept)))
            told.removing(embedding, at)
            remove_reference(gallery=gallery, reference=reference)
            told.removed(embedding, at)
            removals -= 1
        else:
            [reference] = enrol_vectors(gallery, vectors_of([row]))
            embedding = embedding_of(reference)
            told.enrolled(embedding, row)
            kept.append((reference, embedding, row))
            row += 1


def read(notes: Path, gallery: Any, name: str, until: Path) -> None:
    """Search all the while; whatever is missing or returned too late ends it with status 1."""
    from recognition.services.indexes.replicas import replica_of, source_of
    from recognition.services.indexes.verify_index import compare_with_database
    from tests.stress.acknowledged import Acknowledged

    known, rng = Acknowledged(notes), generator(name)
    ready(notes, name)
    replica, searches, done = replica_of(gallery), 0, False
    while not done:
        done = until.exists()
        known.read()
        present = sample(rng, known.present())
        removed = sample(rng, known.removed)
        rows = [known.enrolled[id_] for id_ in present] + [known.removed[id_] for id_ in removed]
        if not rows:
            time.sleep(0.01)
            continue
        found = [{hit.id for hit in hits} for hits in replica.search(vectors_of(rows), 5)]
        searches += len(rows)
        asked_to_go = known.read().removing
        for id_, ids in zip(present + removed, found, strict=True):
            if id_ in removed and id_ in ids:
                sys.exit(f"{name}: {id_} was returned after its removal")
            if id_ in present and id_ not in ids and id_ not in asked_to_go:
                sys.exit(f"{name}: {id_} is missing at generation {replica.generation}")
    found = compare_with_database(replica, source_of(gallery))
    if not found.is_clean:
        sys.exit(f"{name}: {found}")
    print(searches)


def check(notes: Path, gallery: Any) -> None:
    """Every acknowledged enrolment is in the database, no acknowledged removal is; the index
    that a process starts with equals the database."""
    from django.core.management import call_command

    from recognition.models import Embedding
    from tests.stress.acknowledged import Acknowledged

    known = Acknowledged(notes).read()
    present, removed = known.present(), set(known.removed)
    kept = set(Embedding.objects.filter(gallery=gallery).values_list("pk", flat=True))
    # A writer that lives has removed others meanwhile.
    if lost := present - kept - known.read().removing:
        sys.exit(f"lost: {sorted(lost)}")
    if back := kept & removed:
        sys.exit(f"removed and still there: {sorted(back)}")
    call_command("index", "verify")


def create(slug: str) -> None:
    from django.core.management import call_command

    from tests.vectors import vector_gallery

    call_command("migrate", verbosity=0)
    vector_gallery(slug)


def snapshot(notes: Path, gallery: Any, name: str, until: Path) -> None:
    """Write snapshots all the while."""
    from recognition.services.indexes.snapshots import write_snapshot_of

    written = 0
    ready(notes, name)
    while not until.exists():
        gallery.refresh_from_db()
        written += write_snapshot_of(gallery) is not None
        time.sleep(0.02)
    print(written)


def vectors_of(rows: Iterable[int]) -> Matrix:
    """The vectors that all processes know by these numbers."""
    from tests.vectors import unit_vectors

    return np.concatenate([unit_vectors(1, seed=row) for row in rows])


def ready(notes: Path, name: str) -> None:
    (notes / f"{name}.ready").touch()


def generator(name: str) -> np.random.Generator:
    return np.random.default_rng(list(name.encode()))


def sample(rng: np.random.Generator, ids: Iterable[int]) -> list[int]:
    """The newest, and some of the others."""
    ordered = sorted(ids)
    newest, others = ordered[-CHECKED // 2 :], ordered[: -CHECKED // 2]
    chosen = rng.choice(others, min(len(others), CHECKED // 2), replace=False) if others else []
    return newest + [int(id_) for id_ in chosen]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("role", choices=["create", "write", "read", "snapshot", "check"])
    parser.add_argument("notes", type=Path)
    parser.add_argument("gallery")
    parser.add_argument("--name", default="")
    parser.add_argument("--enrolments", type=int, default=0)
    parser.add_argument("--removals", type=int, default=0)
    parser.add_argument("--first", type=int, default=0)
    given = parser.parse_args()
    django.setup()
    if given.role == "create":
        create(given.gallery)
        return
    from recognition.models import Gallery

    gallery = Gallery.objects.select_related("encoder").get(slug=given.gallery)
    done = given.notes / "done"
    if given.role == "write":
        write(given.notes, gallery, given.name, given.enrolments, given.removals, given.first)
    elif given.role == "read":
        read(given.notes, gallery, given.name, done)
    elif given.role == "check":
        check(given.notes, gallery)
    else:
        snapshot(given.notes, gallery, given.name, done)


if __name__ == "__main__":
    main()
