"""Where transformers, which open_clip uses for some text towers, looks for files."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import RLock

HUB_FOLDER = "hub"
"""Of the models folder: what came from the hub, or was put there by hand."""

_constants_lock = RLock()


@contextmanager
def hub_cache(folder: Path, *, online: bool) -> Iterator[None]:
    """Have transformers keep, within the block, what it takes from the hub in ``folder`` and,
    unless ``online``, take nothing from elsewhere.
    """
    from huggingface_hub import constants

    wanted = {
        "HF_HUB_CACHE": str(folder),
        "HF_HUB_OFFLINE": constants.HF_HUB_OFFLINE or not online,
    }
    with _constants_lock:
        before = {name: getattr(constants, name) for name in wanted}
        vars(constants).update(wanted)
        try:
            yield
        finally:
            vars(constants).update(before)
