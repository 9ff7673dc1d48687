"""Identification through the service, in a process of its own.

Run as a module it takes a folder of photos, and then from each line of its input a number of
clients and of seconds, and answers with what they got.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from recognition.benchmarks.inference.load import Ask, Load, drive
from recognition.benchmarks.inference.server import Installation


@contextmanager
def service(installed: Installation, folder: Path) -> Iterator[Callable[[int, float], Load]]:
    """Drives the service of an installation with so many clients for so many seconds."""
    process = subprocess.Popen(  # noqa: S603
        [sys.executable, "-m", __name__, str(folder)],
        env=installed.environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )

    def drive_service(clients: int, seconds: float) -> Load:
        assert process.stdin is not None and process.stdout is not None  # noqa: S101 - piped above
        print(clients, seconds, file=process.stdin, flush=True)
        return Load(**json.loads(process.stdout.readline()))

    try:
        yield drive_service
    finally:
        process.communicate(timeout=60)


def main(folder: str) -> None:
    import django

    django.setup()

    from django.db import connection

    from recognition.models import Gallery
    from recognition.services.encoders.warm_up import warm_up
    from recognition.services.recognition.identify import identify

    files = [path.read_bytes() for path in sorted(Path(folder).iterdir())]
    gallery = Gallery.objects.get(slug="demo")
    warm_up()
    identify(gallery=gallery, data=files[0])
    connection.close()

    def client() -> Ask:
        def ask(turn: int) -> int:
            identify(gallery=gallery, data=files[turn % len(files)])
            return 200

        return ask

    for line in sys.stdin:
        clients, seconds = line.split()
        load = drive(client, clients=int(clients), seconds=float(seconds))
        print(json.dumps(asdict(load)), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
