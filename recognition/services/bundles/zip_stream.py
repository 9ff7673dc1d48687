"""A zip archive written while it is sent."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator


class ZipStream(io.RawIOBase):
    """A stream of what zipfile writes, in pieces; it is never held as a whole.

    zipfile takes a file that cannot seek, and puts each entry's size behind it.
    """

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self._archive = zipfile.ZipFile(self, "w", allowZip64=True)

    def writable(self) -> bool:
        return True

    def write(self, piece: object, /) -> int:
        data = bytes(memoryview(piece))  # type: ignore[arg-type]
        self._pieces.append(data)
        return len(data)

    def add(
        self, name: str, pieces: Iterable[bytes], *, method: int = zipfile.ZIP_STORED
    ) -> Iterator[bytes]:
        info = zipfile.ZipInfo(name)
        info.compress_type = method
        with self._archive.open(info, "w", force_zip64=True) as target:
            for piece in pieces:
                target.write(piece)
                yield self._taken()
        yield self._taken()

    def end(self) -> bytes:
        self._archive.close()
        return self._taken()

    def _taken(self) -> bytes:
        taken = b"".join(self._pieces)
        self._pieces.clear()
        return taken
