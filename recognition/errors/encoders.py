"""Encoders, their vectors and the index of these."""

from __future__ import annotations

from recognition.errors.base import Conflict, InvalidInput, RecognitionError


class EncoderMismatch(Conflict):
    """Vectors of one encoder were offered where another's are kept."""

    code = "encoder_mismatch"


class EncoderChanged(EncoderMismatch):
    """The gallery got another encoder while the caller's vectors were made."""

    code = "encoder_changed"
    retryable = True


class EncoderChangeState(Conflict):
    """A change of encoder is not at the point where this could be done."""

    code = "encoder_change_state"


class EncoderChangeBehind(Conflict):
    """Some of what was enrolled meanwhile is still to be embedded."""

    code = "encoder_change_behind"
    retryable = True


class VectorError(InvalidInput):
    """A vector of the wrong shape, type or norm, or with a value that is not finite."""

    code = "invalid_vector"


class EncoderError(RecognitionError):
    code = "encoder_error"
    status = 503
    title = "The encoder is not available"


class UnknownEncoder(EncoderError):
    code = "encoder_unknown"


class WeightsUnavailable(EncoderError):
    """The encoder's weights are not on this machine and could not be fetched."""

    code = "encoder_weights_unavailable"
    retryable = True


class EngineUnavailable(EncoderError):
    """The engine that was asked for cannot run the encoder."""

    code = "encoder_engine_unavailable"


class RemoteUnavailable(EncoderError):
    """The server that runs the encoder does not answer, or answers that it cannot."""

    code = "encoder_remote_unavailable"
    retryable = True


class EncoderBusy(EncoderError):
    """More is waiting to be encoded than is let in."""

    code = "encoder_busy"
    retryable = True
    title = "The encoder is busy"


class DeadlineExceeded(EncoderError):
    """The encoder did not come to it in time."""

    code = "deadline_exceeded"
    retryable = True
    title = "It took too long"


class IndexUnavailable(RecognitionError):
    code = "index_unavailable"
    status = 503
    retryable = True
    title = "The index is not available"
