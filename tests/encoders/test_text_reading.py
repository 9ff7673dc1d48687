"""How much of a text is read, by each way of making tokens."""

from __future__ import annotations

from pathlib import Path

import pytest

from recognition.encoders import registry
from recognition.encoders.clip.tokenizer import plain_tokenizer
from recognition.encoders.templates import read_prompts
from recognition.encoders.torchvision_import import import_torchvision

WORDS = "one two three four five six seven eight nine ten "


@pytest.fixture(params=["onnx", "torch"])
def bundled(request, models_dir: Path):
    return registry.get_encoder("bundled", models_dir=models_dir, engine=request.param, threads=1)


def test_the_bundled_encoder_reads_75_words_and_knows_no_emoji(bundled):
    short, long, emoji = bundled.read_texts(["a red cup", WORDS * 8, "a 🐱 and a 🚀 here"])
    assert (short.is_cut, short.unknown) == (False, ())
    assert (long.is_cut, long.characters) == (True, len(WORDS * 7 + "one two three four five"))
    assert (emoji.is_cut, emoji.unknown) == (False, ("🐱", "🚀"))


def test_what_is_cut_embeds_as_what_is_read(bundled):
    long = WORDS * 8
    [read] = bundled.read_texts([long])
    whole, kept, less = bundled.encode_texts(
        [long, long[: read.characters], long[: read.characters - len(" five")]]
    )
    assert whole @ kept > 0.9999
    assert whole @ less < 0.9999


def test_a_template_takes_room_of_a_name(bundled):
    name = "-".join(["mug"] * 50)
    [alone], [prompt] = bundled.read_texts([name]), read_prompts(bundled, [name])
    assert (prompt.total, prompt.is_cut) == (len(name), True)
    assert 0 < prompt.characters < alone.characters
    assert [each.is_cut for each in read_prompts(bundled, ["a cup", "a photo of a cup"])] == [
        False,
        False,
    ]


def test_clips_own_tokens_know_every_byte_and_end_after_75():
    import_torchvision()
    import open_clip

    tokenizer, tokenizing = plain_tokenizer(open_clip.get_tokenizer("ViT-B-32"), trimmed=True)
    read = tokenizing.reader(tokenizer)
    assert read("a 🐱 here").unknown == ()
    long = read(WORDS * 8)
    assert (long.is_cut, long.characters) == (True, len(WORDS * 7 + "one two three four five"))
