"""Archives as they arrive: to disk, not to memory, and no further than their limit."""

from __future__ import annotations

from django.core.files.uploadhandler import TemporaryFileUploadHandler

from recognition.conf import recognition_settings
from recognition.errors import ArchiveTooLarge


class CappedFile(TemporaryFileUploadHandler):
    """Refuses an upload as soon as it is too large."""

    received = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.received += len(raw_data)
        limit = recognition_settings().max_archive_bytes
        if self.received > limit:
            raise ArchiveTooLarge(f"At most {limit / 1e6:g} MB are accepted. Split the archive.")
        super().receive_data_chunk(raw_data, start)
