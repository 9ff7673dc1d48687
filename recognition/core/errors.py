"""Every error that the service answers with: a stable code, an HTTP status, a helpful sentence."""

from __future__ import annotations

from typing import ClassVar


class RecognitionError(Exception):
    """Base of all errors that a caller may see.

    ``code`` never changes once published; ``retryable`` tells a client that the same request may
    succeed later, after ``retry_after`` seconds.
    """

    code: ClassVar[str] = "error"
    status: ClassVar[int] = 500
    retryable: ClassVar[bool] = False
    retry_after: int = 5
    title: ClassVar[str] = "Something went wrong"

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


class InvalidInput(RecognitionError):
    code = "invalid_input"
    status = 400
    title = "The input is not valid"


class NotFound(RecognitionError):
    """Something that does not exist, or that the caller may not see: the two look the same."""

    code = "not_found"
    status = 404
    title = "Not found"


class Conflict(RecognitionError):
    code = "conflict"
    status = 409
    title = "Conflicts with what is there"


# What is wrong with a request, whatever it asks for.


class InvalidCursor(InvalidInput):
    """A place in a list that is none of that list."""

    code = "invalid_cursor"


class PermissionRefused(RecognitionError):
    code = "permission_denied"
    status = 403
    title = "Not allowed"


class ProofRequired(RecognitionError):
    """A session of which it was long ago that its user showed who they are."""

    code = "proof_required"
    status = 403
    title = "Confirm it is you"


class InvitationInvalid(RecognitionError):
    code = "invitation_invalid"
    status = 410
    title = "This link does not work any more"


class InvalidKey(RecognitionError):
    code = "invalid_key"
    status = 401
    title = "Not signed in"


class IdempotencyInProgress(Conflict):
    """The first request with the same key still runs."""

    code = "idempotency_in_progress"
    retryable = True


class IdempotencyKeyReused(RecognitionError):
    code = "idempotency_key_reused"
    status = 422
    title = "The key belongs to another request"


class PreconditionFailed(RecognitionError):
    """An attempt to change something that is not as the caller last saw it."""

    code = "precondition_failed"
    status = 412
    title = "It has changed meanwhile"


class TooManyRequests(RecognitionError):
    code = "throttled"
    status = 429
    title = "Too many requests"
    retryable = True

    def __init__(self, detail: str, retry_after: int) -> None:
        super().__init__(detail)
        self.retry_after = retry_after


# Parts of the service that are not there at present.


class DatabaseUnavailable(RecognitionError):
    code = "database_unavailable"
    status = 503
    retryable = True
    title = "The database does not answer"


class DatabaseDamaged(DatabaseUnavailable):
    code = "database_damaged"
    retry_after = 300
    title = "The database is damaged"


class StorageUnavailable(RecognitionError):
    """The store of images cannot be read or written."""

    code = "storage_unavailable"
    status = 503
    retryable = True
    retry_after = 30
    title = "Images cannot be stored"


class StorageFull(RecognitionError):
    code = "storage_full"
    status = 507
    retryable = True
    retry_after = 300
    title = "There is no room left"


class CacheUnavailable(RecognitionError):
    code = "cache_unavailable"
    status = 503
    retryable = True
    title = "The cache does not answer"


# What is not there, or not the caller's to see.


class GalleryNotFound(NotFound):
    code = "gallery_not_found"


class CategoryNotFound(NotFound):
    code = "category_not_found"


class ReferenceNotFound(NotFound):
    code = "reference_not_found"


class PromptNotFound(NotFound):
    code = "prompt_not_found"


class QueryNotFound(NotFound):
    code = "query_not_found"


class NegativeNotFound(NotFound):
    code = "negative_not_found"


class JobNotFound(NotFound):
    code = "job_not_found"


class EvaluationNotFound(NotFound):
    code = "evaluation_not_found"


class WebhookNotFound(NotFound):
    code = "webhook_not_found"


class ApiKeyNotFound(NotFound):
    code = "api_key_not_found"


class EncoderChangeNotFound(NotFound):
    code = "encoder_change_not_found"


# What a gallery, as it is, does not allow.


class AlreadyExists(Conflict):
    code = "already_exists"


class QuotaExceeded(Conflict):
    """A gallery or a user holds as much as the operator lets it."""

    code = "quota_exceeded"
    title = "There is no room for more"


class EmptyCategory(Conflict):
    """A category with nothing to compare with."""

    code = "category_empty"


class AlreadyApproved(Conflict):
    """A reference that no longer waits was to be rejected."""

    code = "already_approved"


# An image that cannot be used.


class ImageError(InvalidInput):
    """An upload that is not a usable image."""

    code = "invalid_image"
    title = "The image cannot be used"


class EmptyImage(ImageError):
    code = "image_empty"


class ImageTooLarge(ImageError):
    code = "image_too_large"
    status = 413


class TooManyPixels(ImageError):
    code = "image_too_many_pixels"
    status = 413


class UnsupportedImage(ImageError):
    code = "image_unsupported"
    status = 415


class DamagedImage(ImageError):
    code = "image_damaged"


class InvalidBox(InvalidInput):
    """A box that is none, or that lies outside of its image."""

    code = "invalid_box"


class RegionsUnsupported(InvalidInput):
    """All regions were asked for of what finds none by itself."""

    code = "regions_unsupported"


class ImageNotKept(Conflict):
    """A query whose image its gallery did not keep, or keeps no longer."""

    code = "image_not_kept"


class ImageLost(Conflict):
    """An image that was kept cannot be read any more."""

    code = "image_lost"


# An archive that cannot be used, or a file in it.


class ArchiveError(InvalidInput):
    """An upload that is not a usable archive."""

    code = "invalid_archive"
    title = "The archive cannot be used"


class UnsupportedArchive(ArchiveError):
    code = "archive_unsupported"
    status = 415


class DamagedArchive(ArchiveError):
    code = "archive_damaged"


class ArchiveTooLarge(ArchiveError):
    code = "archive_too_large"
    status = 413


class ArchiveBomb(ArchiveError):
    """An archive that unpacks to far more than it is."""

    code = "archive_bomb"
    status = 413


class TooManyEntries(ArchiveError):
    code = "archive_too_many_entries"
    status = 413


class InvalidManifest(ArchiveError):
    code = "invalid_manifest"


class InvalidBundle(ArchiveError):
    """An archive that is not a gallery's bundle, or not a whole one."""

    code = "invalid_bundle"


class ArchiveEntryError(ArchiveError):
    """One file of an archive that cannot be used; the others can."""

    code = "invalid_entry"


class UnsafePath(ArchiveEntryError):
    code = "path_unsafe"


class NotAFile(ArchiveEntryError):
    code = "entry_not_a_file"


class UnsupportedEntry(ArchiveEntryError):
    code = "entry_unsupported"


class DamagedEntry(ArchiveEntryError):
    code = "entry_damaged"


class EntryTooLarge(ArchiveEntryError):
    code = "entry_too_large"
    status = 413


# Encoders, their vectors and the index of these.


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


class WeightsDamaged(WeightsUnavailable):
    """The encoder's files, or what it makes, are not what they were when it was prepared."""

    code = "encoder_weights_damaged"
    retry_after = 60
    title = "The encoder is damaged"


class NotPrepared(WeightsUnavailable):
    """The encoder could be had, but nobody has prepared it on this machine yet."""

    code = "encoder_not_prepared"
    retry_after = 30


class GalleryNotFitted(RecognitionError):
    """A large gallery of which nobody has learnt yet what a chance similarity looks like in it."""

    code = "gallery_not_fitted"
    status = 503
    title = "The gallery is not ready yet"
    retryable = True
    retry_after = 30


class EngineUnavailable(EncoderError):
    """The engine that was asked for cannot run the encoder."""

    code = "encoder_engine_unavailable"


class RemoteUnavailable(EncoderError):
    """The server that runs the encoder does not answer, or answers that it cannot."""

    code = "encoder_remote_unavailable"
    retryable = True


class TextsUnsupported(InvalidInput):
    """A text for an encoder that embeds images alone."""

    code = "texts_unsupported"
    status = 422
    title = "This encoder reads no texts"


class NoRegion(InvalidInput):
    """An image in which the gallery's domain finds nothing to look at."""

    code = "no_region"
    status = 422
    title = "There is nothing to look at in this image"


class NoFace(NoRegion):
    code = "no_face"
    title = "No face was found"


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


# An address that is not told of events.


class InvalidWebhook(InvalidInput):
    """An address that events cannot be sent to, or events that there are none of."""

    code = "invalid_webhook"


class AddressRefused(InvalidWebhook):
    """An address inside this network, which the service does not call for others."""

    code = "webhook_address_refused"


# What a worker does, and cannot do.


class NothingToEvaluate(Conflict):
    """An attempt to measure how well something is recognised of which there is too little."""

    code = "nothing_to_evaluate"


class WorkerLost(RecognitionError):
    """The worker died whenever it came to this work."""

    code = "worker_lost"


class JobFinished(Conflict):
    """An attempt to cancel a job that has ended."""

    code = "job_finished"


class JobNotPlanned(Conflict):
    """An attempt to confirm a job without a plan that waits."""

    code = "job_not_planned"


class JobNotUndoable(Conflict):
    """An attempt to take back a job that has enrolled nothing, or may still enrol."""

    code = "job_not_undoable"


class NothingToEnrol(Conflict):
    """An archive without a file that could be enrolled."""

    code = "nothing_to_enrol"


class NothingEnrolled(Conflict):
    """An import of which every row failed."""

    code = "nothing_enrolled"
