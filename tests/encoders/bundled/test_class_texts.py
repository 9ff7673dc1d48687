import numpy as np

from recognition.encoders.bundled.class_texts import ClassText, embed_classes, imagenet_classes


def test_the_thousand_classes_come_in_the_classifiers_order():
    classes = imagenet_classes()
    assert len(classes) == 1000
    assert classes[0].lemmas == ("tench", "Tinca tinca")
    assert classes[967].lemmas == ("espresso",)
    assert classes[999].lemmas[0] == "toilet tissue"
    assert all(each.lemmas and each.gloss for each in classes)


def test_classes_of_one_name_are_told_apart_by_their_glosses():
    cranes = [each for each in imagenet_classes() if each.lemmas == ("crane",)]
    assert ["bird" in each.gloss for each in cranes] == [True, False]


def test_a_class_is_the_mean_of_its_names_and_half_its_gloss():
    axes = {"a photo of a cup": 0, "a photo of a mug": 1, "holds tea": 2, "a photo of a cat": 3}

    def embed(texts):
        return np.eye(4)[[axes.get(text, 3) for text in texts]]

    classes = [ClassText(("cup", "mug"), "holds tea"), ClassText(("cat",), "purrs")]
    rows = embed_classes(classes, embed)
    np.testing.assert_allclose(rows[0], np.array([0.5, 0.5, 0.5, 0]) / np.sqrt(0.75))
    np.testing.assert_allclose(rows[1], [0, 0, 0, 1])
