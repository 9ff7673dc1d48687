"""The network's training: classes that nobody has seen before, at every step."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from recognition.encoders.drawings.strokes.batches import Batch
from recognition.encoders.drawings.training.feeding import drawn_batches
from recognition.encoders.drawings.training.network import DrawingsNetwork, Widths, as_ink

SAVE_EVERY = 100
"""Steps after which a run that is broken off can be taken up again."""

FALL = 0.15
"""Last part of the steps, in which the learning rate falls."""


@dataclass(frozen=True)
class Recipe:
    """All that the weights depend on. ``classes`` is of a batch on the square canvas; ``rate`` is
    the highest learning rate; ``memory`` is the share of the mean of past weights that stays at a
    step.
    """

    seed: int = 22
    steps: int = 4720
    classes: int = 160
    rate: float = 1.5e-3
    decay: float = 0.05
    warm_up: int = 100
    memory: float = 0.998
    scale: float = 16.0
    widths: Widths = Widths()


Progress = Callable[[int, float], None]
"""Told the number of steps done and the loss of the last one."""


def train(recipe: Recipe, checkpoint: Path | None, progress: Progress) -> DrawingsNetwork:
    """Train from the seed, or from ``checkpoint`` where it is of the same recipe.

    Returns the network of the weights' running mean, which is steadier than the last weights
    (Polyak and Juditsky 1992).
    """
    run = _Run(recipe)
    if checkpoint is not None and checkpoint.exists():
        run.restore(checkpoint)
    with drawn_batches(recipe.seed, run.step, recipe.classes) as batches:
        while run.step < recipe.steps:
            loss = run.learn(next(batches))
            progress(run.step, loss)
            if checkpoint is not None and (run.step % SAVE_EVERY == 0 or run.step == recipe.steps):
                run.save(checkpoint)
    mean: DrawingsNetwork = run.mean.eval()
    return mean


def has_fast_bfloat16() -> bool:
    """Say whether this processor multiplies matrices of bfloat16 by itself."""
    return bool(torch.cpu._is_amx_tile_supported())


class _Run:
    """The state of a training."""

    def __init__(self, recipe: Recipe) -> None:
        torch.manual_seed(recipe.seed)
        self.recipe = recipe
        self.step = 0
        self.network = DrawingsNetwork(recipe.widths)
        self.network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.mean = copy.deepcopy(self.network).requires_grad_(False)
        self.network.train()
        plain = [p for p in self.network.parameters() if p.ndim == 1]
        decayed = [p for p in self.network.parameters() if p.ndim > 1]
        self.optimiser = torch.optim.AdamW(
            [
                {"params": decayed, "weight_decay": recipe.decay},
                {"params": plain, "weight_decay": 0.0},
            ],
            lr=recipe.rate,
        )
        self._bfloat16 = has_fast_bfloat16()

    def learn(self, batch: Batch) -> float:
        for group in self.optimiser.param_groups:
            group["lr"] = _rate(self.recipe, self.step)
        drawings = torch.from_numpy(batch.drawings).flatten(0, 1)
        with torch.autocast("cpu", torch.bfloat16, enabled=self._bfloat16):
            rows = self.network(as_ink(drawings))
        loss = pair_loss(rows.float(), self.recipe.scale)
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(self.network.parameters(), 2.0)
        self.optimiser.step()
        self.step += 1
        self._remember()
        return float(loss.detach())

    def save(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        state = {
            "recipe": asdict(self.recipe),
            "step": self.step,
            "network": self.network.state_dict(),
            "mean": self.mean.state_dict(),
            "optimiser": self.optimiser.state_dict(),
        }
        partial = path.with_suffix(".part")
        torch.save(state, partial)
        partial.replace(path)

    def restore(self, path: Path) -> None:
        saved: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=True)
        ours, theirs = asdict(self.recipe), dict(saved["recipe"])
        fewest = min(ours.pop("steps"), theirs.pop("steps"))
        same_length = self.recipe.steps == saved["recipe"]["steps"]
        if ours != theirs or not (same_length or saved["step"] <= (1 - FALL) * fewest):
            raise ValueError(f"{path} is of another recipe; remove it to begin anew.")
        self.step = saved["step"]
        self.network.load_state_dict(saved["network"])
        self.mean.load_state_dict(saved["mean"])
        self.optimiser.load_state_dict(saved["optimiser"])

    @torch.no_grad()
    def _remember(self) -> None:
        kept = min(self.recipe.memory, (1 + self.step) / (10 + self.step))
        now = self.network.state_dict()
        for name, value in self.mean.state_dict().items():
            if value.dtype.is_floating_point:
                value.lerp_(now[name], 1.0 - kept)
            else:
                value.copy_(now[name])


def pair_loss(rows: Tensor, scale: float) -> Tensor:
    """Return the cross entropy of finding a class's second drawing among all by its first, and the
    reverse (Sohn 2016; Radford et al. 2021). ``rows`` (2 n, d): first drawings, then second ones.
    """
    first, second = functional.normalize(rows, dim=1).chunk(2)
    similarities = scale * first @ second.T
    own = torch.arange(len(first))
    there = functional.cross_entropy(similarities, own)
    back = functional.cross_entropy(similarities.T, own)
    return (there + back) / 2


def _rate(recipe: Recipe, step: int) -> float:
    """Up in a line, level, and down in a line at the end (Hägele et al. 2024): how long the whole
    takes matters only from its last part on, so that a run can be made longer.
    """
    if step < recipe.warm_up:
        return recipe.rate * (step + 1) / recipe.warm_up
    left = (recipe.steps - step) / (FALL * recipe.steps)
    return recipe.rate * max(0.01, min(1.0, left))


def recipe_of(*, seed: int | None = None, steps: int | None = None, tiny: bool = False) -> Recipe:
    """Return the recipe of the shipped weights, but for what is given; ``tiny`` is through in
    seconds.
    """
    recipe = Recipe()
    if tiny:
        widths = Widths(stem=8, first=16, second=24, head=8)
        recipe = replace(recipe, steps=6, classes=32, warm_up=2, widths=widths)
    return replace(recipe, seed=recipe.seed if seed is None else seed, steps=steps or recipe.steps)
