"""Calls that change a gallery's encoder."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Literal

from recognition.client.answers import Page
from recognition.client.encoder_changes import EncoderChange
from recognition.client.operation import Operation, given, one, page, path
from recognition.client.ordering import ByMaking
from recognition.client.polling import Polling

ChangeState = Literal[
    "embedding", "ready", "switched", "finished", "rolled_back", "cancelled", "failed"
]


def start_encoder_change(gallery: str, encoder: str) -> Operation[EncoderChange]:
    """Have a gallery embedded by another encoder, beside the one that it has; takes an owner.

    ``encoder`` is the name of one that is prepared on the service's machine.
    """
    return Operation(
        method="POST",
        path=path("galleries", gallery, "encoder-changes"),
        json={"encoder": encoder},
        parse=one(EncoderChange),
        creates=True,
    )


def list_encoder_changes(
    gallery: str,
    *,
    state: ChangeState | None = None,
    created_after: datetime | None = None,
    created_before: datetime | None = None,
    ordering: ByMaking | None = None,
    page_size: int | None = None,
) -> Operation[Page[EncoderChange]]:
    """A gallery's changes of encoder, newest first."""
    return Operation(
        method="GET",
        path=path("galleries", gallery, "encoder-changes"),
        params=given(
            state=state,
            created_after=created_after,
            created_before=created_before,
            ordering=ordering,
            page_size=page_size,
        ),
        parse=page(EncoderChange),
    )


def get_encoder_change(gallery: str, change: str) -> Operation[EncoderChange]:
    """How far a change of encoder is, and how the two compare."""
    return Operation(method="GET", path=_path(gallery, change), parse=one(EncoderChange))


def wait_for_encoder_change(
    gallery: str,
    change: str,
    *,
    on_progress: Callable[[EncoderChange], None] | None = None,
    timeout: float | None = None,
) -> Polling[EncoderChange]:
    """The change when all is embedded, or it has failed; otherwise as ``wait_for_job``."""
    ask = get_encoder_change(gallery, change)
    return Polling(ask=ask, on_progress=on_progress, timeout=timeout)


def switch_encoder(gallery: str, change: str) -> Operation[EncoderChange]:
    """Search with the new encoder from now on; the old embeddings are kept."""
    return _step(gallery, change, "switch")


def roll_back_encoder(gallery: str, change: str) -> Operation[EncoderChange]:
    """Search with the old encoder again."""
    return _step(gallery, change, "roll-back")


def finish_encoder_change(gallery: str, change: str) -> Operation[EncoderChange]:
    """Drop the old encoder's embeddings: there is no way back."""
    return _step(gallery, change, "finish")


def cancel_encoder_change(gallery: str, change: str) -> Operation[EncoderChange]:
    """Leave the gallery as it is, and drop what was embedded."""
    return _step(gallery, change, "cancel")


def _step(gallery: str, change: str, step: str) -> Operation[EncoderChange]:
    return Operation(
        method="POST", path=_path(gallery, change) + path(step), parse=one(EncoderChange)
    )


def _path(gallery: str, change: str) -> str:
    return path("galleries", gallery, "encoder-changes", change)
