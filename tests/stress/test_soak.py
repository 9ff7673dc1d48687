"""Many clients and some damaged files: each gets its own answer, in time, and memory stays flat.

ONESHOT_SOAK says how many requests; a soak is 2,000.
"""

from __future__ import annotations

import json
import os
import random
import zlib
from io import BytesIO
from struct import pack

import pytest
from PIL import Image

from recognition.benchmarks.inference.load import drive
from recognition.benchmarks.inference.processes import resident_mib
from recognition.benchmarks.inference.server import installation, web_server
from tests.photos import another_view, photo

REQUESTS = int(os.environ.get("ONESHOT_SOAK", "160"))
CLIENTS = 16
BAD_SHARE = 0.05
DEADLINE_SECONDS = 30.0
GROWTH_MIB = 60
PHOTOS = ("chelsea.png", "coffee.png", "motorcycle_left.png", "astronaut.png", "rocket.jpg")


def too_many_pixels() -> bytes:
    """A PNG of a few bytes that says it has 40,000 by 40,000 pixels."""
    header = pack(">IIBBBBB", 40_000, 40_000, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        pack(">I", len(data)) + name + data + pack(">I", zlib.crc32(name + data))
        for name, data in ((b"IHDR", header), (b"IDAT", zlib.compress(b"")), (b"IEND", b""))
    )


def as_jpeg(name: str) -> bytes:
    buffer = BytesIO()
    Image.open(BytesIO(photo(name))).convert("RGB").save(buffer, "JPEG", quality=90)
    return buffer.getvalue()


GOOD = [as_jpeg(name) for name in PHOTOS] + [another_view(name) for name in PHOTOS]
BAD = {
    "image_damaged": GOOD[0][: len(GOOD[0]) // 3],
    "image_unsupported": b"This is no image at all." * 40,
    "image_too_many_pixels": too_many_pixels(),
}


@pytest.fixture(scope="module")
def server(models_dir):
    with (
        installation("bundled", models_dir=models_dir, threads=0) as installed,
        web_server(installed) as running,
    ):
        yield running


def said(answer: tuple[int, bytes]) -> tuple:
    """What an answer decides, or the error's code."""
    status, body = answer
    told = json.loads(body)
    if status != 200:
        return status, told["code"]
    best = told["candidates"][0]
    return (
        status,
        told["decision"],
        told["category"],
        best["category"],
        round(best["similarity"], 3),
    )


def agree(one: tuple, other: tuple) -> bool:
    if len(one) != len(other):
        return False
    return all(
        abs(left - right) <= 0.002 if isinstance(left, float) else left == right
        for left, right in zip(one, other, strict=True)
    )


def test_every_request_of_a_mixed_load_gets_its_own_answer(server):
    alone = server.connect()
    expected = {data: said(server.identify(data, alone)) for data in [*GOOD, *BAD.values()]}
    assert {expected[data][1] for data in BAD.values()} == BAD.keys()
    assert all(expected[data][0] == 200 for data in GOOD)

    chance = random.Random(5)  # noqa: S311
    files = [
        chance.choice(list(BAD.values()) if chance.random() < BAD_SHARE else GOOD)
        for _ in range(REQUESTS)
    ]
    wrong: list[tuple[tuple, tuple]] = []
    memory: list[float] = []

    def client():
        connection = server.connect()

        def ask(turn: int) -> int:
            answer = server.identify(files[turn], connection)
            if not agree(found := said(answer), expected[files[turn]]):
                wrong.append((found, expected[files[turn]]))
            if turn % (REQUESTS // 8) == 0:
                memory.append(resident_mib(server.pid))
            return answer[0]

        return ask

    load = drive(client, clients=CLIENTS, count=REQUESTS)
    bad = sum(status != 200 for status in load.statuses)
    print(
        f"{len(load.seconds)} requests, {bad} of them bad, {load.rate:.1f} a second, slowest "
        f"{max(load.seconds):.2f} s, MiB {' '.join(f'{each:.0f}' for each in memory)}"
    )
    assert len(load.seconds) == REQUESTS
    assert bad == sum(data in BAD.values() for data in files) > 0
    assert not wrong
    assert max(load.seconds) < DEADLINE_SECONDS
    assert memory[-1] - min(memory[2:]) < GROWTH_MIB
