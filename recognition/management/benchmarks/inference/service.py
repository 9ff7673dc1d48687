"""Identification through the service, in a process of its own: run as a module, it takes a folder
of photos, seconds and numbers of clients, and prints a rate and a median for each number."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from recognition.management.benchmarks.inference.load import Ask, drive


def main(folder: str, seconds: str, *clients: str) -> None:
    import django

    django.setup()

    from django.db import connection

    from recognition.models import Gallery
    from recognition.services.identify import identify
    from recognition.services.warm_up import warm_up

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

    found = {}
    for number in map(int, clients):
        load = drive(client, clients=number, seconds=float(seconds))
        found[number] = [load.rate, load.percentile_ms(50)]
    print(json.dumps(found))


if __name__ == "__main__":
    main(*sys.argv[1:])
