"""Run as a program: a bundle on standard input to its parts in a folder, checked one by one.

It knows no database and no encoder. The arguments are the folder, the address space in bytes and
the seconds of processor time that it may take, and the limits of an archive as JSON.
"""

from __future__ import annotations

import json
import resource
import sys
from pathlib import Path
from typing import IO

import numpy as np
from django.conf import settings

from recognition.archives import ArchiveLimits
from recognition.core.errors import ArchiveError, InvalidBundle

PARTS, ROWS, IMAGES = "manifest.json", "vectors.npy", "images.json"
"""Files of the folder; an image's name is its number in the list of images."""


def main() -> None:
    folder, memory, seconds, limits = sys.argv[1:]
    resource.setrlimit(resource.RLIMIT_AS, (int(memory), int(memory)))
    resource.setrlimit(resource.RLIMIT_CPU, (int(seconds), int(seconds)))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    settings.configure(USE_I18N=False)
    with open(0, "rb") as bundle:
        try:
            told = unpack(bundle, Path(folder), ArchiveLimits(**json.loads(limits)))
        except ArchiveError as error:
            told = {"code": error.code, "detail": error.detail}
    sys.stdout.write(json.dumps(told))


def unpack(bundle: IO[bytes], folder: Path, limits: ArchiveLimits) -> dict[str, object]:
    """Write a bundle's parts, and return how much it holds and what is wrong with its vectors,
    which count only for whoever has their encoder. Raises ArchiveError.
    """
    # Imported here: what reads a manifest needs settings, and none of them matters.
    from recognition.services.bundles.read_bundle import read_images, read_manifest, read_vectors

    manifest = read_manifest(bundle, limits)
    told: dict[str, object] = {
        "galleries": 1,
        "categories": len(manifest["categories"]),
        "references": len(manifest["references"]),
        "vectors": "",
    }
    try:
        np.save(folder / ROWS, read_vectors(bundle, manifest, limits))
    except InvalidBundle as error:
        told["vectors"] = error.detail
    (folder / PARTS).write_text(json.dumps(manifest))
    wanted = {each["image"] for each in manifest["references"] if each["image"] is not None}
    names: list[str] = []
    size = 0
    for name, data in read_images(bundle, wanted, limits):
        (folder / str(len(names))).write_bytes(data)
        names.append(name)
        size += len(data)
    (folder / IMAGES).write_text(json.dumps(names))
    return told | {"bytes": size}


if __name__ == "__main__":
    main()
