"""What one run of the comparison measures."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from recognition.encoders import registry
from recognition.encoders.protocol import DualEncoder


@dataclass(frozen=True, slots=True)
class Setup:
    """What is measured, where its files are, and for how long each time."""

    name: str
    models_dir: Path
    device: str
    seconds: float
    threads: int
    batches: tuple[int, ...]

    def encoder(self, name: str, engine: str) -> DualEncoder:
        return registry.get_encoder(
            name,
            models_dir=self.models_dir,
            device=self.device,
            threads=self.threads,
            engine=engine,
        )
