"""What a fresh process with an encoder holds, and how soon it is ready."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

from recognition.core.configuration import recognition_settings

_PROGRAM = """
import re, sys
from pathlib import Path
from PIL import Image
from recognition.encoders import registry
name, models_dir, engine = sys.argv[1:]
encoder = registry.get_encoder(name, models_dir=Path(models_dir), device="cpu", engine=engine)
encoder.encode_images([Image.new("RGB", (300, 200), "red")] * 8)
encoder.encode_texts(["a photo of a cat"])
print(re.search(r"VmRSS:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])
"""


def fresh_process(name: str, models_dir: Path, engine: str) -> tuple[float, float]:
    """Resident MiB after both towers ran, and the seconds until then."""
    start = time.perf_counter()
    command = [sys.executable, "-c", _PROGRAM, name, str(models_dir), engine]
    done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603
    return int(done.stdout) / 1024, time.perf_counter() - start


def resident_mib(pid: int) -> float:
    """What a process and its children hold; Linux tells."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    status = Path(f"/proc/{pid}/status").read_text()
    own = next(line for line in status.splitlines() if line.startswith("VmRSS:"))
    return int(own.split()[1]) / 1024 + sum(resident_mib(int(child)) for child in children)


def default_models_dir() -> Path:
    settings = recognition_settings()
    return settings.models_dir or settings.data_dir / "models"
