"""A bare loop for a GPU: torch's own loader decodes meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from recognition.benchmarks.inference.loops import TorchLoop, decoded
from recognition.core.cores import core_count


@dataclass(frozen=True, slots=True)
class Pixels:
    """A data set of files; each becomes what the image tower takes."""

    files: Sequence[bytes]
    preprocess: Callable[[Any], Any]

    def __len__(self) -> int:
        return len(self.files)

    def __getitem__(self, row: int) -> Any:
        return self.preprocess(decoded(self.files[row]))


def decoding_meanwhile(loop: TorchLoop, files: Sequence[bytes], batch: int) -> Callable[[], int]:
    """A contender that embeds all files, with a decoding process a core."""
    from torch.utils.data import DataLoader

    loader: DataLoader[Any] = DataLoader(
        Pixels(files, loop.preprocess),  # type: ignore[arg-type]  # torch asks for __len__ and __getitem__ only
        batch_size=batch,
        num_workers=core_count(),
        pin_memory=loop.device == "cuda",
        persistent_workers=True,
    )

    def run() -> int:
        for pixels in loader:
            loop.forward(pixels.to(loop.device, non_blocking=True))
        return len(files)

    return run
