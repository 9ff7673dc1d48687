"""Whatever is sent, it is read or refused: no other error, no hang, no memory without end.

ONESHOT_FUZZ_CASES sets how many cases of each kind are tried, ONESHOT_FUZZ_SEED which ones, so that
a long search can be split over runs. A case that fails is named by its number.
"""

from __future__ import annotations

import gzip
import io
import json
import os
import random
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image
from rest_framework.exceptions import ParseError

from oneshot_site.server.channels import Parser
from recognition.api.parsing import ImageJSONParser, PlainJSONParser
from recognition.archives import ArchiveLimits, plan_rows, read_entries
from recognition.core.errors import ArchiveEntryError, RecognitionError
from recognition.images import ImageLimits, open_image
from recognition.services.bundles.manifest import parse_manifest
from tests.archives.builders import tar_of, zip_of

CASES = int(os.environ.get("ONESHOT_FUZZ_CASES", "300"))
SEED = int(os.environ.get("ONESHOT_FUZZ_SEED", "0"))
LIMITS = ArchiveLimits(max_entries=500, max_entry_bytes=100_000, max_total_bytes=2_000_000)
TOKENS = [
    b"\0",
    b"\xff" * 4,
    b"9" * 30,
    b"\x80" * 12,
    b"../",
    b"[" * 50,
    b'{"a":',
    b"1e999",
    b"\r\n",
]

FILES = {"cat/1.jpg": b"one" * 100, "manifest.csv": b"file,category\ncat/1.jpg,cat\n", "x/": b""}
TAR, ZIP = gzip.decompress(tar_of(FILES)), zip_of(FILES)
MANIFEST = json.dumps(
    {
        "format": "oneshot-gallery",
        "version": 1,
        "gallery": {"slug": "x", "name": "x", "description": "", "target_far": 0.01},
        "encoder": {"name": "x", "fingerprint": "f", "dimension": 4},
        "categories": [
            {"slug": "c", "name": "c", "external_id": "", "metadata": {"a": [1]}, "prompts": []}
        ],
        "references": [],
    }
).encode()
REQUEST = (
    b"POST /api/v1/galleries/x/identify/?a=b HTTP/1.1\r\nHost: localhost\r\nCookie: a=b\r\n"
    b"Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"
)


def image_of(kind: str) -> bytes:
    buffer = io.BytesIO()
    Image.linear_gradient("L").resize((64, 48)).convert("RGB").save(buffer, kind)
    return buffer.getvalue()


def changed(data: bytes, chance: random.Random) -> bytes:
    """Some bytes flipped, cut, doubled or replaced by what parsers trip over."""
    made = bytearray(data)
    for _ in range(chance.randint(1, 8)):
        at = chance.randrange(len(made) + 1)
        match chance.randrange(4):
            case 0 if at < len(made):
                made[at] = chance.randrange(256)
            case 1:
                del made[at : at + chance.randint(1, 40)]
            case 2:
                made[at:at] = made[at : at + chance.randint(1, 600)]
            case _:
                token = chance.choice(TOKENS)
                made[at : at + len(token)] = token
        if not made:
            made = bytearray(data)
    return bytes(made)


def read_archive(data: bytes) -> None:
    for entry in read_entries(io.BytesIO(data), LIMITS):
        try:
            entry.read(LIMITS.max_entry_bytes)
        except ArchiveEntryError:
            continue
    plan_rows(io.BytesIO(data), LIMITS)


def receive(data: bytes) -> None:
    """As it comes, in pieces; a request that is refused says so in our own words."""
    from waitress.adjustments import Adjustments

    parser = Parser(Adjustments())
    while data and not parser.completed:
        data = data[parser.received(data[:100]) :] if parser.received else b""
    if parser.error is not None:
        parser.error.to_response()
    parser.close()


KINDS: dict[str, tuple[bytes, Callable[[bytes], Any]]] = {
    "tar": (TAR, lambda data: read_archive(gzip.compress(data, 1))),
    "tar.gz": (gzip.compress(TAR), read_archive),
    "zip": (ZIP, read_archive),
    "manifest": (MANIFEST, parse_manifest),
    "json": (MANIFEST, lambda data: PlainJSONParser().parse(io.BytesIO(data))),
    "image json": (MANIFEST, lambda data: ImageJSONParser().parse(io.BytesIO(data))),
    "request": (REQUEST, receive),
    **{
        kind: (image_of(kind), lambda data: open_image(data, limits=SMALL, fit=16))
        for kind in ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "PPM", "AVIF", "HEIF")
    },
}
SMALL = ImageLimits(max_pixels=1_000_000, max_pixels_at_once=2_000_000)


@pytest.mark.parametrize("kind", KINDS)
def test_it_is_read_or_refused(kind, recwarn):
    data, read = KINDS[kind]
    read(data)
    for case in range(SEED, SEED + CASES):
        chance = random.Random(f"{kind} {case}")  # noqa: S311 - seeded, not secret
        sent = changed(data, chance)
        try:
            read(sent)
        except (RecognitionError, ParseError):
            continue
        except Exception as error:
            pytest.fail(f"case {case} of {kind}: {error!r}")
