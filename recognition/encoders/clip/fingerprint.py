"""What makes two encoders' vectors comparable."""

from __future__ import annotations

from typing import Any

from recognition.encoders.clip.loading import LoadedModel, import_open_clip
from recognition.encoders.digests import digest_file, digest_json
from recognition.encoders.files import ModelFiles

VERSION = 1
"""Raised when embeddings change although weights, architecture and preprocessing do not."""

_TOKENIZER = "tokenizer.json"


def fingerprint(files: ModelFiles, loaded: LoadedModel) -> str:
    """Return SHA-256 over weights, architecture, preprocessing and version, in hex; no path enters
    it.
    """
    return digest_json(
        {
            "version": VERSION,
            "weights": files.identity or digest_file(files.checkpoint),
            "architecture": _architecture(files),
            "preprocessing": loaded.model.visual.preprocess_cfg,
        }
    )


def _architecture(files: ModelFiles) -> dict[str, Any]:
    config: dict[str, Any] = import_open_clip().get_model_config(files.model)
    config["quick_gelu"] = bool(config.get("quick_gelu") or files.pretrained.get("quick_gelu"))
    if files.folder and (files.folder / _TOKENIZER).is_file():
        for path in ("hf_model_name", "hf_tokenizer_name"):
            config["text_cfg"].pop(path, None)
        config["tokenizer"] = digest_file(files.folder / _TOKENIZER)
    return config
