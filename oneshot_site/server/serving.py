"""Listening, keeping order among connections, and stopping."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Any

from waitress import wasyncore
from waitress.adjustments import Adjustments
from waitress.server import TcpWSGIServer

from oneshot_site.server.admission import Admission
from oneshot_site.server.channels import Channel
from oneshot_site.server.limits import Limits

logger = logging.getLogger(__name__)

TURN_SECONDS = 0.5
"""How often deadlines are looked at, and how soon a stop is noticed."""

IN_MEMORY = 1_000_000
"""Bytes of a request, and of an answer, beyond which they lie on the disk."""

MAX_HEADER = 64 * 1024
MAX_ANSWER = 16_000_000_000
"""Bytes of an answer that may wait for its reader: on the disk, so that no thread waits."""


class Server(TcpWSGIServer):
    """One listening socket with its connections and threads."""

    channel_class = Channel

    def __init__(
        self, application: Callable[..., Any], *, host: str, port: int, threads: int, limits: Limits
    ) -> None:
        self.limits = limits
        self.stopping = False
        self.admission = Admission(threads=threads, max_wait=limits.max_wait_seconds)
        adjustments = Adjustments(
            host=host,
            port=port,
            threads=threads,
            ident="",
            backlog=1024,
            # Counted here; waitress would stop listening.
            connection_limit=10 * limits.connections,
            channel_timeout=2**31,
            cleanup_interval=TURN_SECONDS,
            asyncore_loop_timeout=TURN_SECONDS,
            asyncore_use_poll=True,
            inbuf_overflow=IN_MEMORY,
            outbuf_overflow=IN_MEMORY,
            outbuf_high_watermark=MAX_ANSWER,
            max_request_header_size=MAX_HEADER,
            # Proxies are believed by ONESHOT_PROXIES, in the application.
            clear_untrusted_proxy_headers=False,
        )
        super().__init__(application, {}, dispatcher=self.admission, adj=adjustments)

    @property
    def port(self) -> int:
        return int(self.effective_port)

    def maintenance(self, now: float) -> None:
        """Close the connections whose clients let us wait."""
        moment = time.monotonic()
        for channel in list(self.active_channels.values()):
            if channel.is_late(moment, self.limits):
                channel.will_close = True
        self._bound_bodies()

    def _bound_bodies(self) -> None:
        """What is under way has a limit on the disk, also for all together: the largest goes."""
        bodies = [each for each in self.active_channels.values() if each.request is not None]
        received = sum(each.request.body_bytes_received for each in bodies)
        if received > self.limits.bodies_under_way:
            max(bodies, key=lambda each: each.request.body_bytes_received).will_close = True

    def make_room_for(self, channel: Channel) -> None:
        """No network has more than its share of connections, and the newest has one: for it, the
        longest silent one goes."""
        channels = list(self.active_channels.values())
        of_network = sum(each.network == channel.network for each in channels)
        if of_network > self.limits.connections_of_network:
            channel.will_close = True
        elif len(channels) > self.limits.connections:
            waiting = [each for each in channels if each.is_waiting and each is not channel]
            if waiting:
                min(waiting, key=lambda each: each.sending_since).will_close = True
            else:
                channel.will_close = True

    def run(self) -> None:
        """Serve until ``stop``, and then until everybody is answered."""
        try:
            while not self.stopping:
                wasyncore.poll2(TURN_SECONDS, self._map)
            self._drain()
        finally:
            self.admission.shutdown(timeout=1)
            wasyncore.close_all(self._map, ignore_all=True)

    def stop(self) -> None:
        """May be called by a signal's handler, and from another thread."""
        self.stopping = True

    def _drain(self) -> None:
        """Listen no more, answer what has arrived, and close each connection after its answer."""
        self.accepting = False
        self.del_channel()
        self.socket.close()
        deadline = time.monotonic() + self.limits.drain_seconds
        while self.active_channels and time.monotonic() < deadline:
            for channel in list(self.active_channels.values()):
                if channel.is_waiting and channel.request is None:
                    channel.will_close = True
            wasyncore.poll2(TURN_SECONDS / 10, self._map)
        if self.active_channels:
            logger.warning("%d connections were cut off at the stop", len(self.active_channels))
