"""Uploads as they arrive: no further than their limit, and archives to disk, not to memory."""

from __future__ import annotations

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler, TemporaryFileUploadHandler

from recognition.core.configuration import recognition_settings
from recognition.core.errors import ArchiveTooLarge
from recognition.services.recognition.identify import MAX_LOOKS


class CappedUpload(FileUploadHandler):
    """Stands before the handlers that keep files, and refuses more than is ever asked for: a form
    is read before anybody knows who sends it. The console takes archives."""

    received = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.received += len(raw_data)
        if self.received > self._limit:
            raise RequestDataTooBig(f"At most {self._limit / 1e6:g} MB are accepted.")
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """The file is kept by the handler after this."""

    @property
    def _limit(self) -> int:
        settings, match = recognition_settings(), self.request and self.request.resolver_match
        if match and "admin" in match.app_names:
            return settings.max_archive_bytes
        return MAX_LOOKS * settings.max_image_bytes


class CappedFile(TemporaryFileUploadHandler):
    """Refuses an archive as soon as it is too large."""

    received = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.received += len(raw_data)
        limit = recognition_settings().max_archive_bytes
        if self.received > limit:
            raise ArchiveTooLarge(f"At most {limit / 1e6:g} MB are accepted. Split the archive.")
        super().receive_data_chunk(raw_data, start)
