"""Any open_clip model, here a tiny one with weights on disk, beside open_clip itself."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import numpy as np
import pytest
from PIL import Image

from recognition.core.errors import InvalidInput, UnknownEncoder, VectorError, WeightsUnavailable
from recognition.encoders import registry
from recognition.encoders.clip.loading import choose_device, import_open_clip
from recognition.encoders.normalising import normalise
from tests.encoders.conftest import TINY, ensure
from tests.encoders.photos import sample

PHOTOS = ("chelsea.png", "coffee.png", "rocket.jpg", "motorcycle_left.png")
TEXTS = ["a cat", "a cup of coffee on a wooden table", "rocket", "motorcycle " * 200]


@pytest.fixture
def tiny(tiny_name, tmp_path):
    ensure(tiny_name, tmp_path)
    return registry.get_encoder(tiny_name, models_dir=tmp_path, device="cpu")


@pytest.fixture
def reference(tiny_checkpoint):
    open_clip = import_open_clip()
    model, preprocess = open_clip.create_model_from_pretrained(TINY, str(tiny_checkpoint))
    return model.eval(), preprocess, open_clip.get_tokenizer(TINY)


def test_image_embeddings_equal_open_clips_own(tiny, reference):
    import torch

    model, preprocess, _ = reference
    images = [sample(name) for name in PHOTOS]
    images += [sample("chelsea.png").resize((500, 31)), Image.new("RGB", (1, 1), "red")]
    with torch.inference_mode():
        batch = torch.stack([preprocess(image) for image in images])
        expected = model.encode_image(batch, normalize=True).numpy()
    np.testing.assert_allclose(tiny.encode_images(images), expected, atol=1e-5)


def test_preprocessing_equals_open_clips_own(tiny, reference):
    _, preprocess, _ = reference
    for name in PHOTOS:
        ours = tiny.load().preprocess(sample(name))
        np.testing.assert_allclose(ours.numpy(), preprocess(sample(name)).numpy(), atol=1e-5)


def test_text_embeddings_equal_open_clips_own(tiny, reference):
    import torch

    model, _, tokenize = reference
    with torch.inference_mode():
        expected = model.encode_text(tokenize(TEXTS), normalize=True).numpy()
    np.testing.assert_allclose(tiny.encode_texts(TEXTS), expected, atol=1e-5)


def test_the_spec_is_known_before_the_weights_are_loaded(tiny, reference):
    model, _, _ = reference
    assert tiny.spec.dimension == 32
    assert tiny.spec.input_size == 64
    assert tiny.spec.logit_scale == pytest.approx(model.logit_scale.exp().item())
    assert tiny._loaded is None


def test_embeddings_are_contiguous_normalised_float32(tiny):
    for rows in (tiny.encode_images([sample("coffee.png")] * 3), tiny.encode_texts(["a", "b"])):
        assert rows.dtype == np.float32
        assert rows.flags.c_contiguous
        np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-6)


def test_nothing_embeds_to_nothing(tiny):
    assert tiny.encode_images([]).shape == (0, 32)
    assert tiny.encode_texts([]).shape == (0, 32)


def test_many_images_embed_as_each_alone(tiny):
    images = [Image.new("RGB", (80, 60), (i * 3, 255 - i, i)) for i in range(70)]
    together = tiny.encode_images(images)
    assert together.shape == (70, 32)
    for i in (0, 31, 32, 69):
        np.testing.assert_allclose(tiny.encode_images([images[i]])[0], together[i], atol=1e-5)


@pytest.mark.parametrize("blank", ["", " ", "\t\n"])
def test_a_blank_text_is_refused(tiny, blank):
    with pytest.raises(InvalidInput, match="blank"):
        tiny.encode_texts(["a cat", blank])


@pytest.mark.parametrize("value", [0.0, np.nan, np.inf])
def test_a_row_without_direction_is_refused(value):
    with pytest.raises(VectorError):
        normalise(np.full((1, 4), value, np.float32))


def test_eight_threads_share_one_load(tiny):
    barrier = Barrier(8)

    def encode(i):
        barrier.wait()
        rows = tiny.encode_texts([f"thing {i}", "a cat"])
        return tiny.load(), rows

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(encode, range(8)))
    assert len({id(loaded) for loaded, _ in answers}) == 1
    for i, (_, rows) in enumerate(answers):
        np.testing.assert_allclose(rows, tiny.encode_texts([f"thing {i}", "a cat"]), atol=1e-6)


def test_a_number_of_threads_is_torchs(tiny_name, tmp_path):
    import torch

    ensure(tiny_name, tmp_path)
    before = torch.get_num_threads()
    try:
        encoder = registry.get_encoder(tiny_name, models_dir=tmp_path, device="cpu", threads=1)
        encoder.encode_texts(["a cat"])
        assert torch.get_num_threads() == 1
    finally:
        torch.set_num_threads(before)


def test_random_weights_are_refused(tmp_path, tiny_checkpoint):
    folder = tmp_path / "no-weights"
    folder.mkdir()
    name = f"open_clip:{TINY}@{folder}"
    with pytest.raises(WeightsUnavailable, match="There is no checkpoint"):
        ensure(name, tmp_path)


def test_a_missing_checkpoint_is_refused(tmp_path, tiny_checkpoint):
    with pytest.raises(WeightsUnavailable, match="There is no checkpoint"):
        ensure(f"open_clip:{TINY}@{tmp_path}/gone.pt", tmp_path)


def test_weights_of_another_architecture_are_refused(tmp_path, tiny_checkpoint):
    with pytest.raises(WeightsUnavailable, match="cannot be loaded as ViT-S-32"):
        ensure(f"open_clip:ViT-S-32@{tiny_checkpoint}", tmp_path)


def test_a_damaged_checkpoint_is_refused(tmp_path, tiny_checkpoint):
    damaged = tmp_path / "damaged.safetensors"
    damaged.write_bytes(tiny_checkpoint.read_bytes()[:5000])
    with pytest.raises(WeightsUnavailable, match="cannot be loaded"):
        ensure(f"open_clip:{TINY}@{damaged}", tmp_path)


def test_a_checkpoint_that_would_run_code_is_refused(tmp_path, tiny_checkpoint):
    import pickle

    class Attack:
        def __reduce__(self):
            return (tmp_path.joinpath("touched").touch, ())

    attack = tmp_path / "attack.pt"
    attack.write_bytes(pickle.dumps(Attack()))
    with pytest.raises(WeightsUnavailable):
        ensure(f"open_clip:{TINY}@{attack}", tmp_path)
    assert not (tmp_path / "touched").exists()


def test_an_architecture_that_open_clip_lacks_is_unknown(tmp_path):
    with pytest.raises(UnknownEncoder, match="no architecture 'ViT-Z-1'"):
        ensure(f"open_clip:ViT-Z-1@{tmp_path}/x.pt", tmp_path)


def test_cuda_is_taken_only_where_it_is():
    import torch

    if torch.cuda.is_available():
        assert choose_device("auto") == choose_device("cuda") == "cuda"
    else:
        assert choose_device("auto") == "cpu"
        with pytest.raises(WeightsUnavailable, match="cuda"):
            choose_device("cuda")
    assert choose_device("cpu") == "cpu"
