"""What several tests of the API send."""

from __future__ import annotations

from recognition.services.bundles.manifest import MANIFEST, write_manifest
from tests.archives.builders import image_bytes, zip_of

ARCHIVE = zip_of({"cat/1.png": image_bytes()})
BUNDLE = zip_of(
    {
        MANIFEST: write_manifest(
            {
                "gallery": {"slug": "b", "name": "B", "description": "", "target_far": 0.01},
                "encoder": {"name": "x", "fingerprint": "x", "dimension": 1},
                "categories": [],
                "references": [],
            }
        )
    }
)
