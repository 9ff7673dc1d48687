from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import MODELS_DIR
from tests.encoders.remote.mlserver import installed, serving


@pytest.fixture(scope="session")
def mlserver(models_dir: Path) -> Path:
    if sys.version_info >= (3, 13):
        pytest.skip("MLServer runs on Python up to 3.12")
    return installed(MODELS_DIR.with_name("test-mlserver"))


@pytest.fixture(scope="session")
def address(
    mlserver: Path, models_dir: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """A server whose model ``photos`` is the bundled encoder."""
    folder = tmp_path_factory.mktemp("mlserver") / "models"
    parameters = {"encoder": "bundled", "models_dir": str(models_dir), "threads": 1}
    with serving(mlserver, folder, photos=parameters) as found:
        yield found
