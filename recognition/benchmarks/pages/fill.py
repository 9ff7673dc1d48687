"""The gallery that pages are measured on, made in an installation's own process: run as a module,
it takes numbers of references, categories and queries."""

from __future__ import annotations

import sys

SLUG = "benchmark"
OWNER = "admin"
_FAR = 0.05


def main(references: str, categories: str, queries: str) -> None:
    import django

    django.setup()

    from django.contrib.auth.models import User

    from recognition.benchmarks.inference.photos import photo_files
    from recognition.benchmarks.pages.gallery import fill
    from recognition.benchmarks.pages.past import live
    from recognition.images import open_image
    from recognition.models import GivenPassword
    from recognition.services.curation.measure_references import measure_gallery
    from recognition.services.galleries.create_gallery import create_gallery
    from recognition.services.indexes.snapshots import write_due_snapshots
    from recognition.services.matching.gallery_model import refit_stale

    owner = User.objects.get(username=OWNER)
    # Whoever has not chosen a password yet is shown nothing else.
    GivenPassword.objects.filter(user=owner).delete()
    gallery = create_gallery(name="Benchmark", slug=SLUG, owner=owner, target_far=_FAR)
    files = photo_files(None)
    upright = files[: len(files) // 4]
    known = [open_image(file) for file in upright[: len(upright) // 2]]
    fill(gallery, owner, known, int(references), int(categories))
    refit_stale()
    gallery.refresh_from_db()
    live(gallery, owner, files[len(upright) :], int(queries))
    refit_stale()
    measure_gallery(gallery)
    write_due_snapshots()


if __name__ == "__main__":
    main(*sys.argv[1:])
