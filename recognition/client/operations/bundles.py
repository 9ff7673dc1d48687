from __future__ import annotations

import os
from pathlib import Path

from recognition.client.answers import Gallery
from recognition.client.operation import Operation, one, path
from recognition.client.uploads import File, Upload


def export_gallery(gallery: str, to: str | os.PathLike[str]) -> Operation[Path]:
    """Write a gallery to the file ``to`` as a bundle, with the encoder's fingerprint."""
    target = Path(to)
    return Operation(
        method="GET",
        path=path("galleries", gallery, "export"),
        parse=lambda _: target,
        save_to=target,
    )


def import_gallery(bundle: File) -> Operation[Gallery]:
    """Make a gallery of a bundle that was exported, here or elsewhere."""
    return Operation(
        method="POST",
        path=path("galleries", "import"),
        uploads=(Upload("bundle", bundle),),
        parse=one(Gallery),
        creates=True,
    )
