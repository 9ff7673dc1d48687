"""One file from the Hugging Face hub, taken up again where an earlier download stopped."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from recognition.encoders.digests import digest_file

_CHUNK = 1024 * 1024
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Deadline:
    """When a download must be through, and whether its progress is shown meanwhile."""

    seconds: float
    shown: bool = True
    started: float = field(default_factory=time.monotonic)

    def check(self) -> None:
        """Raises TimeoutError when the time is up."""
        if time.monotonic() - self.started > self.seconds:
            raise TimeoutError


def download(repository: str, name: str, folder: Path, deadline: Deadline) -> Path:
    """Put the repository's file into the folder, whole or not at all.

    What came before the deadline is kept for the next time. Raises TimeoutError, the hub's
    errors, and OSError for content that is not what the hub announced.
    """
    from huggingface_hub import constants, get_hf_file_metadata, hf_hub_url
    from huggingface_hub.file_download import http_get

    # The bar is updated, and so the deadline looked at, once a chunk.
    constants.DOWNLOAD_CHUNK_SIZE = _CHUNK
    url = hf_hub_url(repository, name)
    announced = get_hf_file_metadata(url)
    partial = folder / f"{name}.{announced.etag}.partial"
    folder.mkdir(parents=True, exist_ok=True)
    with partial.open("ab") as file:
        http_get(
            announced.location,
            file,
            resume_size=file.tell(),
            headers=request_headers(url, announced.location),
            expected_size=announced.size,
            displayed_filename=name,
            tqdm_class=_progress_bar(deadline),
        )
    _check(partial, announced.etag or "")
    return partial.rename(folder / name)


def request_headers(asked: str, answered: str) -> dict[str, str]:
    """The user's token goes to the hub alone, not to the store that it sends us on to."""
    from huggingface_hub import get_token

    token = get_token()
    if token is None or urlsplit(asked).netloc != urlsplit(answered).netloc:
        return {}
    return {"authorization": f"Bearer {token}"}


def _check(partial: Path, etag: str) -> None:
    """The hub announces large files by their SHA-256."""
    if _SHA256.fullmatch(etag) and digest_file(partial) != etag:
        partial.unlink()
        raise OSError("what came is not what the hub announced; it was thrown away")


def _progress_bar(deadline: Deadline) -> type[Any]:
    from tqdm import tqdm

    class DeadlineBar(tqdm):  # type: ignore[misc]  # tqdm carries no types
        """A progress bar that ends the download when its time is up."""

        def __init__(self, *args: Any, **options: Any) -> None:
            options.pop("name", None)
            super().__init__(*args, **options | {"disable": not deadline.shown})

        def update(self, n: float | None = 1) -> bool | None:
            deadline.check()
            drawn: bool | None = super().update(n)
            return drawn

    return DeadlineBar
