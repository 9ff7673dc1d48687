"""ONNX Runtime sessions set up for few cores and little memory."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from threading import Lock
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from recognition.core.errors import WeightsUnavailable
from recognition.encoders.contents import check_contents

SPIN_US = 200
"""Microseconds for which a thread spins: what one operation makes others wait for is mostly over by
then, and what follows a run finds its core free."""


class Session(Protocol):
    """One tower: a batch in, rows out."""

    def __call__(self, batch: NDArray[Any], /) -> NDArray[np.float32]: ...


def open_session(path: Path, *, threads: int) -> Session:
    """A tower, run by at most ``threads`` threads at a time and safe to call from many.

    Threads that wait for one another soon sleep instead of spinning: those of other sessions, of
    BLAS and of the index need the cores. Raises WeightsUnavailable where the file is not what was
    exported.
    """
    import onnxruntime as ort

    ort.set_default_logger_severity(3)
    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.spin_duration_us", str(SPIN_US))
    try:
        session = ort.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:
        raise WeightsUnavailable(
            f"{path} cannot be loaded; remove its folder and prepare the encoder again: {error}"
        ) from error
    name = session.get_inputs()[0].name

    def run(batch: NDArray[Any], /) -> NDArray[np.float32]:
        [rows] = session.run(None, {name: batch})
        return np.asarray(rows)

    return run


class CheckedSessions:
    """Open towers at their first use, each once for a number of threads; safe to call from many.

    No tower that serves is opened but through here, so that none is forgotten to be held against
    what was recorded at its preparation. ``check`` compares a file, and raises WeightsDamaged.
    """

    def __init__(self, check: Callable[[Path], None] = check_contents) -> None:
        self._check = check
        self._lock = Lock()
        self._open: dict[tuple[Path, int], Session] = {}

    def __call__(self, path: Path, threads: int) -> Session:
        """Return the tower in a file, run by at most ``threads`` threads at a time.

        Raises WeightsDamaged, and WeightsUnavailable where it cannot be loaded.
        """
        with self._lock:
            if (path, threads) not in self._open:
                self._check(path)
                self._open[path, threads] = open_session(path, threads=threads)
            return self._open[path, threads]
