"""``manage.py encoder train``: an encoder's weights made anew from a seed, with a progress bar."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import TYPE_CHECKING

from recognition.encoders.drawings.encoder import DRAWINGS

if TYPE_CHECKING:
    from recognition.encoders.drawings.training.judging import Judged


def add_training_arguments(parser: ArgumentParser) -> None:
    """The arguments of ``train``; what is left out is as it was for the weights that ship."""
    parser.add_argument("name", choices=[DRAWINGS])
    parser.add_argument("--output", type=Path, help="A folder. [trained/ in the models folder]")
    parser.add_argument("--seed", type=int, help="What everything is drawn from. [the shipped]")
    parser.add_argument("--steps", type=int, help="Batches to learn from. [the shipped]")
    parser.add_argument(
        "--tiny", action="store_true", help="A network of no use, to see that all of it works."
    )


def train_drawings(
    *, output: Path, seed: int | None, steps: int | None, tiny: bool, quiet: bool
) -> Judged:
    """Train the drawings encoder with a bar; one thread learns while another process draws."""
    import torch
    from tqdm import tqdm

    from recognition.encoders.drawings.training.learning import recipe_of
    from recognition.encoders.drawings.training.making import make_weights

    torch.set_num_threads(1)
    recipe = recipe_of(seed=seed, steps=steps, tiny=tiny)
    with tqdm(total=recipe.steps, unit="step", disable=quiet) as bar:

        def progress(step: int, loss: float) -> None:
            bar.update(step - bar.n)
            bar.set_postfix(loss=f"{loss:.3f}", refresh=False)

        return make_weights(recipe, output, progress)
