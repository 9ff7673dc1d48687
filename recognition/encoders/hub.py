"""Fetch weights from the Hugging Face hub: visible, resumable, bounded in time."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import RLock
from typing import Any

from recognition.errors import UnknownEncoder, WeightsUnavailable

_ANSWER_SECONDS = 10.0
_constants_lock = RLock()


@contextmanager
def hub_cache(cache_dir: Path, *, online: bool = False) -> Iterator[None]:
    """Within it, whatever asks the hub keeps its files in ``cache_dir`` and, unless ``online``,
    asks nobody.

    Xet transfers are off: they cannot be stopped when the time is up.
    """
    from huggingface_hub import constants

    wanted = {
        "HF_HUB_CACHE": str(cache_dir),
        "HF_HUB_OFFLINE": constants.HF_HUB_OFFLINE or not online,
        "HF_HUB_DISABLE_XET": True,
    }
    with _constants_lock:
        before = {name: getattr(constants, name) for name in wanted}
        vars(constants).update(wanted)
        try:
            yield
        finally:
            vars(constants).update(before)


@dataclass(frozen=True, slots=True)
class Hub:
    """The hub, its files kept in ``cache_dir``; where not ``online``, those alone.

    A fetch that takes longer than ``timeout`` seconds stops; the next takes up where it stopped.
    """

    cache_dir: Path
    online: bool = False
    progress: bool = True
    timeout: float = 600.0

    def fetch(self, repository: str, names: Sequence[str]) -> Path:
        """The first of the named files that the repository has.

        Raises WeightsUnavailable where the hub cannot be reached or has not sent it in time,
        UnknownEncoder where the hub has no such model.
        """
        from huggingface_hub import hf_hub_download
        from huggingface_hub.errors import LocalEntryNotFoundError, RemoteEntryNotFoundError

        missing = (RemoteEntryNotFoundError,) if self.online else (LocalEntryNotFoundError,)
        for name in names:
            with self._answers(repository):
                try:
                    path = hf_hub_download(repository, name, **self._options())
                except missing:
                    continue
                return Path(path)
        raise WeightsUnavailable(f"{repository}: none of {', '.join(names)} can be had.")

    def fetch_all(self, repository: str, patterns: Sequence[str]) -> Path:
        """The folder with every file of the repository that fits a pattern; raises as ``fetch``."""
        from huggingface_hub import snapshot_download

        with self._answers(repository):
            return Path(
                snapshot_download(repository, allow_patterns=list(patterns), **self._options())
            )

    def _options(self) -> dict[str, Any]:
        return {
            "cache_dir": self.cache_dir,
            "local_files_only": not self.online,
            "etag_timeout": min(_ANSWER_SECONDS, self.timeout),
            "tqdm_class": _progress_bar(time.monotonic() + self.timeout, shown=self.progress),
        }

    @contextmanager
    def _answers(self, repository: str) -> Iterator[None]:
        from huggingface_hub.errors import HFValidationError, RepositoryNotFoundError

        try:
            with hub_cache(self.cache_dir, online=self.online):
                yield
        except (RepositoryNotFoundError, HFValidationError) as error:
            raise UnknownEncoder(f"The Hugging Face hub has no model {repository}.") from error
        except TimeoutError as error:
            raise WeightsUnavailable(
                f"{repository} has not come within {self.timeout:.0f} s; what came is kept, and "
                "preparing the encoder again goes on from there."
            ) from error
        except Exception as error:
            raise WeightsUnavailable(
                f"{repository} cannot be had from the Hugging Face hub: {error}"
            ) from error


def _progress_bar(deadline: float, *, shown: bool) -> type[Any]:
    from tqdm import tqdm

    class DeadlineBar(tqdm):  # type: ignore[misc]  # tqdm carries no types
        """A progress bar that ends the download when its time is up."""

        def __init__(self, *args: Any, **options: Any) -> None:
            options.pop("name", None)
            super().__init__(*args, **options | {"disable": not shown})

        def update(self, n: float | None = 1) -> bool | None:
            if time.monotonic() > deadline:
                raise TimeoutError
            drawn: bool | None = super().update(n)
            return drawn

    return DeadlineBar
