"""Fetch models from the Hugging Face hub: visible, resumable, bounded in time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

from recognition.core.errors import UnknownEncoder, WeightsUnavailable
from recognition.encoders.prepare.download import Deadline, download


@dataclass(frozen=True, slots=True)
class Hub:
    """The hub, and the folder under which each of its models has one of its own, where files may
    also be put by hand. Where not ``online``, those alone are looked at.

    A download that takes longer than ``timeout`` seconds stops; the next takes up where it stopped.
    """

    folder: Path
    online: bool = False
    progress: bool = True
    timeout: float = 600.0

    def fetch(self, repository: str, names: Sequence[str]) -> Path:
        """The first of the named files that the repository has.

        Raises WeightsUnavailable where the hub cannot be reached or has not sent it in time,
        UnknownEncoder where the hub has no such model.
        """
        from huggingface_hub.errors import RemoteEntryNotFoundError

        folder = self._folder(repository)
        for name in names:
            if (folder / name).is_file():
                return folder / name
        with self._answers(repository):
            for name in names if self.online else ():
                try:
                    return download(repository, name, folder, self._deadline())
                except RemoteEntryNotFoundError:
                    continue
        raise WeightsUnavailable(f"None of {', '.join(names)} of {repository} is in {folder}.")

    def fetch_all(self, repository: str, patterns: Sequence[str]) -> Path:
        """The repository's folder, with every file that fits a pattern; raises as ``fetch``."""
        from huggingface_hub import HfApi

        if self.online:
            with self._answers(repository):
                names = HfApi().list_repo_files(repository)
            for name in names:
                if "/" not in name and any(fnmatch(name, pattern) for pattern in patterns):
                    self.fetch(repository, [name])
        return self._folder(repository)

    def _folder(self, repository: str) -> Path:
        return self.folder / repository.replace("/", "--")

    def _deadline(self) -> Deadline:
        return Deadline(self.timeout, shown=self.progress)

    @contextmanager
    def _answers(self, repository: str) -> Iterator[None]:
        from huggingface_hub.errors import HFValidationError, RepositoryNotFoundError

        try:
            yield
        except (RepositoryNotFoundError, HFValidationError) as error:
            raise UnknownEncoder(f"The Hugging Face hub has no model {repository}.") from error
        except TimeoutError as error:
            raise WeightsUnavailable(
                f"{repository} has not come within {self.timeout:.0f} s. What came is kept; "
                "preparing the encoder again goes on from there."
            ) from error
        except Exception as error:
            raise WeightsUnavailable(
                f"{repository} cannot be had from the Hugging Face hub: {error}"
            ) from error
