"""Encoders of one domain beside the bare loop: dlib's own calls, or a network and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageEnhance

from recognition.benchmarks.inference.photos import photo_files
from recognition.benchmarks.inference.report import Row
from recognition.benchmarks.inference.setup import Setup
from recognition.benchmarks.inference.timing import each, latencies_ms, rates
from recognition.core.types import Domain
from recognition.encoders.batching.queued_encoder import QueuedEncoder, QueueLimits
from recognition.encoders.faces.package import import_dlib, model_file
from recognition.encoders.prepare.preparing import prepare
from recognition.encoders.protocol import DualEncoder
from recognition.images import open_image
from recognition.services.demo.characters import CHARACTERS, character_query
from recognition.services.demo.contents import photo

HEADINGS = ("", "unit", "Oneshot", "bare loop", "ratio")

LARGE = 16
"""Pictures of a batch."""


def measure_domain(setup: Setup, *, folder: Path | None) -> list[Row]:
    """Compare an encoder of faces or drawings with what somebody would write without a service.

    Of faces that is dlib: its detector, landmarks and network, one photo after the other. Of
    drawings it is the same preparation and network, called from a loop. Raises EncoderError.
    """
    spec = prepare(setup.name, models_dir=setup.models_dir, progress=False)
    encoder = setup.encoder(setup.name, "auto")
    faces = spec.domain is Domain.FACES
    pictures = [
        open_image(data, fit=spec.input_size)
        for data in (photo_files(folder) if folder else _characters())
    ]
    if faces and not folder:
        pictures = _portraits()
    bare = _dlib_loop() if faces else _plain_loop(encoder)
    alone = latencies_ms(
        {"ours": each(pictures, _one(encoder)), "bare": each(pictures, bare)}, setup.seconds
    )
    many = (pictures * LARGE)[: max(LARGE, len(pictures))]
    with closing(QueuedEncoder(encoder, QueueLimits(capacity=len(many), remembered=0))) as queue:
        loaders = [partial(_same, picture) for picture in many]
        found = rates(
            {
                "ours": lambda: len(queue.encode_loaded(loaders, bulk=True)),
                "bare": each(many, bare),
            },
            setup.seconds * 2,
        )
    return [
        Row(
            "decoded picture to embedding",
            "ms",
            alone["ours"],
            alone["bare"],
            more_is_better=False,
        ),
        Row("through the queues, all cores", "a second", found["ours"], found["bare"]),
    ]


def _one(encoder: DualEncoder) -> Callable[[Image.Image], Any]:
    return lambda picture: encoder.forward_images([encoder.crop(picture)])


def _plain_loop(encoder: DualEncoder) -> Callable[[Image.Image], Any]:
    return lambda picture: encoder.forward_images([encoder.crop(picture)], alone=False)


def _dlib_loop() -> Callable[[Image.Image], Any]:
    """As dlib's own example of face recognition does it: the photo once enlarged."""
    dlib = import_dlib()
    detector = dlib.get_frontal_face_detector()
    landmarks = dlib.shape_predictor(str(model_file("shape_predictor_5_face_landmarks.dat")))
    network = dlib.face_recognition_model_v1(
        str(model_file("dlib_face_recognition_resnet_model_v1.dat"))
    )

    def embed(picture: Image.Image) -> Any:
        pixels = np.asarray(picture)
        found = detector(pixels, 1)
        return [network.compute_face_descriptor(pixels, landmarks(pixels, box)) for box in found]

    return embed


def _portraits() -> list[Image.Image]:
    """A face in a sample photo, cut out and lit in many ways: more than the encoder remembers."""
    whole = open_image(photo("astronaut.png"))
    return [
        ImageEnhance.Brightness(whole.crop((100 + shift, 0, 360 + shift, 320))).enhance(light)
        for shift in range(0, 40, 2)
        for light in (1.0, 0.9, 0.8, 0.7, 0.6)
    ]


def _characters() -> list[bytes]:
    return [character_query(character) for character in CHARACTERS]


def _same(picture: Image.Image) -> Image.Image:
    return picture
