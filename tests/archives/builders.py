"""Archives, honest and not."""

from __future__ import annotations

import io
import tarfile
import zipfile
from collections.abc import Mapping

from PIL import Image

Files = Mapping[str, bytes]


def zip_of(files: Files, *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def tar_of(files: Files, *, extra: tuple[tarfile.TarInfo, ...] = ()) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
        for info in extra:
            archive.addfile(info)
    return buffer.getvalue()


def image_bytes(shade: int = 0, *, size: int = 64) -> bytes:
    """A small photo-like PNG, another one for every shade."""
    image = Image.linear_gradient("L").resize((size, size)).convert("RGB")
    image.putpixel((0, 0), (shade % 256, shade // 256 % 256, shade // 65536))
    image.putpixel((1, 0), (255 - shade % 256, 128, 7))
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()
