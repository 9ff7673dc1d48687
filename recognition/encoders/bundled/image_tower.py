"""The image tower of the bundled encoder, as a timm model that open_clip builds by its name."""

from __future__ import annotations

from typing import Any

import torch
from timm import create_model
from timm.models import is_model, register_model
from torch import Tensor, nn

from recognition.encoders.bundled.projection import HALF, SEEN_WEIGHT

CLASSES = 1000
FEATURES = 1280
BEST_CLASSES = 20
LOGIT_FACTOR = 0.7


class ConseEfficientNet(nn.Module):
    """An ImageNet classifier that answers in the joint space.

    The said half is ConSE (Norouzi et al. 2014): the class table's rows weighed by the softmax
    over the best classes. The seen half is the whitened feature. Images (n, 3, 260, 260) become
    (n, 512), not normalised as a whole.
    """

    trunk: Any
    class_table: Tensor
    whitening: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.trunk = create_model("tf_efficientnet_lite2", pretrained=False, num_classes=CLASSES)
        self.num_features = 2 * HALF
        self.register_buffer("class_table", torch.zeros(CLASSES, HALF))
        self.register_buffer("whitening", torch.zeros(HALF, FEATURES))

    def forward(self, images: Tensor) -> Tensor:
        features = self.trunk.forward_head(self.trunk.forward_features(images), pre_logits=True)
        said = self._said(self.trunk.get_classifier()(features))
        seen = nn.functional.normalize(features @ self.whitening.T, dim=-1)
        return torch.cat([said, SEEN_WEIGHT * seen], dim=-1)

    def _said(self, logits: Tensor) -> Tensor:
        best, classes = torch.topk(logits * LOGIT_FACTOR, BEST_CLASSES, dim=-1)
        shares = best.softmax(dim=-1).to(logits.dtype)  # autocast may widen it
        weights = torch.zeros_like(logits).scatter(-1, classes, shares)
        return nn.functional.normalize(weights @ self.class_table, dim=-1)


def oneshot_conse_efficientnet_lite2(**_: Any) -> ConseEfficientNet:
    """Make the image tower for timm, as its entry point; its weights come with the open_clip
    checkpoint.
    """
    return ConseEfficientNet()


def register() -> None:
    """Let timm, and open_clip through it, build the tower by its name."""
    if not is_model(oneshot_conse_efficientnet_lite2.__name__):
        register_model(oneshot_conse_efficientnet_lite2)
