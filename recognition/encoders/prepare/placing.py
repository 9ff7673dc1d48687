"""Where an export is put once it was checked, or the reason why it was not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from recognition.encoders.contents import record_contents
from recognition.encoders.onnx.exported import Exported, Refused, write_exported, write_refused
from recognition.encoders.prepare.staging import put_in_place, staged_folder


def placed(folder: Path, make: Callable[[Path], Exported | Refused]) -> Exported | Refused:
    """What ``make`` writes into a folder that it is given, moved to ``folder`` when it is whole."""
    with staged_folder(folder) as written:
        try:
            found = make(written)
        except Exception as error:
            found = Refused(f"its export failed: {_first_line(error)}")
        if isinstance(found, Refused):
            write_refused(folder, found)
            return found
        write_exported(found)
        record_contents(written)
        put_in_place(written, folder)
    return replace(found, folder=folder)


def _first_line(error: Exception) -> str:
    return next(iter(str(error).splitlines()), type(error).__name__)
