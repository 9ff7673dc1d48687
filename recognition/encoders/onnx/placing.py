"""Where an export is put once it was checked, or the reason why it was not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from recognition.encoders.onnx.exported import Exported, Refused, write_exported, write_refused


def placed(folder: Path, make: Callable[[Path], Exported | Refused]) -> Exported | Refused:
    """What ``make`` writes into a folder that it is given, moved to ``folder`` when it is whole."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=".exporting-", dir=folder.parent) as temporary:
        written = Path(temporary) / folder.name
        written.mkdir()
        try:
            found = make(written)
        except Exception as error:
            found = Refused(f"its export failed: {_first_line(error)}")
        if isinstance(found, Refused):
            write_refused(folder, found)
            return found
        write_exported(found)
        if folder.exists():
            folder.rename(Path(temporary) / "replaced")
        written.rename(folder)
    return replace(found, folder=folder)


def _first_line(error: Exception) -> str:
    return next(iter(str(error).splitlines()), type(error).__name__)
