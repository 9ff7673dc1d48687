"""One process prepares at a time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from recognition.core.errors import WeightsUnavailable


@contextmanager
def locked(models_dir: Path, timeout: float) -> Iterator[None]:
    """Hold the models folder against other processes that prepare.

    Raises WeightsUnavailable where another has held it for ``timeout`` seconds.
    """
    from filelock import FileLock, Timeout

    models_dir.mkdir(parents=True, exist_ok=True)
    lock = FileLock(models_dir / ".lock", timeout=timeout)
    try:
        lock.acquire()
    except Timeout as error:
        raise WeightsUnavailable(
            f"Another process has been preparing an encoder for {timeout:.0f} s."
        ) from error
    try:
        yield
    finally:
        lock.release()
