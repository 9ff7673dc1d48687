"""What a remote encoder and its server say to each other, in the protocol's terms.

One model has two inputs, of which a request carries one: ``image``, BYTES ``[n, 1]``, each the
height x width x 3 bytes of a crop in base64; ``text``, BYTES ``[n, 1]``. It answers
``embedding``, FP32 ``[n, d]``, L2-normalised. The model's metadata describes the encoder under
the parameter ``oneshot``; each answer's ``model_version`` is the encoder's fingerprint, so that a
server that was given other weights is found out at once.
"""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from typing import Any

from recognition.core.errors import EncoderError
from recognition.core.types import EncoderSpec
from recognition.encoders.preprocessing import Preprocessing

IMAGE = "image"
TEXT = "text"
EMBEDDING = "embedding"
PARAMETER = "oneshot"

_ADDRESS = re.compile(r"oip\+(https?://[^/\s]+(?:/[^/\s]+)*)/([\w.-]+)")


@dataclass(frozen=True, slots=True)
class Remote:
    """The place of a server, and the name of the model there."""

    server: str
    model: str

    def __str__(self) -> str:
        return f"oip+{self.server}/{self.model}"

    @property
    def url(self) -> str:
        return f"{self.server}/v2/models/{self.model}"


@dataclass(frozen=True, slots=True)
class Description:
    """A server's own account of its encoder."""

    spec: EncoderSpec
    preprocessing: Preprocessing

    def as_parameter(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def of(cls, remote: Remote, metadata: Any) -> Description:
        """Read a description from a model's metadata. Raises EncoderError where it describes no
        encoder.
        """
        try:
            announced = metadata["parameters"][PARAMETER]
            spec = EncoderSpec(**{**announced["spec"], "name": str(remote)})
            return cls(spec, Preprocessing(**announced["preprocessing"]))
        except (KeyError, TypeError) as error:
            raise EncoderError(
                f"The model {remote.model} at {remote.server} does not say which encoder it is."
            ) from error


def parse_remote(name: str) -> Remote | None:
    """Parse ``oip+http://host:port/model``; None for a name of another kind."""
    found = _ADDRESS.fullmatch(name)
    return Remote(found[1], found[2]) if found else None
