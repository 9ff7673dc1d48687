import pytest

from recognition.encoders.bundled.image_weights import image_weights, timm_key, weights_path
from recognition.encoders.clip.loading import import_open_clip


@pytest.mark.parametrize(
    ("lukemelas", "timm"),
    [
        ("_conv_stem.weight", "conv_stem.weight"),
        ("_bn1.running_mean", "bn2.running_mean"),
        ("_blocks.0._project_conv.weight", "blocks.0.0.conv_pw.weight"),
        ("_blocks.0._bn2.bias", "blocks.0.0.bn2.bias"),
        ("_blocks.1._expand_conv.weight", "blocks.1.0.conv_pw.weight"),
        ("_blocks.6._bn2.weight", "blocks.2.2.bn3.weight"),
        ("_blocks.20._project_conv.weight", "blocks.6.0.conv_pwl.weight"),
        ("_fc.bias", "classifier.bias"),
    ],
)
def test_blocks_numbered_through_are_numbered_by_stage(lukemelas, timm):
    assert timm_key(lukemelas) == timm


@pytest.mark.parametrize("key", ["_swish.weight", "_blocks.99._bn1.bias", "_blocks.0._bn0.bias"])
def test_a_key_of_neither_kind_is_refused(key):
    with pytest.raises((KeyError, IndexError)):
        timm_key(key)


def test_the_package_fills_timms_model_without_a_gap():
    import_open_clip()
    import timm

    model = timm.create_model("tf_efficientnet_lite2")
    assert set(image_weights(weights_path())) == set(model.state_dict())
