"""How many pixels a process decodes at a time."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition

from recognition.core.errors import EncoderBusy


class PixelRoom:
    """Room for pixels that are being decoded: who finds none waits, first come first served."""

    def __init__(self) -> None:
        self._taken = 0
        self._waiting: deque[object] = deque()
        self._changed = Condition()

    @contextmanager
    def taken(self, pixels: int, *, total: int, seconds: float) -> Iterator[None]:
        """Hold room for so many pixels of ``total``; what is larger than all of it goes alone.

        Raises EncoderBusy where there is none within so many seconds.
        """
        ticket = object()
        with self._changed:
            self._waiting.append(ticket)
            try:
                fits = self._changed.wait_for(
                    lambda: (
                        self._waiting[0] is ticket
                        and (not self._taken or self._taken + pixels <= total)
                    ),
                    seconds,
                )
                if not fits:
                    raise EncoderBusy("Too many large images are decoded already. Send it again.")
                self._taken += pixels
            finally:
                self._waiting.remove(ticket)
                self._changed.notify_all()
        try:
            yield
        finally:
            with self._changed:
                self._taken -= pixels
                self._changed.notify_all()


DECODING = PixelRoom()
"""Of this process."""
