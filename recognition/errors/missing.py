"""What is not there, or not the caller's to see."""

from __future__ import annotations

from recognition.errors.base import NotFound


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
