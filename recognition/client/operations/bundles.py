"""Calls that write a gallery to a bundle, and make one of a bundle."""

from __future__ import annotations

import os
from pathlib import Path

from recognition.client.answers import Gallery
from recognition.client.operation import Operation, given, one, path
from recognition.client.uploads import File, Upload


def export_gallery(
    gallery: str, to: str | os.PathLike[str], *, images: bool | None = None
) -> Operation[Path]:
    """Write a gallery to the file ``to`` as a bundle, with the encoder's fingerprint; without its
    ``images`` it is small, and of use only to the same encoder.
    """
    target = Path(to)
    return Operation(
        method="GET",
        path=path("galleries", gallery, "export"),
        params=given(images=images),
        parse=lambda _: target,
        save_to=target,
    )


def import_gallery(bundle: File, *, slug: str | None = None) -> Operation[Gallery]:
    """Make a gallery of a bundle that was exported, here or elsewhere; ``slug`` is the bundle's by
    default, numbered if taken.
    """
    return Operation(
        method="POST",
        path=path("galleries", "import"),
        form=given(slug=slug),
        uploads=(Upload("bundle", bundle),),
        parse=one(Gallery),
        creates=True,
    )
