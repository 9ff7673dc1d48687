"""open_clip's towers as modules that can be exported."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from open_clip.hf_model import HFTextEncoder
from open_clip.transformer import text_global_pool
from torch import Tensor, nn

from recognition.encoders.clip.loading import DualTower

_WHITE = 255.0


class ImageTower(nn.Module):
    """Pixels (n, height, width, 3) of 8 bits to rows (n, d): the end of open_clip's or timm's
    transform, which scales and shifts, then the image tower.
    """

    mean: Tensor
    deviation: Tensor

    def __init__(self, tower: nn.Module, config: Mapping[str, Any]) -> None:
        super().__init__()
        self.tower = tower
        self.register_buffer("mean", torch.tensor(config["mean"]).view(1, 3, 1, 1))
        self.register_buffer("deviation", torch.tensor(config["std"]).view(1, 3, 1, 1))

    @classmethod
    def of(cls, model: DualTower) -> ImageTower:
        """That of an open_clip model."""
        return cls(model.visual, model.visual.preprocess_cfg)

    def forward(self, pixels: Tensor) -> Tensor:
        channels = pixels.permute(0, 3, 1, 2).float() / _WHITE
        rows: Tensor = self.tower((channels - self.mean) / self.deviation)
        return rows


class CausalTextTower(nn.Module):
    """CLIP's text tower on tokens (n, length) of any length up to the context's.

    Under a causal mask the row at the end-of-text token depends on nothing behind it, so padding
    can be left away.
    """

    def __init__(self, tower: Any) -> None:
        super().__init__()
        self.tower = tower

    def forward(self, tokens: Tensor) -> Tensor:
        tower, length = self.tower, tokens.shape[1]
        hidden = tower.token_embedding(tokens) + tower.positional_embedding[:length]
        hidden = tower.transformer(hidden, attn_mask=tower.attn_mask[:length, :length])
        pooled = text_global_pool(
            tower.ln_final(hidden), tokens, _pool_type(tower), eos_token_id=_eos_id(tower)
        )
        return _project(pooled, tower.text_projection)


class PaddedTextTower(nn.Module):
    """Any text tower on tokens padded to the context's length."""

    def __init__(self, model: DualTower) -> None:
        super().__init__()
        self.model = model

    def forward(self, tokens: Tensor) -> Tensor:
        return self.model.encode_text(tokens)


def text_tower(model: DualTower) -> tuple[nn.Module, bool]:
    """Return the text tower, and whether it takes tokens without their padding: one that masks it
    does.
    """
    tower = getattr(model, "text", model)
    if isinstance(tower, HFTextEncoder):
        return tower, True
    if _is_causal(tower):
        return CausalTextTower(tower), True
    return PaddedTextTower(model), False


def _project(pooled: Tensor, projection: nn.Linear | Tensor | None) -> Tensor:
    if projection is None:
        return pooled
    rows: Tensor = projection(pooled) if isinstance(projection, nn.Linear) else pooled @ projection
    return rows


def _is_causal(tower: Any) -> bool:
    return (
        getattr(tower, "attn_mask", None) is not None
        and getattr(tower, "cls_emb", None) is None
        and not getattr(tower, "output_tokens", False)
        and _pool_type(tower) in {"argmax", "eos"}
    )


def _pool_type(tower: Any) -> str:
    return str(getattr(tower, "text_pool_type", None) or getattr(tower, "pool_type", ""))


def _eos_id(tower: Any) -> int | None:
    found: int | None = getattr(tower, "text_eos_id", None) or getattr(tower, "eos_id", None)
    return found
