import numpy as np
import pytest

from recognition.core.errors import InvalidInput
from recognition.encoders.templates import TEMPLATES, encode_prompts, expand


@pytest.mark.parametrize("text", ["cat", "a cat", "the  cat", "An cat", " cat "])
def test_a_name_is_put_into_every_template_once_with_one_article(text):
    assert expand(text) == [template.format("cat") for template in TEMPLATES]


def test_a_name_that_starts_like_an_article_keeps_its_letters():
    assert expand("anchor")[0] == "a photo of a anchor."


def test_braces_in_a_name_are_letters():
    assert expand("{0} {name}")[0] == "a photo of a {0} {name}."


@pytest.mark.parametrize(
    "text",
    [
        "a photo of a cat",
        "Photographs of the old town",
        "a drawing of a house",
        "a red enamel cup with a chipped blue rim",
    ],
)
def test_a_caption_or_a_description_stays_as_it_is(text):
    assert expand(text) == [text]


def test_a_prompt_is_the_normalised_mean_of_what_it_expands_to(bundled):
    mean = bundled.encode_texts(expand("a cat")).mean(axis=0)
    expected = mean / np.linalg.norm(mean)
    np.testing.assert_allclose(encode_prompts(bundled, ["a cat"])[0], expected, atol=1e-6)


def test_prompts_embed_alike_alone_and_together(bundled):
    texts = ["cat", "a photo of a dog", "coffee"]
    together = encode_prompts(bundled, texts)
    assert together.shape == (3, bundled.spec.dimension)
    assert together.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(together, axis=1), 1, atol=1e-6)
    for text, row in zip(texts, together, strict=True):
        np.testing.assert_allclose(encode_prompts(bundled, [text])[0], row, atol=1e-5)


def test_no_prompts_are_no_embeddings(bundled):
    assert encode_prompts(bundled, []).shape == (0, bundled.spec.dimension)


@pytest.mark.parametrize("blank", ["", "  \n"])
def test_a_blank_prompt_is_refused(bundled, blank):
    with pytest.raises(InvalidInput, match="blank"):
        encode_prompts(bundled, ["cat", blank])
