from pathlib import Path

import pytest

from recognition.core.errors import UnknownEncoder
from recognition.encoders.names import (
    DEFAULT_CLIP,
    Bundled,
    Checkpoint,
    HubRepository,
    Pretrained,
    Timm,
    parse_name,
)


@pytest.mark.parametrize(
    ("name", "parsed"),
    [
        ("bundled", Bundled()),
        ("open_clip:ViT-B-32/openai", Pretrained("ViT-B-32", "openai")),
        ("open_clip:ViT-B-32@/models/clip.pt", Checkpoint("ViT-B-32", Path("/models/clip.pt"))),
        ("open_clip:ViT-B-32@/a b/x@y.pt", Checkpoint("ViT-B-32", Path("/a b/x@y.pt"))),
        ("timm:resnet50.a1_in1k", Timm("resnet50.a1_in1k")),
        ("timm:vit_small_patch14_dinov2/224", Timm("vit_small_patch14_dinov2", 224)),
        (
            "timm:vit@/a b/x+int8.safetensors",
            Timm("vit", checkpoint=Path("/a b/x+int8.safetensors")),
        ),
        ("open_clip:hf-hub:timm/ViT-B-16-SigLIP", HubRepository("timm/ViT-B-16-SigLIP")),
    ],
)
def test_a_name_says_where_the_weights_come_from(name, parsed):
    assert parse_name(name) == parsed
    assert str(parsed) == name


def test_the_default_is_a_model_that_open_clip_knows():
    from recognition.encoders.clip.loading import import_open_clip

    parsed = parse_name(DEFAULT_CLIP)
    assert isinstance(parsed, Pretrained)
    assert import_open_clip().get_pretrained_cfg(parsed.architecture, parsed.tag)["hf_hub"]


def test_a_checkpoint_keeps_its_place_when_the_working_directory_changes():
    parsed = parse_name("open_clip:ViT-B-32@weights/clip.pt")
    assert str(parsed) == f"open_clip:ViT-B-32@{Path.cwd() / 'weights/clip.pt'}"


@pytest.mark.parametrize(
    "name",
    [
        "",
        "auto",
        "Bundled",
        "bundled/x",
        "clip:ViT-B-32/openai",
        "open_clip:",
        "open_clip:ViT-B-32",
        "open_clip:ViT-B-32/",
        "open_clip:ViT-B-32@",
        "open_clip:/openai",
        "open_clip:ViT-B-32/a/b",
        "open_clip:hf-hub:",
        "open_clip:hf-hub:timm",
        "timm:",
        "timm:a/b",
        "timm:resnet50/0",
        "timm:resnet50@weights.pt",
        "timm:resnet50+int8",
        "open_clip:hf-hub:../../etc/passwd",
    ],
)
def test_anything_else_names_no_encoder(name):
    with pytest.raises(UnknownEncoder, match="names no encoder"):
        parse_name(name)
