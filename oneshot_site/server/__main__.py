"""``python -m oneshot_site.server``: what ``manage.py serve`` starts as its web process."""

from __future__ import annotations

import argparse
import logging
import resource
import signal
from dataclasses import replace
from threading import Thread

from oneshot_site.server.channels import Parser
from oneshot_site.server.health import health_only
from oneshot_site.server.limits import Limits
from oneshot_site.server.serving import Server

logger = logging.getLogger("oneshot_site.server")

FILES_BESIDE = 256
"""Descriptors that are no connections: the database, images, models, bodies on the disk."""

HEALTH_THREADS = 2


def main() -> None:
    given = _arguments()
    # The application is loaded here, in the process that uses the weights.
    from django.conf import settings

    from oneshot_site.wsgi import application

    limits = _limits(settings.RECOGNITION, proxies=settings.REST_FRAMEWORK["NUM_PROXIES"])
    Parser.limits = limits
    server = Server(
        application, host=given.host, port=given.port, threads=given.threads, limits=limits
    )
    if given.health_port:
        _serve_health(application, given.host, given.health_port, limits)
    for stopping in (signal.SIGINT, signal.SIGTERM):
        signal.signal(stopping, lambda *_: server.stop())
    server.run()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--threads", type=int, default=8)
    parser.add_argument("--health-port", type=int, default=0)
    return parser.parse_args()


def _limits(settings: dict[str, object], *, proxies: int) -> Limits:
    limits = Limits(
        max_image_bytes=int(str(settings["max_image_bytes"])),
        max_archive_bytes=int(str(settings["max_archive_bytes"])),
        bodies_under_way=4 * int(str(settings["max_archive_bytes"])),
    )
    if proxies:
        # Everybody comes from the proxy's address.
        limits = replace(limits, connections_of_network=limits.connections)
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    # A connection may have a body and an answer on the disk besides itself.
    wanted = 3 * limits.connections + FILES_BESIDE
    if soft != resource.RLIM_INFINITY and soft < wanted:
        most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
    return limits


def _serve_health(application: object, host: str, port: int, limits: Limits) -> None:
    """Beside everything else, with threads of its own: however busy the rest is, it answers."""
    try:
        server = Server(
            health_only(application), host=host, port=port, threads=HEALTH_THREADS, limits=limits
        )
    except OSError as error:
        logger.warning("the health port %d is not served: %s", port, error)
        return
    Thread(target=server.run, name="health", daemon=True).start()


if __name__ == "__main__":
    main()
