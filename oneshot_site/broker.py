"""The queue of an installation of one machine: kombu's messages in a folder, each written whole.

Kombu writes a message, and the first lines of an exchange, where others read it: who looks between
the file's creation and its writing takes an empty message, which then is lost, and stops at it.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any
from uuid import uuid4

from filelock import FileLock
from kombu.transport import filesystem
from kombu.utils.json import dumps


class Channel(filesystem.Channel):
    # Kombu's own class gives its base's parameter another name, too.
    def _put(self, queue: str, payload: Any, **kwargs: Any) -> None:  # type: ignore[override]
        name = f"{time.time_ns()}_{uuid4().hex}.{queue}.msg"
        staged = _staged(Path(self.data_folder_out), dumps(payload))
        staged.replace(staged.with_name(name))

    def _queue_bind(self, exchange: str, *binding: Any) -> None:
        file = self._exchange_file(exchange)
        with FileLock(self.control_folder / "exchanges.lock"):
            if not file.exists():
                _staged(self.control_folder, dumps([])).replace(file)
        super()._queue_bind(exchange, *binding)


def _staged(folder: Path, text: str) -> Path:
    """A file that holds the text, by a name that no reader looks for."""
    file = folder / f"{uuid4().hex}.staged"
    file.write_text(text, encoding="utf-8")
    return file


class Transport(filesystem.Transport):
    Channel = Channel
