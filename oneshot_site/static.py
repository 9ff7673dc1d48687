"""How static files are kept: named by their contents, compressed beforehand."""

from __future__ import annotations

from typing import Any

from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage


class Gzipped(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Without Brotli's files, which take long to make: browsers ask for them over HTTPS alone,
    where a proxy compresses."""

    def create_compressor(self, **kwargs: Any) -> Compressor:
        return super().create_compressor(use_brotli=False, **kwargs)
