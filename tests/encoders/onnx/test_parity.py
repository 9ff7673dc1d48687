"""ONNX Runtime answers as torch does, without torch."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from recognition.encoders.prepare.parity import TEXTS
from recognition.images import open_image
from tests.encoders.photos import sample

PHOTOS = ("chelsea.png", "coffee.png", "rocket.jpg", "motorcycle_left.png", "page.png")
SIZES = ((260, 260), (259, 261), (31, 500), (1, 1), (700, 130), (1600, 1200))


def cosines(one, other):
    return (one * other).sum(axis=1)


def test_images_of_every_shape_embed_as_on_torch(onnx, torch):
    images = [sample(name) for name in PHOTOS]
    images += [sample("chelsea.png").resize(size) for size in SIZES]
    assert cosines(onnx.encode_images(images), torch.encode_images(images)).min() >= 0.9999


def test_texts_embed_as_on_torch_alone_and_together(onnx, torch):
    together = torch.encode_texts(TEXTS)
    assert cosines(onnx.encode_texts(TEXTS), together).min() >= 0.9999
    alone = np.concatenate([onnx.encode_texts([text]) for text in TEXTS])
    assert cosines(alone, together).min() >= 0.9999


@pytest.mark.parametrize(("quality", "tolerated"), [(60, 0.995), (95, 0.999)])
def test_a_jpeg_decoded_at_a_smaller_scale_embeds_almost_the_same(onnx, torch, quality, tolerated):
    """The coarser the JPEG, the more its chroma differs between scales."""
    for name in ("chelsea.png", "rocket.jpg", "retina.jpg", "ihc.png"):
        file = BytesIO()
        sample(name).resize((2400, 1800), Image.Resampling.LANCZOS).save(
            file, "JPEG", quality=quality
        )
        small = open_image(file.getvalue(), fit=onnx.spec.input_size)
        whole = open_image(file.getvalue())
        assert small.size < whole.size
        assert cosines(onnx.encode_images([small]), torch.encode_images([whole]))[0] >= tolerated


def test_many_images_keep_their_order(onnx):
    images = [Image.new("RGB", (80, 60), (i * 7, 255 - i * 7, i)) for i in range(33)]
    together = onnx.encode_images(images)
    for i in (0, 1, 15, 32):
        np.testing.assert_allclose(onnx.encode_images([images[i]])[0], together[i], atol=1e-5)


def test_nothing_embeds_to_nothing(onnx):
    assert onnx.encode_images([]).shape == (0, onnx.spec.dimension)
    assert onnx.encode_texts([]).shape == (0, onnx.spec.dimension)


def test_neither_torch_nor_open_clip_is_imported(models_dir, onnx):
    program = f"""
        import sys
        from pathlib import Path
        from PIL import Image
        from recognition.encoders import registry
        encoder = registry.get_encoder("bundled", models_dir=Path({str(models_dir)!r}))
        encoder.encode_images([Image.new("RGB", (50, 40), "red")])
        encoder.encode_texts(["a cat"])
        heavy = {{"torch", "open_clip", "torchvision", "timm", "transformers"}} & set(sys.modules)
        sys.exit(f"imported {{sorted(heavy)}}" if heavy else 0)
    """
    command = [sys.executable, "-c", textwrap.dedent(program)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_the_process_stays_small(models_dir, onnx):
    program = f"""
        import re
        from pathlib import Path
        from PIL import Image
        from recognition.encoders import registry
        encoder = registry.get_encoder("bundled", models_dir=Path({str(models_dir)!r}))
        encoder.encode_images([Image.new("RGB", (50, 40), "red")] * 8)
        encoder.encode_texts(["a cat"])
        status = Path("/proc/self/status").read_text()
        peak_kib = int(re.search(r"VmHWM:\\s+(\\d+)", status)[1])
        print(peak_kib / 1024)
    """
    command = [sys.executable, "-c", textwrap.dedent(program)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    assert float(done.stdout) < 400
